import { setTimeout as sleep } from "node:timers/promises";
import { atMost, NONE } from "../lab/limit.ts";
import { startLoad } from "../lab/load.ts";
import { ONCE, once } from "../lab/once.ts";
import { isAlive, pageStatus } from "../lab/pages.ts";
import { scenario } from "../lab/scenario.ts";
import { settled } from "../lab/settle.ts";
import { openStand } from "../lab/stand.ts";
import { SEND } from "../lab/watch.ts";

/** The socket stays, and every new connection is refused: proof that nothing was sent. */
export const unreachable = scenario({
  id: "F33",
  faults: ["F33"],
  promise: "P3 P7",
  title: "connections for requests are refused while the socket stays open",
  asked: { ...ONCE, "last answer after they are taken again": atMost(90, "s") },
  async run(lab) {
    const stand = await openStand(lab, { customers: 5, level: "warn" });
    await stand.start();
    const load = startLoad(stand, { perSecond: 4 });
    await sleep(2_000);
    await stand.proxy.close();
    // Idle connections are taken away between requests: what is under way may end.
    for (const passage of stand.proxy.passages()) if (!passage.isSocket()) passage.drop("both");
    await sleep(lab.size(60_000, 8_000));
    await stand.proxy.reopen();
    const openAt = Date.now();
    load.stop();
    const found = await settled(stand, { quietMs: 40_000 });
    const last = Math.max(...stand.said().map(({ at }) => at));
    return {
      extent: `${found.asked} messages`,
      reached: { ...once(found), "last answer after they are taken again": (last - openAt) / 1_000 },
    };
  },
});

const SLOW_MS = 30_000;
const PARALLEL = 4;

/** The gateway takes 30 s for every answer, and does in the end what it was asked to. */
export const slow = scenario({
  id: "F38",
  faults: ["F38"],
  promise: "P3 P9",
  title: "the gateway takes 30 s for each request",
  asked: { "requests under way at the same time": atMost(PARALLEL), ...ONCE },
  async run(lab) {
    const stand = await openStand(lab, { customers: 8, level: "warn" });
    await stand.start();
    // Once its body has been read, the request is carried out although nobody waits for the answer any more.
    stand.sandbox.faults.add({ kind: "slow", ms: SLOW_MS, match: { ...SEND, body: /re q/ }, times: lab.size(24, 6) });
    let most = 0;
    let underWay = 0;
    stand.sandbox.on((change) => {
      if (change.kind === "fault") underWay += 1;
      most = Math.max(most, underWay);
      // The bot gives up after 10 s; then the place is free.
      if (change.kind === "fault") setTimeout(() => (underWay -= 1), 9_900).unref();
    });
    await startLoad(stand, { perSecond: 20, most: lab.size(24, 6) }).done;
    const found = await settled(stand, { quietMs: 60_000, limitMs: 600_000 });
    return {
      extent: `${found.asked} messages`,
      reached: { "requests under way at the same time": most, ...once(found) },
    };
  },
});

/** Neither the gateway nor the CRM is there: a restart would help nobody. */
export const alone = scenario({
  id: "P15",
  faults: ["P15", "F67"],
  promise: "P15",
  title: "gateway and CRM are both away",
  long: true,
  asked: { "/healthz answers other than 200": NONE, "/readyz answers other than 200": NONE, restarts: NONE, ...ONCE },
  async run(lab) {
    const awayMs = lab.size(600_000, 6_000);
    const stand = await openStand(lab, { customers: 3, level: "warn" });
    const bot = await stand.start();
    stand.sandbox.customerSays("before", { customer: stand.customers[0] ?? 0 });
    await settled(stand);
    await Promise.all([stand.sandbox.down("gateway"), stand.sandbox.down("crm")]);
    let unhealthy = 0;
    let unready = 0;
    for (const endsAt = Date.now() + awayMs; Date.now() < endsAt; await sleep(500)) {
      unhealthy += Number((await pageStatus(bot, "/healthz")) !== 200);
      unready += Number((await pageStatus(bot, "/readyz")) !== 200);
    }
    stand.sandbox.customerSays("meanwhile", { customer: stand.customers[0] ?? 0 });
    await Promise.all([stand.sandbox.up("gateway"), stand.sandbox.up("crm")]);
    await stand.listening(60_000);
    stand.sandbox.customerSays("after", { customer: stand.customers[0] ?? 0 });
    return {
      extent: `${awayMs / 1_000} s`,
      reached: {
        "/healthz answers other than 200": unhealthy,
        "/readyz answers other than 200": unready,
        restarts: isAlive(bot) ? 0 : 1,
        ...once(await settled(stand)),
      },
    };
  },
});

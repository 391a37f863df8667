import { setTimeout as sleep } from "node:timers/promises";
import { atMost, NONE } from "../lab/limit.ts";
import { ONCE, once } from "../lab/once.ts";
import { isAlive } from "../lab/pages.ts";
import { scenario } from "../lab/scenario.ts";
import { settled } from "../lab/settle.ts";
import { openStand, type Stand } from "../lab/stand.ts";
import { isUpgrade, type Sighting, watch } from "../lab/watch.ts";

const MODULE = "/api/v5/integration-modules/rulebot";

/** Somebody renews the bot's token: the old one is worthless from that moment on. */
export const renewed = scenario({
  id: "F6",
  faults: ["F6"],
  promise: "P20",
  title: "the bot's token is renewed in the CRM",
  asked: { "healed within": atMost(10, "s"), "requests to the CRM": atMost(1), ...ONCE },
  async run(lab) {
    const rounds = lab.size(5, 1);
    const stand = await openStand(lab, { level: "warn" });
    await stand.start();
    let slowestMs = 0;
    let most = 0;
    for (let round = 1; round <= rounds; round++) {
      await renewToken(stand);
      const asked = watch(stand.sandbox, ({ kind }) => kind === "request");
      const beganAt = Date.now();
      await stand.sandbox.waitFor(({ kind }) => kind === "socket_opened", 60_000);
      slowestMs = Math.max(slowestMs, Date.now() - beganAt);
      most = Math.max(most, requestsTo(asked, MODULE));
      stand.sandbox.customerSays(`q${round}`, { customer: stand.customers[0] ?? 0 });
      await settled(stand);
    }
    return {
      extent: `${rounds} renewals`,
      reached: {
        "healed within": slowestMs / 1_000,
        "requests to the CRM": most,
        ...once(await settled(stand)),
      },
    };
  },
});

const requestsTo = (seen: readonly Sighting[], path: string) =>
  seen.filter(({ change }) => "request" in change && change.request.path.startsWith(path)).length;

/** As another program would: an edit of the module that asks for a new token. */
async function renewToken({ sandbox }: Stand): Promise<void> {
  const module = { code: "rulebot", integrations: { mgBot: { refreshToken: true } } };
  const answer = await fetch(`${sandbox.crmUrl}${MODULE}/edit`, {
    method: "POST",
    headers: { "X-API-KEY": sandbox.apiKey },
    body: new URLSearchParams({ integrationModule: JSON.stringify(module) }),
  });
  if (!answer.ok) throw new Error(`the token was not renewed: ${await answer.text()}`);
}

const QUARTER_MS = 15 * 60_000;
const TIMES = 240;

/** The gateway refuses the token for hours, and the CRM has no other. On a clock that runs 240 times as fast. */
export const hopeless = scenario({
  id: "F6.2",
  faults: ["F6"],
  promise: "P20 P15",
  title: "the gateway refuses the token for four hours",
  asked: {
    "tries of the socket in any quarter of an hour": atMost(1),
    restarts: NONE,
    "healed within": atMost(960, "s"),
  },
  async run(lab) {
    const hours = lab.size(4, 1);
    const speed = { originMs: Date.now(), times: TIMES };
    const stand = await openStand(lab, { level: "warn", speed });
    const bot = await stand.start();
    await sleep(500);
    stand.sandbox.faults.add({ kind: "status", status: 401, match: { server: "gateway" }, times: null });
    const tries = watch(stand.sandbox, isUpgrade);
    stand.sandbox.disconnectSockets({ code: 1000 });
    await sleep((hours * 3_600_000) / TIMES);
    const moments = tries.map(({ change }) => ("request" in change ? change.request.at : 0));
    stand.sandbox.faults.clear();
    const healedAt = Date.now();
    await stand.listening();
    return {
      extent: `${hours} hours, ${moments.length} tries`,
      reached: {
        // The first one is how the bot learns of it.
        "tries of the socket in any quarter of an hour": mostWithin(moments.slice(1), QUARTER_MS),
        restarts: isAlive(bot) ? 0 : 1,
        "healed within": ((Date.now() - healedAt) * TIMES) / 1_000,
      },
    };
  },
});

const mostWithin = (moments: readonly number[], spanMs: number): number =>
  Math.max(0, ...moments.map((from) => moments.filter((at) => at >= from && at < from + spanMs).length));

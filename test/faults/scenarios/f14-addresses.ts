import { setTimeout as sleep } from "node:timers/promises";
import type { Bot } from "../../e2e/bot.ts";
import { inParallel, longest, sum } from "../lab/in-parallel.ts";
import { atLeast, atMost, NONE } from "../lab/limit.ts";
import { startLoad } from "../lab/load.ts";
import { ONCE, once } from "../lab/once.ts";
import { isAlive } from "../lab/pages.ts";
import { startProxy } from "../lab/proxy.ts";
import { type Lab, scenario } from "../lab/scenario.ts";
import { settled } from "../lab/settle.ts";
import { openStand } from "../lab/stand.ts";
import { startUntrusted } from "../lab/tls.ts";

/** The module is looked at every five minutes: that is how the bot learns of another address, where the CRM shows it. */
const TIMES = 20;
const SHOWN = { moduleShowsEndpoint: true };
const WARN_LEVEL = 40;

/** The gateway's address leads nowhere, or to somebody who can't prove to be the gateway. */
export const wrongAddress = scenario({
  id: "F14",
  faults: ["F14"],
  promise: "P14 P15",
  title: "the gateway's name can't be resolved; its certificate can't be trusted",
  asked: {
    "words spoken to an untrusted server": NONE,
    "tries at the untrusted server": atLeast(1),
    "troubles not told in the log": NONE,
    restarts: NONE,
    "healed within": atMost(330, "s"),
  },
  async run(lab) {
    const server = await startUntrusted(lab);
    const runs = await inParallel(2, (at) => lead(lab, at === 0 ? server.url : "http://no-such-host.invalid:8080"));
    return {
      extent: "2 addresses",
      reached: {
        "words spoken to an untrusted server": server.trusted(),
        "tries at the untrusted server": server.tried(),
        "troubles not told in the log": sum(runs.map(({ isTold }) => Number(!isTold))),
        restarts: sum(runs.map(({ bot }) => Number(!isAlive(bot)))),
        "healed within": longest(runs.map(({ healedMs }) => healedMs)),
      },
    };
  },
});

/** Starts the bot with a wrong address, and puts it right after a while. */
async function lead(lab: Lab, url: string): Promise<{ bot: Bot; isTold: boolean; healedMs: number | null }> {
  const stand = await openStand(lab, { behaviour: SHOWN, speed: { originMs: Date.now(), times: TIMES } });
  stand.sandbox.moveGateway(url);
  const bot = await stand.launch();
  const isTold = await isSoon(bot.logged(({ level }) => Number(level) >= WARN_LEVEL));
  stand.sandbox.moveGateway(stand.proxy.url);
  const healedAt = Date.now();
  const isHealed = await isSoon(stand.listening(60_000));
  return { bot, isTold, healedMs: isHealed ? (Date.now() - healedAt) * TIMES : null };
}

/** Whether it came before its time was over. */
const isSoon = (task: Promise<unknown>): Promise<boolean> =>
  task.then(
    () => true,
    () => false,
  );

/** The account moves to another gateway host while customers write. */
export const moved = scenario({
  id: "F15",
  faults: ["F15"],
  promise: "P3 P21",
  title: "the gateway moves to another address",
  asked: { "moved within": atMost(330, "s"), "requests to the old address afterwards": NONE, ...ONCE },
  async run(lab) {
    const speed = { originMs: Date.now(), times: TIMES };
    const stand = await openStand(lab, { customers: 5, level: "warn", behaviour: SHOWN, speed });
    await stand.start();
    const load = startLoad(stand, { perSecond: 4 });
    await sleep(2_000);
    const next = await startProxy(Number(new URL(stand.sandbox.gatewayUrl).port));
    lab.onTestFinished(() => next.stop());
    const movedAt = Date.now();
    stand.sandbox.moveGateway(next.url);
    while (next.sockets().length === 0 && Date.now() < movedAt + 60_000) await sleep(50);
    const tookMs = next.sockets().length === 0 ? null : Date.now() - movedAt;
    // The old socket, and requests under way, end by now.
    await sleep(2_000);
    const before = stand.proxy.arrivals.length;
    await sleep(lab.size(10_000, 3_000));
    load.stop();
    const found = await settled(stand);
    return {
      extent: `${found.asked} messages`,
      reached: {
        "moved within": tookMs === null ? null : (tookMs * TIMES) / 1_000,
        "requests to the old address afterwards": stand.proxy.arrivals.length - before + stand.proxy.sockets().length,
        ...once(found),
      },
    };
  },
});

const HOUR_MS = 3_600_000;

/** The bot's own clock is wrong. */
export const wrongClock = scenario({
  id: "F14.2",
  faults: ["F14", "F56"],
  promise: "P24",
  title: "the bot's clock is two hours slow",
  asked: { ...ONCE, restarts: NONE },
  async run(lab) {
    const stand = await openStand(lab, { customers: 20, level: "warn", wrongByMs: -2 * HOUR_MS });
    const bot = await stand.start();
    await startLoad(stand, { perSecond: 10, most: lab.size(300, 30) }).done;
    const found = await settled(stand);
    return { extent: `${found.asked} messages`, reached: { ...once(found), restarts: isAlive(bot) ? 0 : 1 } };
  },
});

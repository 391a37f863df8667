import { setTimeout as sleep } from "node:timers/promises";
import { inParallel, sum } from "../lab/in-parallel.ts";
import { NONE } from "../lab/limit.ts";
import { startLoad } from "../lab/load.ts";
import { ONCE, onceInAll } from "../lab/once.ts";
import { type Lab, scenario } from "../lab/scenario.ts";
import { settled } from "../lab/settle.ts";
import { openStand } from "../lab/stand.ts";
import { watch } from "../lab/watch.ts";

/** A day with a stall of 2 s every five minutes has 288 of them; they come one after another here, spread over several bots. */
const BOTS = 12;
const SHORT_STALLS = 24;
const SHORT_MS = 2_000;
const LONG_MS = 20_000;

/** The process is stopped and goes on later, as when the machine is starved: the socket is fine, only we were away. */
export const stalls = scenario({
  id: "F13",
  faults: ["F13"],
  promise: "P5",
  title: "the process stalls: 288 times for 2 s, 12 times for 20 s (SIGSTOP, SIGCONT)",
  long: true,
  asked: { "healthy sockets given up": NONE, ...ONCE },
  async run(lab) {
    const runs = await inParallel(lab.size(BOTS, 1), () => stall(lab));
    return {
      extent: `${sum(runs.map(({ count }) => count))} stalls, ${sum(runs.map(({ found }) => found.asked))} messages`,
      reached: {
        "healthy sockets given up": sum(runs.map(({ lost }) => lost)),
        ...onceInAll(runs.map(({ found }) => found)),
      },
    };
  },
});

async function stall(lab: Lab) {
  const stand = await openStand(lab, { customers: 3, level: "warn" });
  const bot = await stand.start();
  const closed = watch(stand.sandbox, ({ kind }) => kind === "socket_closed");
  const load = startLoad(stand, { perSecond: 1 });
  const spans = [...Array.from({ length: lab.size(SHORT_STALLS, 1) }, () => SHORT_MS), LONG_MS];
  for (const ms of lab.random.shuffled(spans)) {
    await sleep(lab.random.between(1_000, 5_000));
    bot.signal("SIGSTOP");
    await sleep(ms);
    bot.signal("SIGCONT");
  }
  await sleep(12_000);
  load.stop();
  return { count: spans.length, lost: closed.length, found: await settled(stand) };
}

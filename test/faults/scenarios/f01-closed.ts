import { setTimeout as sleep } from "node:timers/promises";
import { inParallel, longest, shortest, sum } from "../lab/in-parallel.ts";
import { atLeast, atMost, NONE } from "../lab/limit.ts";
import { startLoad } from "../lab/load.ts";
import { ONCE, onceInAll } from "../lab/once.ts";
import { type Lab, scenario } from "../lab/scenario.ts";
import { settled } from "../lab/settle.ts";
import { openStand } from "../lab/stand.ts";

const CODES = [1000, 1001, 1012] as const;
const ERROR_LEVEL = 50;

export const closed = scenario({
  id: "F1",
  faults: ["F1"],
  promise: "P2 P6",
  title: "the gateway closes the socket in good order (1000, 1001, 1012) while customers write",
  alone: true,
  asked: {
    "back within": atMost(5.5, "s"),
    "not back before": atLeast(0.5, "s"),
    "log lines of level error": NONE,
    ...ONCE,
  },
  async run(lab) {
    const runs = await inParallel(lab.size(9, 1), (at) => closeOnce(lab, CODES[at % CODES.length] ?? 1000));
    return {
      extent: `${runs.length} sockets, ${sum(runs.map(({ found }) => found.asked))} messages`,
      reached: {
        "back within": longest(runs.map(({ backMs }) => backMs)),
        "not back before": shortest(runs.map(({ backMs }) => backMs)),
        "log lines of level error": sum(runs.map(({ errors }) => errors)),
        ...onceInAll(runs.map(({ found }) => found)),
      },
    };
  },
});

async function closeOnce(lab: Lab, code: number) {
  const stand = await openStand(lab, { customers: 3 });
  const bot = await stand.start();
  const load = startLoad(stand, { perSecond: 5 });
  await sleep(lab.random.between(500, 3_000));
  const back = stand.sandbox.waitFor(({ kind }) => kind === "socket_opened", 30_000);
  const closedAt = Date.now();
  stand.sandbox.disconnectSockets({ code });
  await back;
  const backMs = Date.now() - closedAt;
  await sleep(1_000);
  load.stop();
  const found = await settled(stand);
  return { backMs, found, errors: bot.logs.filter(({ level }) => Number(level) >= ERROR_LEVEL).length };
}

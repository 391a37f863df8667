import { setTimeout as sleep } from "node:timers/promises";
import { saveRoot } from "../lab/broken-files.ts";
import { configOf } from "../lab/config.ts";
import { atMost, NONE } from "../lab/limit.ts";
import { startLoad } from "../lab/load.ts";
import { ONCE, once } from "../lab/once.ts";
import { isAlive } from "../lab/pages.ts";
import { residentMb } from "../lab/process.ts";
import { scenario } from "../lab/scenario.ts";
import { settled } from "../lab/settle.ts";
import { openStand, type Stand } from "../lab/stand.ts";

const CHATS = 20_000;
const PER_SECOND = 25;
const MOST_OPEN = 100;
/** A socket that is cut so often waits up to half a minute each time: on a clock that is five times as fast, six seconds. */
const TIMES = 5;
const FILES = { level: "warn", bot: "answer_within: 1d" };

/** Ever new customers, reconnects and reloads: what each of them leaves behind would add up. */
export const memory = scenario({
  id: "P12",
  faults: ["P12"],
  promise: "P12",
  title: "20,000 new chats, 100 reloads, 100 reconnects",
  long: true,
  asked: {
    "memory at the end, against after a fifth": atMost(110, "%"),
    "memory at the end": atMost(400, "MB"),
    restarts: NONE,
    ...ONCE,
  },
  async run(lab) {
    const chats = lab.size(CHATS, 200);
    const speed = { originMs: Date.now(), times: TIMES };
    const stand = await openStand(lab, { ...FILES, customers: chats, speed });
    const bot = await stand.start();
    const load = startLoad(stand, { perSecond: PER_SECOND, most: chats, mostOpen: MOST_OPEN });
    const disturbing = disturb(stand, lab.size(100, 2), (part) => load.count() >= part * chats);
    const early = await peakUntil(bot.pid, () => load.count() >= chats / 5);
    await load.done;
    await disturbing;
    const found = await settled(stand);
    const late = await peakUntil(bot.pid, after(10_000));
    return {
      extent: `${found.asked} chats, ${early} MB, then ${late} MB`,
      reached: {
        "memory at the end, against after a fifth": Math.round((late / early) * 100),
        "memory at the end": late,
        restarts: isAlive(bot) ? 0 : 1,
        ...once(found),
      },
    };
  },
});

/** Evenly over the load: `isPast` says whether so much of it (0 to 1) has been written. */
async function disturb({ sandbox, folder }: Stand, times: number, isPast: (part: number) => boolean): Promise<void> {
  for (let at = 1; at <= times; at++) {
    while (!isPast(at / times)) await sleep(50);
    sandbox.disconnectSockets({ abrupt: true });
    await saveRoot(folder, `${configOf(FILES)}\n# ${at}\n`);
  }
}

const after = (ms: number) => {
  const endsAt = Date.now() + ms;
  return () => Date.now() > endsAt;
};

/** The most memory (MB) of the last ten seconds before it is so: a single look would meet the collector's chance. */
async function peakUntil(pid: number, isSo: () => boolean): Promise<number> {
  const looks: number[] = [];
  while (!isSo()) {
    looks.push(residentMb(pid) ?? 0);
    await sleep(200);
  }
  return Math.max(...looks.slice(-50));
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { audit, type Pairing, type Said } from "../lab/audit.ts";
import { atMost, exactly, NONE } from "../lab/limit.ts";
import { startLoad } from "../lab/load.ts";
import { ONCE, once } from "../lab/once.ts";
import { isAlive } from "../lab/pages.ts";
import { residentMb } from "../lab/process.ts";
import { scenario } from "../lab/scenario.ts";
import { openStand } from "../lab/stand.ts";

const FLOOD = 10_000;
const FLOOD_MS = 60_000;
const SPAN_MS = 10_000;

/** One customer writes 10,000 messages in a minute while others write as usual. */
export const flood = scenario({
  id: "F27",
  faults: ["F27"],
  promise: "P4 P12",
  title: "one customer floods the bot",
  alone: true,
  asked: {
    "answers to the flooder in 10 s": atMost(20),
    "notes to the staff": exactly(1),
    "time to answer the others (p95), beyond what it was": atMost(200, "ms"),
    "memory at the end": atMost(400, "MB"),
    restarts: NONE,
    ...ONCE,
  },
  async run(lab) {
    const stand = await openStand(lab, { customers: 11, level: "warn", requestsPerSecond: 40 });
    const bot = await stand.start();
    const [flooder = 0, ...others] = stand.customers;
    const calm = { ...stand, customers: others };
    const load = startLoad(calm, { perSecond: 4 });
    await sleep(lab.size(20_000, 4_000));
    const before = audit(stand.said()).latencyMs.p95;
    const floodAt = Date.now();
    const flooding = startLoad(
      { ...stand, customers: [flooder] },
      { perSecond: FLOOD / (FLOOD_MS / 1_000), most: lab.size(FLOOD, 600), text: (n) => `flood ${n}` },
    );
    await flooding.done;
    const endedAt = Date.now();
    await sleep(lab.size(30_000, 5_000));
    load.stop();
    await sleep(5_000);
    const said = stand.said();
    const during = audit(
      said.filter(({ by, at }) => by === "bot" || (at >= floodAt && at <= endedAt)),
      OTHERS,
    );
    const chat = said.find(({ content }) => content === "flood 1")?.chatId;
    return {
      extent: `${flooding.count()} messages of one customer, ${during.asked} of others`,
      reached: {
        "answers to the flooder in 10 s": mostWithin(said.filter(({ content }) => content.startsWith("re flood"))),
        "notes to the staff": notesIn(stand.sandbox, chat),
        "time to answer the others (p95), beyond what it was": during.latencyMs.p95 - before,
        "memory at the end": residentMb(bot.pid),
        restarts: isAlive(bot) ? 0 : 1,
        ...once(audit(said, OTHERS)),
      },
    };
  },
});

const OTHERS: Pairing = {
  asks: ({ content }) => (content.startsWith("flood") ? null : content),
  answers: ({ content }) => (content.startsWith("re flood") ? null : content.slice(3)),
};

const mostWithin = (answers: readonly Said[]): number =>
  Math.max(0, ...answers.map((first) => answers.filter(({ at }) => at >= first.at && at < first.at + SPAN_MS).length));

function notesIn({ world }: Sandbox, chat: number | undefined): number {
  const all = [...world.messages.values()];
  return all.filter((row) => row.scope === "private" && row.from?.type === "bot" && row.chatId === chat).length;
}

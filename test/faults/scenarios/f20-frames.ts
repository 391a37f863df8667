import { setTimeout as sleep } from "node:timers/promises";
import type { Bot } from "../../e2e/bot.ts";
import { LARGE_FRAMES, ODD_FRAMES, type OddFrame } from "../lab/frames.ts";
import { atMost, exactly, NONE } from "../lab/limit.ts";
import { ONCE, once } from "../lab/once.ts";
import { isAlive } from "../lab/pages.ts";
import { scenario } from "../lab/scenario.ts";
import { settled } from "../lab/settle.ts";
import { openStand, type Stand } from "../lab/stand.ts";
import { watch } from "../lab/watch.ts";

const unreadIn = ({ logs }: Bot) => logs.filter(({ msg }) => msg === "a frame could not be read").length;

/** Several, so that no chat comes near its limit of answers in a minute. */
const CHATS = 20;

/** Each odd frame is followed at once by a customer's message on the same socket. */
export const oddFrames = scenario({
  id: "F20",
  faults: ["F20", "F21", "F22"],
  promise: "P13",
  title: "frames that are malformed, incomplete or unknown, each followed by a good one",
  alone: true,
  asked: {
    "next message answered within": atMost(100, "ms"),
    "frames told wrongly from events": NONE,
    restarts: NONE,
    "sockets lost": NONE,
    ...ONCE,
  },
  async run(lab) {
    const stand = await openStand(lab, { customers: CHATS });
    const bot = await stand.start();
    for (let at = 0; at < CHATS; at++) await ask(stand, `warm ${at}`, at);
    const closed = watch(stand.sandbox, ({ kind }) => kind === "socket_closed");
    const rounds = lab.size(10, 1);
    let miscounted = 0;
    let asked = 0;
    for (let round = 0; round < rounds; round++) {
      for (const { name, frame, readable } of lab.random.shuffled(ODD_FRAMES)) {
        const beganAt = performance.now();
        const before = unreadIn(bot);
        stand.sandbox.sendFrame(frame);
        asked += 1;
        await ask(stand, `q${asked}`, asked);
        const ms = Math.round(performance.now() - beganAt);
        miscounted += Number(unreadIn(bot) - before !== (readable ? 0 : 1));
        lab.tell(`${ms} ms after ${name}${unreadIn(bot) === before ? "" : ", which could not be read"}`);
      }
    }
    const found = await settled(stand);
    return {
      extent: `${rounds * ODD_FRAMES.length} odd frames of ${ODD_FRAMES.length} kinds`,
      reached: {
        "next message answered within": found.latencyMs.most,
        "frames told wrongly from events": miscounted,
        restarts: isAlive(bot) ? 0 : 1,
        "sockets lost": closed.length,
        ...once(found),
      },
    };
  },
});

/** Too large for the socket, or not even a frame: it ends, and a new one opens. */
export const largeFrames = scenario({
  id: "F16",
  faults: ["F16", "F2"],
  promise: "P13 P2",
  title: "frames of 5 MB and 101 MB, a compressed one, a broken one, a reset in the middle of one",
  asked: {
    "sockets ended": exactly(5),
    // The fifth loss in a minute waits up to 16 s (reliability.md D6).
    "back within": atMost(20, "s"),
    restarts: NONE,
    "answers lost after it is back": NONE,
    "messages of the broken frame lost": NONE,
  },
  async run(lab) {
    const stand = await openStand(lab, { customers: 1, level: "warn" });
    const bot = await stand.start();
    const closed = watch(stand.sandbox, ({ kind }) => kind === "socket_closed");
    const spans: number[] = [];
    for (const strike of STRIKES) {
      const back = stand.sandbox.waitFor(({ kind }) => kind === "socket_opened", 60_000);
      strike(stand);
      const beganAt = Date.now();
      await back;
      spans.push(Date.now() - beganAt);
      await ask(stand, `after${spans.length}`, 0);
    }
    const found = await settled(stand);
    const lost = found.lost.filter(({ content }) => content.startsWith("after"));
    return {
      extent: `${STRIKES.length} frames`,
      reached: {
        "sockets ended": closed.length,
        "back within": Math.max(...spans) / 1_000,
        restarts: isAlive(bot) ? 0 : 1,
        "answers lost after it is back": lost.length,
        "messages of the broken frame lost": found.lost.length - lost.length,
      },
    };
  },
});

/** Text frame, final, compressed, although nobody agreed to compression. */
const COMPRESSED = Uint8Array.from([0b1100_0001, 4, 1, 2, 3, 4]);
/** Reserved kind of frame. */
const BROKEN = Uint8Array.from([0b1000_0111, 0]);

const socketOf = ({ proxy }: Stand) => {
  const [passage] = proxy.sockets();
  if (passage === undefined) throw new Error("there is no socket to strike");
  return passage;
};
const sending =
  ({ frame }: OddFrame) =>
  (stand: Stand) =>
    stand.sandbox.sendFrame(frame);

const STRIKES: readonly ((stand: Stand) => void)[] = [
  ...LARGE_FRAMES.map(sending),
  (stand) => socketOf(stand).inject(COMPRESSED, "to_client"),
  (stand) => socketOf(stand).inject(BROKEN, "to_client"),
  (stand) => {
    socketOf(stand).cutAfter(200, "to_client");
    stand.sandbox.customerSays("in the broken frame");
  },
];

const ANSWERED_WITHIN_MS = 15_000;

/** A customer writes and waits for the answer; it may never come. */
async function ask({ sandbox, customers }: Stand, text: string, turn: number): Promise<void> {
  const answered = sandbox.waitFor(
    (change) => change.kind === "message" && change.message.content === `re ${text}`,
    ANSWERED_WITHIN_MS,
  );
  answered.catch(() => {});
  // The odd frame has left before: this one follows it on the same socket.
  await sleep(0);
  sandbox.customerSays(text, { customer: customers[turn % customers.length] ?? 0 });
  await answered.catch(() => null);
}

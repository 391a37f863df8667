import { createServer } from "node:net";
import type { Fault } from "../../../src/sandbox/index.ts";
import { inParallel, longest, shortest, sum } from "../lab/in-parallel.ts";
import { atLeast, atMost, NONE } from "../lab/limit.ts";
import { isAlive } from "../lab/pages.ts";
import { type Lab, scenario } from "../lab/scenario.ts";
import { openStand } from "../lab/stand.ts";
import { isUpgrade, UPGRADE, watch } from "../lab/watch.ts";

const RETRY_AFTER_S = 4;

/** Answers to the upgrade that are none, each given twice in a row. */
const answers = (elsewhere: string): readonly Omit<Fault, "match" | "times">[] => [
  ...[404, 409, 426, 502].map((status) => ({ kind: "status", status }) as const),
  { kind: "html" },
  { kind: "status", status: 301, headers: { location: elsewhere } },
  { kind: "status", status: 503, headers: { "retry-after": String(RETRY_AFTER_S) } },
  { kind: "close_before" },
  { kind: "reset_before" },
  { kind: "reset_after" },
];

export const oddUpgrades = scenario({
  id: "F7",
  faults: ["F7"],
  promise: "P6 P15",
  title: "the upgrade is answered with 404, 409, 426, 502, 503, a web page, a redirect, a cut",
  asked: {
    "back within": atMost(20, "s"),
    "waited when asked to by Retry-After": atLeast(RETRY_AFTER_S, "s"),
    "connections to where the redirect points": NONE,
    restarts: NONE,
  },
  async run(lab) {
    let elsewhere = 0;
    const other = createServer(() => {
      elsewhere += 1;
    }).listen(0, "127.0.0.1");
    lab.onTestFinished(async () => void other.close());
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const faults = answers(`http://127.0.0.1:${port}/api/bot/v1/ws`);
    const chosen = lab.short ? faults.slice(5, 7) : faults;
    const runs = await inParallel(chosen.length, (at) => answerTwice(lab, chosen[at] ?? { kind: "html" }));
    return {
      extent: `${chosen.length} kinds of answers, each twice`,
      reached: {
        "back within": longest(runs.map(({ backMs }) => backMs)),
        "waited when asked to by Retry-After": shortest(runs.flatMap(({ waitedMs }) => waitedMs)),
        "connections to where the redirect points": elsewhere,
        restarts: sum(runs.map(({ ended }) => Number(ended))),
      },
    };
  },
});

async function answerTwice(lab: Lab, fault: Omit<Fault, "match" | "times">) {
  const stand = await openStand(lab, { level: "warn" });
  const bot = await stand.start();
  stand.sandbox.faults.add({ ...fault, match: UPGRADE, times: 2 });
  const tries = watch(stand.sandbox, isUpgrade);
  const beganAt = Date.now();
  stand.sandbox.disconnectSockets({ abrupt: true });
  // `reset_after` opens a socket for a moment: the third try is the one that stays.
  while (tries.length < 3) await stand.sandbox.waitFor(isUpgrade, 60_000);
  await stand.listening();
  const [first, second, third] = tries.map(({ at }) => at);
  const asks = fault.status === 503;
  const pauses = [(second ?? 0) - (first ?? 0), (third ?? 0) - (second ?? 0)];
  return { backMs: Date.now() - beganAt, waitedMs: asks ? pauses : [], ended: !isAlive(bot) };
}

/** The handshake is taken, but never ends. */
export const handshake = scenario({
  id: "F8",
  faults: ["F8"],
  promise: "P5",
  title: "the handshake never finishes",
  asked: { "given up within": atMost(11, "s"), "next try after that": atMost(5, "s") },
  async run(lab) {
    const stand = await openStand(lab, { level: "warn" });
    await stand.start();
    stand.sandbox.faults.add({ kind: "hang", match: UPGRADE });
    const hanging = stand.sandbox.waitFor(({ kind }) => kind === "fault", 30_000);
    stand.sandbox.disconnectSockets({ abrupt: true });
    await hanging;
    const beganAt = Date.now();
    const [passage] = stand.proxy.sockets().slice(-1);
    const next = stand.sandbox.waitFor(isUpgrade, 30_000);
    while (passage?.clientLeftAt() === null) await new Promise((resolve) => setTimeout(resolve, 20));
    const leftAt = passage?.clientLeftAt() ?? null;
    await next;
    return {
      extent: "1 handshake",
      reached: {
        "given up within": leftAt === null ? null : (leftAt - beganAt) / 1_000,
        "next try after that": leftAt === null ? null : (Date.now() - leftAt) / 1_000,
      },
    };
  },
});

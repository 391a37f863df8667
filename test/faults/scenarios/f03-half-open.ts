import { setTimeout as sleep } from "node:timers/promises";
import type { Audit } from "../lab/audit.ts";
import { longest, sum } from "../lab/in-parallel.ts";
import { atMost, NONE } from "../lab/limit.ts";
import { startLoad } from "../lab/load.ts";
import { ONCE, onceInAll } from "../lab/once.ts";
import type { Passage } from "../lab/passage.ts";
import { type Lab, scenario } from "../lab/scenario.ts";
import { settled } from "../lab/settle.ts";
import { openStand } from "../lab/stand.ts";
import { isList, type Sighting, watch } from "../lab/watch.ts";

/** How the open socket loses its bytes while new connections pass, as when a router forgets an address. */
const KINDS = [
  { loss: "both", perSecond: 0 },
  { loss: "both", perSecond: 2 },
  { loss: "to_client", perSecond: 0 },
  { loss: "to_client", perSecond: 2 },
] as const;
const ROUNDS = 5;
const CHATS = 5;

/** One socket that went half-open. Spans in ms; null: it never came. */
interface Run {
  readonly foundMs: number | null;
  readonly backMs: number | null;
  readonly catchUpMs: number | null;
  readonly falseAlarms: number;
  readonly found: Audit;
}

export const halfOpen = scenario({
  id: "F3",
  faults: ["F3", "F4"],
  promise: "P5 P2",
  title: "the open socket loses everything, both ways and one way, idle and under load",
  asked: {
    "half-open socket found within": atMost(30, "s"),
    "new socket open after that": atMost(5, "s"),
    "catch-up begun after that": atMost(5, "s"),
    "sockets given up without need": NONE,
    ...ONCE,
  },
  async run(lab) {
    const rounds = lab.size(ROUNDS, 1);
    const kinds = lab.short ? KINDS.slice(1, 2) : KINDS;
    const runs = await Promise.all(
      kinds.flatMap((kind) => Array.from({ length: rounds }, () => loseSocket(lab, kind))),
    );
    return {
      extent: `${runs.length} sockets, ${sum(runs.map(({ found }) => found.asked))} messages`,
      reached: {
        "half-open socket found within": longest(runs.map(({ foundMs }) => foundMs)),
        "new socket open after that": longest(runs.map(({ backMs }) => backMs)),
        "catch-up begun after that": longest(runs.map(({ catchUpMs }) => catchUpMs)),
        "sockets given up without need": sum(runs.map(({ falseAlarms }) => falseAlarms)),
        ...onceInAll(runs.map(({ found }) => found)),
      },
    };
  },
});

const PATIENCE_MS = 60_000;
const CATCH_UP_MS = 8_000;

async function loseSocket(lab: Lab, { loss, perSecond }: (typeof KINDS)[number]): Promise<Run> {
  const stand = await openStand(lab, { customers: CHATS, level: "warn" });
  await stand.start();
  const load = startLoad(stand, { perSecond });
  await sleep(lab.random.between(2_000, lab.size(17_000, 4_000)));
  const [passage, ...others] = stand.proxy.sockets();
  if (passage === undefined) throw new Error("the socket had ended by itself");
  const opened = watch(stand.sandbox, ({ kind }) => kind === "socket_opened");
  const lists = watch(stand.sandbox, isList);
  const lostAt = Date.now();
  passage.drop(loss);
  stand.sandbox.customerSays("said into the hole", { customer: stand.customers[0] ?? 0 });
  const leftAt = await untilLeft(passage);
  const backAt = await first(opened, lostAt);
  const listedAt = backAt === null ? null : await first(lists, backAt, CATCH_UP_MS);
  load.stop();
  const found = await settled(stand);
  const since = (from: number | null, to: number | null) => (from === null || to === null ? null : to - from);
  return {
    foundMs: since(lostAt, leftAt),
    backMs: since(leftAt, backAt),
    catchUpMs: since(backAt, listedAt),
    falseAlarms: others.length + Math.max(0, opened.length - 1),
    found,
  };
}

async function untilLeft(passage: Passage): Promise<number | null> {
  const endsAt = Date.now() + PATIENCE_MS;
  while (passage.clientLeftAt() === null && Date.now() < endsAt) await sleep(20);
  return passage.clientLeftAt();
}

/** When the first of these was seen after a moment; null: not in time. */
async function first(sightings: readonly Sighting[], after: number, withinMs = PATIENCE_MS): Promise<number | null> {
  const endsAt = Date.now() + withinMs;
  for (;;) {
    const seen = sightings.find(({ at }) => at >= after);
    if (seen !== undefined) return seen.at;
    if (Date.now() > endsAt) return null;
    await sleep(20);
  }
}

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "../../../src/sandbox/index.ts";
import { type Audit, audit } from "../lab/audit.ts";
import { inParallel, longest, sum } from "../lab/in-parallel.ts";
import { ALL, atMost, NONE, percent } from "../lab/limit.ts";
import { ONCE, onceInAll } from "../lab/once.ts";
import type { Lab } from "../lab/scenario.ts";
import { type Scenario, scenario } from "../lab/scenario.ts";
import { settled } from "../lab/settle.ts";
import { openStand, STORAGE, type Stand, type StandOptions } from "../lab/stand.ts";
import { LIST } from "../lab/watch.ts";

/** What a list may look like: both orders, both readings of its bounds. */
const LISTS = [
  { order: "service", idBoundsIncluded: true },
  { order: "service", idBoundsIncluded: false },
  { order: "reversed", idBoundsIncluded: true },
  { order: "reversed", idBoundsIncluded: false },
] as const;

const MINUTE_MS = 60_000;

/** A gap of the socket. The clock of bot and gateway runs so fast that it lasts at most half a minute. */
interface Gap {
  readonly id: Scenario["id"];
  readonly lastsMs: number;
  readonly messages: number;
  readonly chats: number;
  readonly times: number;
  /** The connection is cut, or the program itself is away. */
  readonly how: "cut" | "killed";
  /** What the first requests for a list of messages meet, one after the other. */
  readonly listFaults?: readonly Fault[];
}

const BROKEN_LISTS: readonly Fault[] = [
  { kind: "status", status: 500 },
  { kind: "truncate" },
  { kind: "html" },
  { kind: "reset_before" },
  { kind: "status", status: 429, headers: { "retry-after": "2" }, body: { errors: ["too many requests"] } },
  { kind: "status", status: 200, body: { messages: "none" } },
];

const GAPS: readonly Gap[] = [
  { id: "F29.1", lastsMs: 10_000, messages: 5, chats: 2, times: 1, how: "cut" },
  { id: "F29.2", lastsMs: 10 * MINUTE_MS, messages: 500, chats: 25, times: 30, how: "cut" },
  { id: "F29.3", lastsMs: 10 * MINUTE_MS, messages: 500, chats: 25, times: 30, how: "killed" },
  { id: "F30", lastsMs: 10_000, messages: 200, chats: 20, times: 1, how: "cut", listFaults: BROKEN_LISTS },
];

export const gaps: readonly Scenario[] = GAPS.map((gap) =>
  scenario({
    id: gap.id,
    faults: gap.listFaults === undefined ? ["F29"] : ["F30"],
    promise: "P2",
    title: `${gap.messages} messages in a gap of ${gap.lastsMs / 1_000} s (${gap.how}), lists in any order, bounds of any kind${gap.listFaults === undefined ? "" : ", pages that fail"}`,
    asked: ONCE,
    async run(lab) {
      const lists = lab.short ? LISTS.slice(0, 1) : LISTS;
      const found = await inParallel(lists.length, (at) => fillGap(lab, gap, { behaviour: LISTS[at] ?? LISTS[0] }));
      return { extent: `${sum(found.map(({ asked }) => asked))} messages`, reached: onceInAll(found) };
    },
  }),
);

async function fillGap(lab: Lab, gap: Gap, options: StandOptions): Promise<Audit> {
  const speed = { originMs: Date.now(), times: gap.times };
  const fast = gap.times === 1 ? {} : { speed };
  // Late answers are not what is measured here.
  const stand = await openStand(lab, {
    ...options,
    ...fast,
    customers: gap.chats,
    level: "warn",
    bot: "answer_within: 1d",
  });
  await stand.start();
  for (const customer of stand.customers) stand.sandbox.customerSays(`before ${customer}`, { customer });
  await settled(stand);
  const end = await begin(stand, gap);
  const pauseMs = gap.lastsMs / gap.times / gap.messages;
  for (let at = 1; at <= gap.messages; at++) {
    stand.sandbox.customerSays(`q${at}`, { customer: stand.customers[at % gap.chats] ?? 0 });
    await sleep(pauseMs);
  }
  for (const fault of gap.listFaults ?? []) stand.sandbox.faults.add({ ...fault, match: LIST });
  await end();
  // Live messages while the gap is being filled must not overtake it.
  for (const customer of stand.customers) stand.sandbox.customerSays(`after ${customer}`, { customer });
  return settled(stand, { quietMs: gap.listFaults === undefined ? 15_000 : 90_000 });
}

/** Begins the gap; what it returns ends it. */
async function begin(stand: Stand, { how }: Gap): Promise<() => Promise<void>> {
  if (how === "killed") {
    await stand.kill();
    return async () => void (await stand.start());
  }
  stand.proxy.newcomers("reset");
  for (const passage of stand.proxy.passages()) passage.reset();
  return async () => {
    stand.proxy.newcomers("pass");
    await stand.listening(60_000);
  };
}

const HOUR_MS = 60 * MINUTE_MS;
const FRESH_MS = 10 * MINUTE_MS;

/** The program is away for six hours; the clocks of bot and gateway are then as real as ever. */
export const longGap = scenario({
  id: "F29.4",
  faults: ["F29", "F30"],
  promise: "P2",
  title: "10,000 messages in a gap of six hours, at 5 requests a second",
  asked: {
    "messages of the gap received": ALL,
    "received within": atMost(60, "s"),
    "answers to messages older than ten minutes": NONE,
    "fresh messages lost": NONE,
    "answered twice": NONE,
    "answered out of order": NONE,
  },
  async run(lab) {
    const lists = lab.short ? LISTS.slice(0, 1) : LISTS;
    const runs = await inParallel(lists.length, (at) => sleepThrough(lab, { behaviour: LISTS[at] ?? LISTS[0] }));
    const all = sum(runs.map(({ written }) => written));
    return {
      extent: `${all} messages`,
      reached: {
        "messages of the gap received": percent(sum(runs.map(({ received }) => received)), all),
        "received within": longest(runs.map(({ receivedMs }) => receivedMs)),
        "answers to messages older than ten minutes": sum(runs.map(({ stale }) => stale)),
        "fresh messages lost": sum(runs.map(({ found }) => found.lost.length)),
        "answered twice": sum(runs.map(({ found }) => found.doubled.length)),
        "answered out of order": sum(runs.map(({ found }) => found.outOfOrder.length)),
      },
    };
  },
});

const CHATS = 100;
const FRESH = 40;
/** The opening of each dialog is a message as well, and so is what was said before: ten thousand is all of them. */
const CUSTOMERS_MESSAGES = 10_000 - CHATS - 10;

async function sleepThrough(lab: Lab, options: StandOptions) {
  const messages = lab.size(CUSTOMERS_MESSAGES, 1_200);
  // The account's clock stands six hours back and then follows what is written.
  const clock = { shiftMs: -6 * HOUR_MS };
  const stand = await openStand(lab, {
    ...options,
    customers: CHATS,
    level: "warn",
    requestsPerSecond: 5,
    shift: () => clock.shiftMs,
  });
  await stand.start();
  stand.sandbox.customerSays("before", { customer: stand.customers[0] ?? 0 });
  await sleep(2_000);
  await stand.kill();
  const known = new Set(stand.said().map(({ id }) => id));
  for (let at = 1; at <= messages; at++) {
    const isFresh = at > messages - FRESH;
    clock.shiftMs = isFresh ? -FRESH_MS / 2 : -6 * HOUR_MS + ((6 * HOUR_MS - 2 * FRESH_MS) * at) / messages;
    stand.sandbox.customerSays(`q${at}`, { customer: stand.customers[at % CHATS] ?? 0 });
  }
  clock.shiftMs = 0;
  const ids = stand.said().flatMap(({ id, by }) => (by === "customer" && !known.has(id) ? [id] : []));
  await stand.start();
  const beganAt = Date.now();
  const receivedMs = await untilReceived(stand, ids, beganAt);
  await settled(stand, { quietMs: 20_000 });
  const said = stand.said();
  const fresh = new Set(ids.slice(-FRESH));
  const stale = audit(said).messages.filter(
    ({ message, times }) => ids.includes(message.id) && !fresh.has(message.id) && times > 0,
  );
  return {
    written: ids.length,
    received: countReceived(stand, ids),
    receivedMs,
    stale: stale.length,
    found: audit(said.filter(({ by, id }) => by === "bot" || fresh.has(id))),
  };
}

const RECEIVED_WITHIN_MS = 90_000;

async function untilReceived(stand: Stand, ids: readonly number[], beganAt: number): Promise<number | null> {
  while (Date.now() < beganAt + RECEIVED_WITHIN_MS) {
    if (countReceived(stand, ids) === ids.length) return Date.now() - beganAt;
    await sleep(500);
  }
  return null;
}

/** How many of these messages are in the bot's inbox, each counted once. */
function countReceived({ folder }: Stand, ids: readonly number[]): number {
  const database = new DatabaseSync(join(folder, STORAGE), { readOnly: true, timeout: 5_000 });
  try {
    const keys = database.prepare("SELECT key FROM inbox WHERE key LIKE 'message_new:%'").all();
    const known = new Set(keys.map(({ key }) => String(key)));
    return ids.filter((id) => known.has(`message_new:${id}`)).length;
  } finally {
    database.close();
  }
}

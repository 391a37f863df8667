import { onTestFinished } from "vitest";
import { ApiError } from "../../../src/api/errors.ts";
import { type CatchUp, createCatchUp } from "../../../src/connection/catch-up/catch-up.ts";
import { createDirectory } from "../../../src/connection/directory/directory.ts";
import { createNewestMessages } from "../../../src/connection/performing/newest-messages.ts";
import { createIntake, type Intake } from "../../../src/connection/serving/intake.ts";
import { openStore } from "../../../src/store/open.ts";
import type { Store } from "../../../src/store/store.ts";
import type { Json, JsonObject } from "../../../src/types/json.ts";
import type { Call } from "../../../src/types/plan.ts";
import { createTestLog, type TestLog } from "../../helpers/test-log.ts";
import { createVirtualClock, type VirtualClock } from "../../helpers/virtual-clock.ts";

export const CONNECTION = "shop.example/rulebot";
export const BOT_ID = 9;

/** Catching up with a real inbox, on a clock that stands still, at a gateway of these rows. */
export interface Bench {
  readonly catchUp: CatchUp;
  readonly intake: Intake;
  readonly store: Store;
  readonly clock: VirtualClock;
  readonly log: TestLog;
  readonly woken: (number | null)[];
  /** Rows of `GET /messages`. */
  readonly messages: JsonObject[];
  /** Rows of `GET /dialogs`. */
  readonly dialogs: JsonObject[];
  readonly asked: Call[];
  /** What the next reads are answered with instead, in order. */
  readonly troubles: (ApiError | Promise<void>)[];
  /** While set, every read fails with it. */
  lasting: ApiError | null;
  /** Fails this read; null: it does not. */
  failing: (call: Call) => ApiError | null;
  readonly filled: { count: number };
  /** The socket is closed because too much waits. */
  isPressed: boolean;
  /** A message comes over the socket (and is in the list); `inList: false` only over the socket. */
  hears(id: number, chatId?: number): Promise<void>;
  /** A message is in the list only. */
  misses(id: number, chatId?: number): void;
  /** Everything that can be decided now, chat by chat, in order; it is decided by that. */
  decided(chatId?: number): Promise<readonly string[]>;
  settle(): Promise<void>;
}

export function row(id: number, chatId: number, at: number, over: JsonObject = {}): JsonObject {
  return {
    id,
    chat_id: chatId,
    type: "text",
    scope: "public",
    content: `message ${id}`,
    status: "received",
    from: { type: "customer", id: 100 + chatId },
    dialog: { id: 1_000 + chatId },
    created_at: new Date(at).toISOString(),
    updated_at: null,
    ...over,
  };
}

export const unreachable = () =>
  new ApiError({ kind: "unavailable", sent: "no", message: "the gateway cannot be reached" });

export async function openBench(store?: Store): Promise<Bench> {
  // In memory on every run of the tests: the clock stands still, and a database elsewhere takes its time.
  const kept = store ?? (await openStore(":memory:"));
  if (store === undefined) onTestFinished(() => kept.close());
  const clock = createVirtualClock();
  const log = createTestLog();
  const woken: (number | null)[] = [];
  const messages: JsonObject[] = [];
  const dialogs: JsonObject[] = [];
  const asked: Call[] = [];
  const filled = { count: 0 };
  const newest = createNewestMessages();
  const answer = async (call: Call): Promise<Json> => {
    asked.push(call);
    // An answer that is long on its way is of the moment at which it was asked for.
    const rows = call.operation === "listMessages" ? listed(messages, call) : [];
    const trouble = bench.failing(call) ?? bench.lasting ?? bench.troubles.shift();
    if (trouble instanceof ApiError) throw trouble;
    await trouble;
    return call.operation === "listDialogs" ? dialogs : rows;
  };
  const intake: Intake = createIntake({
    connectionId: CONNECTION,
    store: kept,
    clock,
    log: log.log,
    newest,
    wake: (chatId) => woken.push(chatId),
    receiving: (events) => catchUp.receiving(events),
    onStoreFailed() {},
    onStoreBack() {},
    onKept() {},
  });
  const catchUp: CatchUp = createCatchUp({
    connectionId: CONNECTION,
    store: kept,
    clock,
    log: log.log,
    random: () => 0,
    newest,
    turn: intake.turn,
    wake: (chatId) => woken.push(chatId),
    sweep: async () => {},
    exclusive: (_chatId, task) => task(),
    directory: createDirectory(kept, CONNECTION),
    reader: () => ({ ask: answer, botId: BOT_ID }),
    refresh: async () => {},
    isPressed: () => bench.isPressed,
    onFilled() {
      filled.count += 1;
    },
  });
  const bench: Bench = {
    catchUp,
    intake,
    store: kept,
    clock,
    log,
    woken,
    messages,
    dialogs,
    asked,
    troubles: [],
    lasting: null,
    failing: () => null,
    filled,
    isPressed: false,
    async hears(id, chatId = 7) {
      const message = row(id, chatId, clock.now());
      messages.push(message);
      const frame = { type: "message_new", meta: { timestamp: Math.floor(clock.now() / 1_000) }, data: { message } };
      intake.frame(JSON.stringify(frame));
      await intake.flush();
    },
    misses(id, chatId = 7) {
      messages.push(row(id, chatId, clock.now()));
    },
    async decided(chatId = 7) {
      const seen: string[] = [];
      for (;;) {
        const next = catchUp.isHolding() ? null : await kept.nextEvent(CONNECTION, chatId);
        if (next === null) return seen;
        seen.push(next.event.key);
        await kept.commit(CONNECTION, { ...nothing, eventKey: next.event.key });
      }
    },
    settle: () => clock.advance(0),
  };
  return bench;
}

const nothing = {
  eventState: "done",
  failure: null,
  at: 0,
  rulebookVersion: "test",
  calls: [],
  runs: [],
  endedRunIds: [],
  verdicts: [],
} as const;

/** Inclusive bounds, ascending with `since_id` alone, else newest first. */
function listed(messages: readonly JsonObject[], { query }: Call): readonly JsonObject[] {
  const {
    since_id: since = 0,
    until_id: until = Number.MAX_SAFE_INTEGER,
    limit = 100,
  } = query as Record<string, number>;
  const from = typeof query.since === "string" ? Date.parse(query.since) : 0;
  const changed = (message: JsonObject) => Date.parse(String(message.updated_at ?? message.created_at));
  const inside = messages.filter(
    (message) => Number(message.id) >= since && Number(message.id) <= until && changed(message) >= from,
  );
  const sign = query.since_id !== undefined && query.until_id === undefined ? 1 : -1;
  return inside.toSorted((left, right) => sign * (Number(left.id) - Number(right.id))).slice(0, limit);
}

import { ApiError, type ApiErrorDetails } from "../../src/api/errors.ts";
import type { Context, Link } from "../../src/connection/context.ts";
import type { DecidingOptions } from "../../src/connection/deciding/deciding.ts";
import { createDirectory } from "../../src/connection/directory/directory.ts";
import type { Lane } from "../../src/connection/lanes/lanes.ts";
import { createNewestMessages } from "../../src/connection/performing/newest-messages.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import type { Json, JsonObject } from "../../src/types/json.ts";
import type { Call, PlannedCall } from "../../src/types/plan.ts";
import type { Rulebook } from "../../src/types/rule.ts";
import { BOT, rulebook } from "../engine/world.ts";
import { createTestLog, type TestLog } from "../helpers/test-log.ts";
import { createVirtualClock, type VirtualClock } from "../helpers/virtual-clock.ts";

export const CONNECTION = "shop.example/rulebot";

/** What a scripted gateway does with one call: an answer, or a failure. */
export type Reaction = Json | ApiError | Promise<Json>;

/** A connection's tools around a store in memory, a clock that stands still, and a gateway that does as it is told. */
export interface Desk {
  readonly context: Context;
  /** What waits for more than a call: nothing is fetched, and timers are looked at by hand. */
  readonly waiting: Pick<DecidingOptions, "fetch" | "timersChanged" | "settled" | "forget">;
  readonly store: Store;
  readonly clock: VirtualClock;
  readonly log: TestLog;
  /** Calls that reached the gateway, in order; reads are in `asked`. */
  readonly sent: Call[];
  readonly asked: Call[];
  readonly woken: (number | null)[];
  /** The gateway's next reactions to calls; then `{message_id: n}` with growing n. */
  readonly reactions: Reaction[];
  /** What read calls are answered with, by operation; default `[]`. */
  readonly lists: Record<string, Reaction>;
  refusals: number;
  /** A call has come to where it waits for its turn; it has it when this resolves: at once, unless a test holds it. */
  turn: () => Promise<void>;
  setLink(link: Link | null): void;
  useRules(rulebook: Rulebook): void;
  plan(...calls: readonly PlannedCall[]): Promise<void>;
  states(): Promise<Readonly<Record<string, string>>>;
}

export async function openDesk(rules = ""): Promise<Desk> {
  // In memory on every run of the tests: the clock stands still, and a database elsewhere takes its time.
  const store = await openStore(":memory:");
  const clock = createVirtualClock();
  const log = createTestLog();
  const sent: Call[] = [];
  const asked: Call[] = [];
  const woken: (number | null)[] = [];
  const reactions: Reaction[] = [];
  const lists: Record<string, Reaction> = {};
  let nextMessage = 1_000;
  let book = rules === "" ? emptyBook : rulebook(rules);
  const react = async (reaction: Reaction): Promise<Json> => {
    if (reaction instanceof ApiError) throw reaction;
    return reaction;
  };
  let link: Link | null = {
    bot: BOT,
    async ask(call) {
      asked.push(call);
      return react(lists[call.operation] ?? []);
    },
    async send(call, { mayGo, atTurn }) {
      mayGo();
      await desk.turn();
      await atTurn();
      sent.push(call);
      const reaction = reactions.shift();
      nextMessage += 1;
      return react(reaction === undefined ? { message_id: nextMessage } : reaction);
    },
    refused() {
      desk.refusals += 1;
    },
  };
  const directory = createDirectory(store, CONNECTION);
  await directory.load(BOT);
  const context: Context = {
    connectionId: CONNECTION,
    store,
    clock,
    log: log.log,
    random: () => 0,
    directory,
    newest: createNewestMessages(),
    rulebook: () => book,
    link: () => link,
    wake: (chatId) => woken.push(chatId),
  };
  const desk: Desk = {
    context,
    waiting: {
      fetch: async () => ({ ok: false, reason: "nobody there" }),
      timersChanged() {},
      settled() {},
      async forget() {},
    },
    store,
    clock,
    log,
    sent,
    asked,
    woken,
    reactions,
    lists,
    refusals: 0,
    turn: async () => {},
    setLink(next) {
      link = next;
    },
    useRules(next) {
      book = next;
    },
    async plan(...calls) {
      const key = `planned:${calls.map((call) => call.key).join()}`;
      const event = { key, type: "test", at: clock.now(), chatId: calls[0]?.chatId ?? null, data: {} };
      await store.receive(CONNECTION, [event], clock.now());
      await store.commit(CONNECTION, {
        eventKey: key,
        eventState: "done",
        failure: null,
        at: clock.now(),
        rulebookVersion: "test",
        calls,
        runs: [],
        endedRunIds: [],
        verdicts: [],
      });
    },
    async states() {
      const rows = await store.outbox(CONNECTION, { limit: 100 });
      return Object.fromEntries(rows.map(({ key, state }) => [key, state]).reverse());
    },
  };
  return desk;
}

const emptyBook = rulebook(`
- rule: Nothing
  when: {message_is: never said}
  do: [{note: never}]
`);

/** A lane by itself; its tasks run one after the other because the tests do. */
export const lane = (chatId: number | null): Lane => ({ chatId, exclusive: (task) => task() });

export function failure(details: Partial<ApiErrorDetails>): ApiError {
  return new ApiError({ kind: "unavailable", sent: "maybe", message: "POST /messages failed", ...details });
}

export const text = (content: string, chatId = 7): Call => ({
  operation: "sendMessage",
  path: {},
  query: {},
  body: { chat_id: chatId, scope: "public", type: "text", content },
});

/** A row of `GET /messages`, written by the bot. */
export const ownRow = (id: number, content: string, over: JsonObject = {}): JsonObject => ({
  id,
  chat_id: 7,
  type: "text",
  scope: "public",
  content,
  from: { id: BOT.id, type: "bot" },
  ...over,
});

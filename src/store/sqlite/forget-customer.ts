import { setImmediate as nextTurn } from "node:timers/promises";
import { isAbout, ORDER_TRIES, tracesOf, triesWithout } from "../customer-of.ts";
import type { Forgotten, Store } from "../store.ts";
import { connectionsSql, saveFact } from "./connections.ts";
import type { Database } from "./database.ts";
import { forgetSql } from "./forget.ts";
import { timersSql } from "./timers.ts";

/** Rows looked at before others may go on: SQLite blocks the event loop meanwhile. */
const WINDOW = 2_000;

// `+`: the window of numbers is the way to the rows, not the connection.
const inChats = "+connection_id = ?3 AND + chat_id IN (SELECT value FROM json_each(?4))";

/** The statements of forgetting a customer; exported so that a test can ask SQLite for their plans. */
export const forgetCustomerSql = {
  chats: "SELECT id FROM chats WHERE connection_id = ? AND customer_id = ?",
  naming: `SELECT seq, key, chat_id, event FROM inbox WHERE seq > ?1 AND seq <= ?2 AND +connection_id = ?3
    AND (instr(event, ?4) OR instr(event, ?5))`,
  events: `SELECT seq FROM inbox WHERE seq > ?1 AND seq <= ?2 AND ${inChats}`,
  calls: `SELECT seq FROM outbox WHERE seq > ?1 AND seq <= ?2 AND ${inChats}`,
  blankEvent: `UPDATE inbox SET chat_id = NULL, failure = NULL,
      event = json_object('key', key, 'type', 'forgotten', 'at', received_at, 'chatId', NULL, 'data', json_object()),
      state = CASE WHEN state IN ('done', 'expired', 'failed') THEN state ELSE 'expired' END
    WHERE seq = ?`,
  deleteCall: "DELETE FROM outbox WHERE seq = ?",
  deleteDecisions: "DELETE FROM decisions WHERE connection_id = ? AND chat_id = ?",
  deleteDecisionsOfEvent: "DELETE FROM decisions WHERE connection_id = ? AND event_key = ?",
  runsOfEvent: "DELETE FROM runs WHERE connection_id = ? AND event_key = ?",
  // The keys of calls begin with that of the event they come from; no key has a character above this one.
  callsOfEvent: "DELETE FROM outbox WHERE connection_id = ?1 AND key >= ?2 AND key < ?2 || char(1114111)",
  deleteCustomer: "DELETE FROM customers WHERE connection_id = ? AND id = ?",
} as const;

/** Everything of one customer. */
export function forgettingCustomer(database: Database): Pick<Store, "chatsOf" | "forgetCustomer"> {
  return {
    chatsOf: async (connectionId, customerId) => chatsOf(database, { connectionId, customerId }),
    async forgetCustomer(connectionId, customerId) {
      const whose = { connectionId, customerId };
      const found = await find(database, whose);
      return database.transaction(() => erase(database, whose, found));
    },
  };
}

interface Whose {
  readonly connectionId: string;
  readonly customerId: number;
}

/** What belongs to the customer among the rows up to these numbers. */
interface Found {
  readonly chatIds: Set<number>;
  /** Events of no chat, by key: their runs and decisions are found by it. */
  readonly loose: Set<string>;
  readonly events: Set<number>;
  readonly calls: Set<number>;
  readonly upTo: { readonly inbox: number; readonly outbox: number };
}

const chatsOf = (database: Database, { connectionId, customerId }: Whose): number[] =>
  database
    .all<{ id: number }>(forgetCustomerSql.chats, connectionId, customerId)
    .map(({ id }) => id)
    .toSorted((left, right) => left - right);

async function find(database: Database, whose: Whose): Promise<Found> {
  const upTo = { inbox: lastOf(database, "inbox"), outbox: lastOf(database, "outbox") };
  const found: Found = {
    chatIds: new Set(chatsOf(database, whose)),
    loose: new Set(),
    events: new Set(),
    calls: new Set(),
    upTo,
  };
  await inWindows(upTo.inbox, (from, to) => lookForName(database, whose, { found, from, to }));
  await inWindows(upTo.inbox, (from, to) => lookForChats(database, whose, { found, from, to, what: "events" }));
  await inWindows(upTo.outbox, (from, to) => lookForChats(database, whose, { found, from, to, what: "calls" }));
  return found;
}

const lastOf = (database: Database, table: "inbox" | "outbox"): number =>
  database.first<{ seq: number | null }>(`SELECT max(seq) AS seq FROM ${table}`)?.seq ?? 0;

async function inWindows(last: number, look: (from: number, to: number) => void): Promise<void> {
  for (let from = 0; from < last; from += WINDOW) {
    look(from, Math.min(last, from + WINDOW));
    await nextTurn();
  }
}

interface Look {
  readonly found: Found;
  readonly from: number;
  readonly to: number;
}

interface NamingRow {
  readonly seq: number;
  readonly key: string;
  readonly chat_id: number | null;
  readonly event: string;
}

function lookForName(database: Database, { connectionId, customerId }: Whose, { found, from, to }: Look): void {
  const traces = tracesOf(customerId);
  for (const row of database.all<NamingRow>(forgetCustomerSql.naming, from, to, connectionId, ...traces)) {
    if (!isAbout(row.event, customerId)) continue;
    found.events.add(row.seq);
    if (row.chat_id === null) found.loose.add(row.key);
    else found.chatIds.add(row.chat_id);
  }
}

function lookForChats(
  database: Database,
  { connectionId }: Whose,
  { found, from, to, what }: Look & { readonly what: "events" | "calls" },
): void {
  const chats = JSON.stringify([...found.chatIds]);
  const rows = database.all<{ seq: number }>(forgetCustomerSql[what], from, to, connectionId, chats);
  for (const { seq } of rows) found[what].add(seq);
}

/** Inside the caller's transaction: what has come since the rows were looked through goes as well. */
function erase(database: Database, whose: Whose, found: Found): Forgotten {
  const { connectionId, customerId } = whose;
  for (const id of chatsOf(database, whose)) found.chatIds.add(id);
  const [inbox, outbox] = [lastOf(database, "inbox"), lastOf(database, "outbox")];
  lookForName(database, whose, { found, from: found.upTo.inbox, to: inbox });
  lookForChats(database, whose, { found, from: found.upTo.inbox, to: inbox, what: "events" });
  lookForChats(database, whose, { found, from: found.upTo.outbox, to: outbox, what: "calls" });
  const chatIds = [...found.chatIds];
  const each = <Value extends string | number>(sql: string, values: Iterable<Value>) =>
    [...values].reduce((sum, value) => sum + database.run(sql, connectionId, value), 0);
  const bySeq = (sql: string, seqs: Iterable<number>) =>
    [...seqs].reduce((sum, seq) => sum + database.run(sql, seq), 0);
  const counts: Forgotten = {
    events: bySeq(forgetCustomerSql.blankEvent, found.events),
    calls: bySeq(forgetCustomerSql.deleteCall, found.calls) + each(forgetCustomerSql.callsOfEvent, found.loose),
    decisions:
      each(forgetCustomerSql.deleteDecisions, chatIds) + each(forgetCustomerSql.deleteDecisionsOfEvent, found.loose),
    runs:
      each(forgetSql.deleteWaitingRuns, chatIds) +
      each(forgetSql.deleteOtherRuns, chatIds) +
      each(forgetCustomerSql.runsOfEvent, found.loose),
    timers: each(timersSql.removeOfChat, chatIds),
    dialogs: each(forgetSql.deleteDialogs, chatIds),
    chats: each(forgetSql.deleteChat, chatIds),
    customers: database.run(forgetCustomerSql.deleteCustomer, connectionId, customerId),
  };
  forgetTries(database, connectionId, chatIds);
  return counts;
}

function forgetTries(database: Database, connectionId: string, chatIds: readonly number[]): void {
  const row = database.first<{ value: string }>(connectionsSql.fact, connectionId, ORDER_TRIES);
  const left = row === undefined ? null : triesWithout(row.value, chatIds);
  if (left !== null) saveFact(database, connectionId, { name: ORDER_TRIES, value: JSON.parse(left) });
}

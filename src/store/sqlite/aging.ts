import { setImmediate as nextTurn } from "node:timers/promises";
import { agedChat, agedCustomer, deafConnections, SEEN } from "../aging.ts";
import { commitSql } from "./commit.ts";
import type { Database } from "./database.ts";
import { forgetSql } from "./forget.ts";
import { timersSql } from "./timers.ts";

/** Documents looked at in one transaction: SQLite blocks the event loop meanwhile, and events are waiting. */
const PAGE = 100;
const DIALOGS = 500;

// SQLite would rather read all timers of a connection, or all its waiting runs.
const ofChat = (table: string, index: string) =>
  `SELECT 1 FROM ${table} INDEXED BY ${index} WHERE ${table}.connection_id = chats.connection_id AND ${table}.chat_id = chats.id`;
const ofDialog = (table: string, index: string) =>
  `SELECT 1 FROM ${table} INDEXED BY ${index} WHERE ${table}.connection_id = dialogs.connection_id
      AND ${table}.chat_id = dialogs.chat_id`;

/** Documents not heard of since ?1, behind the place (?2, ?3, ?4), the oldest first. */
const page = (table: "chats" | "customers", busy: string) => `SELECT connection_id AS connectionId, id,
    touched_at AS touchedAt, document, ${busy} AS isBusy FROM ${table}
  WHERE touched_at < ?1 AND (touched_at, connection_id, id) > (?2, ?3, ?4)
  ORDER BY touched_at, connection_id, id LIMIT ${PAGE}`;

/** The statements of aging; exported so that a test can ask SQLite for their plans. */
export const agingSql = {
  seen: `SELECT connection_id AS connectionId, value FROM facts WHERE name = '${SEEN}'`,
  chats: page(
    "chats",
    `EXISTS (${ofChat("inbox", "inbox_new")} AND state = 'new')
      OR EXISTS (${ofChat("inbox", "inbox_held")} AND state = 'held')
      OR EXISTS (${ofChat("outbox", "outbox_open")} AND state IN ('pending', 'sending', 'unknown'))
      OR EXISTS (${ofChat("runs", "runs_waiting")} AND waits_for_call IS NOT NULL)
      OR EXISTS (${ofChat("runs", "runs_requesting")} AND waits_for_request = 1)
      OR EXISTS (${ofChat("timers", "timers_by_chat")} AND due_at >= ?1)
      OR EXISTS (${ofChat("dialogs", "dialogs_by_chat")} AND (closed_at IS NULL OR closed_at >= ?1))`,
  ),
  // While a chat of theirs has not aged, a customer has not either.
  customers: page(
    "customers",
    `EXISTS (SELECT 1 FROM chats WHERE chats.connection_id = customers.connection_id
      AND chats.customer_id = customers.id AND chats.touched_at IS NOT NULL)`,
  ),
  dialogs: `DELETE FROM dialogs WHERE rowid IN (SELECT rowid FROM dialogs WHERE closed_at < ?
    AND NOT EXISTS (${ofDialog("runs", "runs_waiting")} AND waits_for_call IS NOT NULL)
    AND NOT EXISTS (${ofDialog("runs", "runs_resting")} AND waits_for_call IS NULL)
    AND NOT EXISTS (${ofDialog("timers", "timers_by_chat")} AND timers.dialog_id = dialogs.id)
    LIMIT ${DIALOGS})`,
  keepChat: "UPDATE chats SET document = ?, touched_at = NULL WHERE connection_id = ? AND id = ?",
  keepCustomer: "UPDATE customers SET document = ?, touched_at = NULL WHERE connection_id = ? AND id = ?",
  deleteCustomer: "DELETE FROM customers WHERE connection_id = ? AND id = ?",
  deafNew: "DELETE FROM inbox WHERE connection_id = ? AND state = 'new'",
  deafHeld: "DELETE FROM inbox WHERE connection_id = ? AND state = 'held'",
  deafCalls: "DELETE FROM outbox WHERE connection_id = ? AND state IN ('pending', 'sending', 'unknown')",
  deafRuns: "DELETE FROM runs WHERE connection_id = ? RETURNING event_key",
  deafTimers: "DELETE FROM timers WHERE connection_id = ?",
} as const;

interface Row {
  readonly connectionId: string;
  readonly id: number;
  readonly touchedAt: number;
  readonly document: string;
  readonly isBusy: number;
}

/** Removes what is known of chats, dialogs and customers of whom nothing was heard since `before` (Unix ms). */
export async function ageDocuments(database: Database, before: number): Promise<void> {
  const deaf = new Set(deafConnections(database.all<Seen>(agingSql.seen), before));
  for (const connectionId of deaf) database.transaction(() => endAll(database, connectionId));
  while (database.run(agingSql.dialogs, before) === DIALOGS) await nextTurn();
  await eachPage(database, { sql: agingSql.chats, before }, (row) => {
    if (row.isBusy === 0 || deaf.has(row.connectionId)) ageChat(database, row);
  });
  await eachPage(database, { sql: agingSql.customers, before }, (row) => {
    if (row.isBusy === 0) ageCustomer(database, row);
  });
}

interface Seen {
  readonly connectionId: string;
  readonly value: string;
}

async function eachPage(
  database: Database,
  { sql, before }: { readonly sql: string; readonly before: number },
  age: (row: Row) => void,
): Promise<void> {
  type Place = Pick<Row, "touchedAt" | "connectionId" | "id">;
  const after = ({ touchedAt, connectionId, id }: Place): Place | undefined => {
    const rows = database.all<Row>(sql, before, touchedAt, connectionId, id);
    for (const row of rows) age(row);
    return rows.at(-1);
  };
  for (let place: Place | undefined = { touchedAt: -1, connectionId: "", id: -1 }; place !== undefined; ) {
    const last: Place = place;
    place = database.transaction(() => after(last));
    await nextTurn();
  }
}

function ageChat(database: Database, { connectionId, id, document }: Row): void {
  const ended = [forgetSql.endWaitingRuns, forgetSql.endOtherRuns].flatMap((sql) =>
    database.all<{ event_key: string }>(sql, connectionId, id),
  );
  for (const { event_key } of ended) database.run(commitSql.settle, connectionId, event_key);
  database.run(timersSql.removeOfChat, connectionId, id);
  database.run(forgetSql.deleteDialogs, connectionId, id);
  const aged = agedChat(JSON.parse(document));
  if (aged === null) database.run(forgetSql.deleteChat, connectionId, id);
  else database.run(agingSql.keepChat, JSON.stringify(aged), connectionId, id);
}

function ageCustomer(database: Database, { connectionId, id, document }: Row): void {
  const aged = agedCustomer(JSON.parse(document));
  if (aged === null) database.run(agingSql.deleteCustomer, connectionId, id);
  else database.run(agingSql.keepCustomer, JSON.stringify(aged), connectionId, id);
}

/** Nobody has worked on this connection for the whole time: what waits there waits for nothing. */
function endAll(database: Database, connectionId: string): void {
  for (const sql of [agingSql.deafNew, agingSql.deafHeld, agingSql.deafCalls, agingSql.deafTimers])
    database.run(sql, connectionId);
  const ended = database.all<{ event_key: string }>(agingSql.deafRuns, connectionId);
  for (const { event_key } of ended) database.run(commitSql.settle, connectionId, event_key);
}

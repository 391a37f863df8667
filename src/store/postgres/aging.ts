import { agedChat, agedCustomer, deafConnections, SEEN } from "../aging.ts";
import { settle } from "./commit.ts";
import type { Database } from "./database.ts";
import { forgetSql } from "./forget.ts";
import type { Session } from "./session.ts";
import { timersSql } from "./timers.ts";

const PAGE = 200;
const DIALOGS = 500;

// `OFFSET 0`: each row is looked up, instead of whole tables being read for each page.
const exists = (rows: string) => `EXISTS (${rows} OFFSET 0)`;
const ofChat = (table: string, which: string, column = "lane") =>
  exists(`SELECT FROM ${table} WHERE ${table}.connection_id = documents.connection_id
    AND ${table}.${column} = documents.id AND ${which}`);
const ofDialog = (table: string, which: string, column = "lane") =>
  exists(`SELECT FROM ${table} WHERE ${table}.connection_id = dialogs.connection_id
    AND ${table}.${column} = dialogs.chat_id AND ${which}`);

/** Documents not heard of since $1, behind the place ($2, $3, $4), the oldest first. */
const page = (kind: "chat" | "customer", busy: string) => `SELECT connection_id AS "connectionId", id,
    touched_at AS "touchedAt", document, ${busy} AS "isBusy" FROM documents
  WHERE kind = '${kind}' AND kind IN ('chat', 'customer') AND touched_at IS NOT NULL AND touched_at < $1
    AND (touched_at, connection_id, id) > ($2::bigint, $3::text, $4::bigint)
  ORDER BY touched_at, connection_id, id LIMIT ${PAGE}`;

/** The statements of aging; exported so that a test can ask PostgreSQL for their plans. */
export const agingSql = {
  seen: `SELECT connection_id AS "connectionId", value FROM facts WHERE name = '${SEEN}'`,
  chats: page(
    "chat",
    [
      ofChat("inbox", "state = 'new'"),
      ofChat("inbox", "state = 'held'"),
      ofChat("outbox", "state IN ('pending', 'sending', 'unknown')"),
      ofChat("runs", "waits_for = 'call'"),
      ofChat("runs", "waits_for = 'request'"),
      ofChat("timers", "due_at >= $1", "chat_id"),
      ofChat("dialogs", "(closed_at IS NULL OR closed_at >= $1)", "chat_id"),
    ].join(" OR "),
  ),
  // While a chat of theirs has not aged, a customer has not either.
  customers: page(
    "customer",
    exists(`SELECT FROM documents AS chat WHERE chat.connection_id = documents.connection_id
      AND chat.customer_id = documents.id AND chat.kind = 'chat' AND chat.touched_at IS NOT NULL`),
  ),
  dialogs: `DELETE FROM dialogs WHERE ctid = ANY (ARRAY
    (SELECT ctid FROM dialogs WHERE closed_at IS NOT NULL AND closed_at < $1
      AND NOT ${ofDialog("runs", "waits_for = 'call'")} AND NOT ${ofDialog("runs", "waits_for = 'request'")}
      AND NOT ${ofDialog("runs", "waits_for IN ('time', 'answer', 'nothing')")}
      AND NOT ${ofDialog("timers", "timers.dialog_id = dialogs.id", "chat_id")}
      LIMIT ${DIALOGS} FOR UPDATE SKIP LOCKED))`,
  // Only what is still as it was read: somebody may have heard of it meanwhile.
  keep: `UPDATE documents SET document = $5, touched_at = NULL
    WHERE connection_id = $1 AND kind = $2 AND id = $3 AND document = $4`,
  remove: "DELETE FROM documents WHERE connection_id = $1 AND kind = $2 AND id = $3 AND document = $4",
  deafEvents: "DELETE FROM inbox WHERE connection_id = $1 AND state IN ('new', 'held')",
  deafCalls: "DELETE FROM outbox WHERE connection_id = $1 AND state IN ('pending', 'sending', 'unknown')",
  deafTimers: "DELETE FROM timers WHERE connection_id = $1",
  deafRuns: `DELETE FROM runs WHERE connection_id = $1 RETURNING event_key AS "eventKey"`,
} as const;

interface Row {
  readonly connectionId: string;
  readonly id: number;
  readonly touchedAt: number;
  readonly document: string;
  readonly isBusy: boolean;
}

/** Removes what is known of chats, dialogs and customers of whom nothing was heard since `before` (Unix ms). */
export async function ageDocuments(database: Database, before: number): Promise<void> {
  const seen = await database.all<{ connectionId: string; value: string }>(agingSql.seen);
  const deaf = new Set(deafConnections(seen, before));
  for (const connectionId of deaf) await database.transaction((session) => endAll(session, connectionId));
  while ((await database.run(agingSql.dialogs, before)) === DIALOGS);
  await eachRow(database, { sql: agingSql.chats, before }, async (row) => {
    if (!row.isBusy || deaf.has(row.connectionId)) await database.transaction((session) => ageChat(session, row));
  });
  await eachRow(database, { sql: agingSql.customers, before }, async (row) => {
    if (!row.isBusy) await become(database, { ...row, kind: "customer" }, agedCustomer(JSON.parse(row.document)));
  });
}

async function eachRow(
  database: Database,
  { sql, before }: { readonly sql: string; readonly before: number },
  age: (row: Row) => Promise<void>,
): Promise<void> {
  let last: Pick<Row, "touchedAt" | "connectionId" | "id"> | undefined = { touchedAt: -1, connectionId: "", id: -1 };
  while (last !== undefined) {
    const rows: Row[] = await database.all<Row>(sql, before, last.touchedAt, last.connectionId, last.id);
    for (const row of rows) await age(row);
    last = rows.at(-1);
  }
}

async function ageChat(session: Session, row: Row): Promise<void> {
  const { connectionId, id } = row;
  if (!(await become(session, { ...row, kind: "chat" }, agedChat(JSON.parse(row.document))))) return;
  const end = (sql: string) => session.all<{ eventKey: string }>(sql, connectionId, [id]);
  const [ended] = await Promise.all([
    Promise.all([end(forgetSql.endWaitingRuns), end(forgetSql.endRequestingRuns), end(forgetSql.endRestingRuns)]),
    session.run(timersSql.removeOfChats, connectionId, [id]),
    session.run(forgetSql.deleteDialogs, connectionId, [id]),
  ]);
  const keys = ended.flat().map(({ eventKey }) => eventKey);
  await settle(session, connectionId, keys);
}

/** False: it was changed meanwhile, and stays. */
async function become(
  session: Session,
  { connectionId, kind, id, document }: Row & { readonly kind: "chat" | "customer" },
  aged: object | null,
): Promise<boolean> {
  const changed =
    aged === null
      ? await session.run(agingSql.remove, connectionId, kind, id, document)
      : await session.run(agingSql.keep, connectionId, kind, id, document, JSON.stringify(aged));
  return changed === 1;
}

/** Nobody has worked on this connection for the whole time: what waits there waits for nothing. */
async function endAll(session: Session, connectionId: string): Promise<void> {
  for (const sql of [agingSql.deafEvents, agingSql.deafCalls, agingSql.deafTimers])
    await session.run(sql, connectionId);
  const ended = await session.all<{ eventKey: string }>(agingSql.deafRuns, connectionId);
  const keys = ended.map(({ eventKey }) => eventKey);
  await settle(session, connectionId, keys);
}

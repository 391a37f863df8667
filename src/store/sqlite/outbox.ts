import type { PlannedCall } from "../../types/plan.ts";
import type { OutboxRow, OutboxState, Store } from "../store.ts";
import type { Database } from "./database.ts";
import { saveDialog } from "./documents.ts";

const columns = "seq, planned, state, attempts, created_at, updated_at, since_message_id, outcome";

/** The statements of the outbox; exported so that a test can ask SQLite for their plans. */
export const outboxSql = {
  // The same decision always makes the same keys: a call that is known is never planned twice.
  insert: `INSERT INTO outbox (connection_id, key, chat_id, planned, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)
    ON CONFLICT (connection_id, key) DO NOTHING`,
  next: `SELECT ${columns} FROM outbox
    WHERE connection_id = ? AND chat_id IS ? AND state IN ('pending', 'sending', 'unknown') ORDER BY seq LIMIT 1`,
  begin: `UPDATE outbox SET state = 'sending', attempts = attempts + 1, updated_at = ?, since_message_id = ?
    WHERE connection_id = ? AND key = ? AND state = 'pending'`,
  end: `UPDATE outbox SET state = ?, outcome = ?, updated_at = ?
    WHERE connection_id = ? AND key = ? AND state IN ('pending', 'sending', 'unknown')`,
  // `+` keeps SQLite from sorting the whole table: the newest rows are read from the end.
  list: `SELECT ${columns} FROM outbox WHERE +connection_id = ? ORDER BY seq DESC LIMIT ?`,
  listOfState: `SELECT ${columns} FROM outbox WHERE connection_id = ? AND state = ? ORDER BY seq DESC LIMIT ?`,
} as const;

interface Columns {
  readonly seq: number;
  readonly planned: string;
  readonly state: OutboxState;
  readonly attempts: number;
  readonly created_at: number;
  readonly updated_at: number;
  readonly since_message_id: number | null;
  readonly outcome: string | null;
}

/** Calls out: each goes from `pending` through `sending` to one final state, and a final state never changes. */
export function outbox(database: Database): Pick<Store, "nextCall" | "beginCall" | "endCall" | "outbox"> {
  return {
    async nextCall(connectionId, chatId) {
      const row = database.first<Columns>(outboxSql.next, connectionId, chatId);
      return row === undefined ? null : readRow(row);
    },
    async beginCall(connectionId, key, at, sinceMessageId) {
      return database.run(outboxSql.begin, at, sinceMessageId, connectionId, key) === 1;
    },
    async endCall(connectionId, key, { state, outcome, at, dialog }) {
      database.transaction(() => {
        const text = outcome === null ? null : JSON.stringify(outcome);
        const ended = database.run(outboxSql.end, state, text, at, connectionId, key) === 1;
        if (ended && dialog !== undefined) saveDialog(database, connectionId, dialog);
      });
    },
    async outbox(connectionId, { state, limit }) {
      const rows =
        state === undefined
          ? database.all<Columns>(outboxSql.list, connectionId, limit)
          : database.all<Columns>(outboxSql.listOfState, connectionId, state, limit);
      return rows.map(readRow);
    },
  };
}

/** Puts planned calls in, in order. Inside the caller's transaction. */
export function planCalls(
  database: Database,
  { connectionId, calls, at }: { connectionId: string; calls: readonly PlannedCall[]; at: number },
): void {
  for (const call of calls) {
    database.run(outboxSql.insert, connectionId, call.key, call.chatId, JSON.stringify(call), at);
  }
}

function readRow(row: Columns): OutboxRow {
  const planned: PlannedCall = JSON.parse(row.planned);
  return {
    ...planned,
    seq: row.seq,
    state: row.state,
    attempts: row.attempts,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    sinceMessageId: row.since_message_id,
    outcome: row.outcome === null ? null : JSON.parse(row.outcome),
  };
}

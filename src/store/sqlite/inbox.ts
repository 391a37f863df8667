import type { Event } from "../../types/event.ts";
import type { InboxRow, Store } from "../store.ts";
import type { Database } from "./database.ts";

/** The statements of the inbox; exported so that a test can ask SQLite for their plans. */
export const inboxSql = {
  insert: `INSERT INTO inbox (connection_id, key, chat_id, event, received_at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (connection_id, key) DO NOTHING`,
  // A lane is busy while it has an event to decide, a call to perform, or a run whose call has ended.
  busyLanes: `SELECT chat_id FROM inbox WHERE connection_id = ?1 AND state = 'new'
    UNION SELECT chat_id FROM outbox WHERE connection_id = ?1 AND state IN ('pending', 'sending', 'unknown')
    UNION SELECT chat_id FROM runs WHERE connection_id = ?1 AND waits_for_call IS NOT NULL
    UNION SELECT chat_id FROM runs WHERE connection_id = ?1 AND waits_for_request = 1`,
  next: `UPDATE inbox SET attempts = attempts + 1 WHERE seq =
      (SELECT seq FROM inbox WHERE connection_id = ? AND chat_id IS ? AND state = 'new' ORDER BY seq LIMIT 1)
    RETURNING seq, event, received_at, state, attempts`,
} as const;

interface Columns {
  readonly seq: number;
  readonly event: string;
  readonly received_at: number;
  readonly state: InboxRow["state"];
  readonly attempts: number;
}

/** Events in: committed before anything else happens to them, each once. */
export function inbox(database: Database): Pick<Store, "receive" | "busyLanes" | "nextEvent"> {
  return {
    async receive(connectionId, events, at) {
      if (events.length === 0) return [];
      const isNew = (event: Event) =>
        database.run(inboxSql.insert, connectionId, event.key, event.chatId, JSON.stringify(event), at) === 1;
      return database.transaction(() => events.filter(isNew));
    },
    async busyLanes(connectionId) {
      return database.all<{ chat_id: number | null }>(inboxSql.busyLanes, connectionId).map((row) => row.chat_id);
    },
    async nextEvent(connectionId, chatId) {
      const row = database.first<Columns>(inboxSql.next, connectionId, chatId);
      return row === undefined ? null : readRow(row);
    },
  };
}

function readRow({ event, received_at, ...rest }: Columns): InboxRow {
  return { ...rest, event: JSON.parse(event), receivedAt: received_at };
}

import type { Event } from "../../types/event.ts";
import { inOrder } from "../in-order.ts";
import type { InboxRow, Store } from "../store.ts";
import { saveFact } from "./connections.ts";
import type { Database } from "./database.ts";

/** The statements of the inbox; exported so that a test can ask SQLite for their plans. */
export const inboxSql = {
  insert: `INSERT INTO inbox (connection_id, key, chat_id, event, received_at, state) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (connection_id, key) DO NOTHING`,
  heldLanes: "SELECT DISTINCT chat_id FROM inbox WHERE connection_id = ? AND state = 'held'",
  // Deleted and put in again: a new place in the order is a new `seq`.
  takeHeld: `DELETE FROM inbox WHERE connection_id = ? AND chat_id IS ? AND state = 'held' RETURNING seq, event, received_at`,
  // One statement for each index of undecided events.
  expireHeld:
    "UPDATE inbox SET state = 'expired', failure = ? WHERE connection_id = ? AND chat_id = ? AND state = 'held'",
  expireNew:
    "UPDATE inbox SET state = 'expired', failure = ? WHERE connection_id = ? AND chat_id = ? AND state = 'new'",
  // A lane is busy while it has an event to decide, a call to perform, or a run whose call has ended.
  busyLanes: `SELECT chat_id FROM inbox WHERE connection_id = ?1 AND state = 'new'
    UNION SELECT chat_id FROM outbox WHERE connection_id = ?1 AND state IN ('pending', 'sending', 'unknown')
    UNION SELECT chat_id FROM runs WHERE connection_id = ?1 AND waits_for_call IS NOT NULL
    UNION SELECT chat_id FROM runs WHERE connection_id = ?1 AND waits_for_request = 1`,
  next: `UPDATE inbox SET attempts = attempts + 1 WHERE seq =
      (SELECT seq FROM inbox WHERE connection_id = ? AND chat_id IS ? AND state = 'new' ORDER BY seq LIMIT 1)
    RETURNING seq, event, received_at, state, attempts`,
  peek: `SELECT seq, event, received_at, state, attempts FROM inbox
    WHERE connection_id = ? AND chat_id IS ? AND state = 'new' ORDER BY seq LIMIT 1`,
} as const;

interface Columns {
  readonly seq: number;
  readonly event: string;
  readonly received_at: number;
  readonly state: InboxRow["state"];
  readonly attempts: number;
}

/** Events in: committed before anything else happens to them, each once. */
export function inbox(
  database: Database,
): Pick<Store, "receive" | "heldLanes" | "release" | "busyLanes" | "peekEvent" | "nextEvent"> {
  return {
    async receive(connectionId, events, at, { held = () => false, facts = {} } = {}) {
      const named = Object.entries(facts);
      if (events.length + named.length === 0) return [];
      const isNew = (event: Event) =>
        putIn(database, connectionId, { event, receivedAt: at, state: held(event) ? "held" : "new" });
      return database.transaction(() => {
        for (const [name, value] of named) saveFact(database, connectionId, { name, value });
        return events.filter(isNew);
      });
    },
    async heldLanes(connectionId) {
      return database.all<{ chat_id: number | null }>(inboxSql.heldLanes, connectionId).map((row) => row.chat_id);
    },
    async release(connectionId, chatId, arrange) {
      return database.transaction(() => {
        const rows = database.all<HeldColumns>(inboxSql.takeHeld, connectionId, chatId);
        const held = rows.toSorted((left, right) => left.seq - right.seq).map(readHeld);
        const arrived = new Map(held.map(({ event, receivedAt }) => [event.key, receivedAt]));
        const ordered = inOrder(
          held.map(({ event }) => event),
          arrange,
        );
        for (const event of ordered) {
          const receivedAt = arrived.get(event.key) ?? event.at;
          putIn(database, connectionId, { event, receivedAt, state: "new" });
        }
        return ordered;
      });
    },
    async busyLanes(connectionId) {
      return database.all<{ chat_id: number | null }>(inboxSql.busyLanes, connectionId).map((row) => row.chat_id);
    },
    async peekEvent(connectionId, chatId) {
      const row = database.first<Columns>(inboxSql.peek, connectionId, chatId);
      return row === undefined ? null : readRow(row);
    },
    async nextEvent(connectionId, chatId) {
      const row = database.first<Columns>(inboxSql.next, connectionId, chatId);
      return row === undefined ? null : readRow(row);
    },
  };
}

interface HeldColumns {
  readonly seq: number;
  readonly event: string;
  readonly received_at: number;
}

const readHeld = ({ event, received_at }: HeldColumns): { event: Event; receivedAt: number } => ({
  event: JSON.parse(event),
  receivedAt: received_at,
});

/** Puts one event in, behind all others. Inside the caller's transaction. False: its key is known. */
export function putIn(
  database: Database,
  connectionId: string,
  { event, receivedAt, state }: { event: Event; receivedAt: number; state: "held" | "new" },
): boolean {
  const { key, chatId } = event;
  return database.run(inboxSql.insert, connectionId, key, chatId, JSON.stringify(event), receivedAt, state) === 1;
}

function readRow({ event, received_at, ...rest }: Columns): InboxRow {
  return { ...rest, event: JSON.parse(event), receivedAt: received_at };
}

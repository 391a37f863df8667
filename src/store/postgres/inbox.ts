import type { Event } from "../../types/event.ts";
import { inOrder } from "../in-order.ts";
import type { InboxRow, Store } from "../store.ts";
import { saveFacts } from "./connections.ts";
import type { Database } from "./database.ts";
import { chatOf, laneOf } from "./lane.ts";
import type { Session } from "./session.ts";

/** The statements of the inbox; exported so that a test can ask PostgreSQL for their plans. */
export const inboxSql = {
  // One statement however many there are; `seq` follows the order given.
  insert: `INSERT INTO inbox (connection_id, key, lane, event, received_at, state)
    SELECT $1, key, lane, event, received_at, state
      FROM unnest($2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::text[])
        WITH ORDINALITY AS given (key, lane, event, received_at, state, place)
      ORDER BY place
    ON CONFLICT (connection_id, key) DO NOTHING RETURNING key`,
  heldLanes: "SELECT DISTINCT lane FROM inbox WHERE connection_id = $1 AND state = 'held'",
  // Deleted and put in again: a new place in the order is a new `seq`.
  takeHeld: `DELETE FROM inbox WHERE connection_id = $1 AND lane = $2 AND state = 'held' RETURNING seq, event, received_at`,
  // A lane is busy while it has an event to decide, a call to perform, or a run whose call has ended.
  busyLanes: `SELECT lane FROM inbox WHERE connection_id = $1 AND state = 'new'
    UNION SELECT lane FROM outbox WHERE connection_id = $1 AND state IN ('pending', 'sending', 'unknown')
    UNION SELECT lane FROM runs WHERE connection_id = $1 AND waits_for = 'call'
    UNION SELECT lane FROM runs WHERE connection_id = $1 AND waits_for = 'request'`,
  next: `UPDATE inbox SET attempts = attempts + 1 WHERE state = 'new' AND seq =
      (SELECT seq FROM inbox WHERE connection_id = $1 AND lane = $2 AND state = 'new' ORDER BY seq LIMIT 1)
    RETURNING seq, event, received_at AS "receivedAt", state, attempts`,
  peek: `SELECT seq, event, received_at AS "receivedAt", state, attempts FROM inbox
    WHERE connection_id = $1 AND lane = $2 AND state = 'new' ORDER BY seq LIMIT 1`,
} as const;

/** Events in: committed before anything else happens to them, each once. */
export function inbox(
  database: Database,
): Pick<Store, "receive" | "heldLanes" | "release" | "busyLanes" | "peekEvent" | "nextEvent"> {
  const lanes = async (sql: string, connectionId: string) =>
    (await database.all<{ lane: number }>(sql, connectionId)).map(({ lane }) => chatOf(lane));
  return {
    async receive(connectionId, events, at, { held = () => false, facts = {} } = {}) {
      const arrivals = events.map((event): Arrival => ({ event, receivedAt: at, state: held(event) ? "held" : "new" }));
      if (events.length + Object.keys(facts).length === 0) return [];
      return await database.transaction(async (session) => {
        const [fresh] = await Promise.all([
          putIn(session, connectionId, arrivals),
          saveFacts(session, connectionId, facts),
        ]);
        return fresh;
      });
    },
    heldLanes: (connectionId) => lanes(inboxSql.heldLanes, connectionId),
    release: (connectionId, chatId, arrange) =>
      database.transaction(async (session) => {
        const held = await session.all<HeldRow>(inboxSql.takeHeld, connectionId, laneOf(chatId));
        return await putIn(session, connectionId, arranged(held, arrange));
      }),
    busyLanes: (connectionId) => lanes(inboxSql.busyLanes, connectionId),
    async peekEvent(connectionId, chatId) {
      const row = await database.first<InboxRow & { event: string }>(inboxSql.peek, connectionId, laneOf(chatId));
      return row === undefined ? null : { ...row, event: JSON.parse(row.event) };
    },
    async nextEvent(connectionId, chatId) {
      const row = await database.first<InboxRow & { event: string }>(inboxSql.next, connectionId, laneOf(chatId));
      return row === undefined ? null : { ...row, event: JSON.parse(row.event) };
    },
  };
}

interface HeldRow {
  readonly seq: number;
  readonly event: string;
  readonly received_at: number;
}

/** Held events in the order wanted, each with the moment at which it came. */
function arranged(rows: readonly HeldRow[], arrange: (events: readonly Event[]) => readonly Event[]): Arrival[] {
  const asReceived = rows.toSorted((left, right) => left.seq - right.seq);
  const events = asReceived.map((row): Event => JSON.parse(row.event));
  const arrivedAt = new Map(events.map(({ key }, index) => [key, asReceived[index]?.received_at]));
  return inOrder(events, arrange).map((event) => ({
    event,
    receivedAt: arrivedAt.get(event.key) ?? event.at,
    state: "new",
  }));
}

export interface Arrival {
  readonly event: Event;
  readonly receivedAt: number;
  readonly state: "held" | "new";
}

/** Puts events in, behind all others. Gives those whose key was new, in order. Inside the caller's transaction. */
export async function putIn(
  session: Session,
  connectionId: string,
  arrivals: readonly Arrival[],
): Promise<readonly Event[]> {
  if (arrivals.length === 0) return [];
  const rows = await session.all<{ key: string }>(
    inboxSql.insert,
    connectionId,
    arrivals.map(({ event }) => event.key),
    arrivals.map(({ event }) => laneOf(event.chatId)),
    arrivals.map(({ event }) => JSON.stringify(event)),
    arrivals.map(({ receivedAt }) => receivedAt),
    arrivals.map(({ state }) => state),
  );
  const fresh = new Set(rows.map(({ key }) => key));
  // `delete`: of two with one key in a batch, only the first was put in.
  return arrivals.map(({ event }) => event).filter(({ key }) => fresh.delete(key));
}

import type { TimerChange } from "../../types/plan.ts";
import { type DueTimer, firingOf } from "../firing.ts";
import type { Store } from "../store.ts";
import type { Database } from "./database.ts";
import { lastOf } from "./documents.ts";
import { putIn } from "./inbox.ts";
import type { Session } from "./session.ts";

/** The statements of timers; exported so that a test can ask PostgreSQL for their plans. */
export const timersSql = {
  set: `INSERT INTO timers (connection_id, key, chat_id, dialog_id, due_at)
    SELECT $1, key, chat_id, dialog_id, due_at
      FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[]) AS given (key, chat_id, dialog_id, due_at)
      ORDER BY key
    ON CONFLICT (connection_id, key) DO UPDATE SET due_at = excluded.due_at, dialog_id = excluded.dialog_id`,
  remove: "DELETE FROM timers WHERE connection_id = $1 AND key = ANY($2::text[])",
  // The moment is looked at once more: a commit may be moving the timer just now.
  takeDue: `DELETE FROM timers WHERE connection_id = $1 AND due_at <= $2 AND key = ANY (ARRAY
      (SELECT key FROM timers WHERE connection_id = $1 AND due_at <= $2 ORDER BY due_at, key LIMIT $3))
    RETURNING key, chat_id AS "chatId", dialog_id AS "dialogId", due_at AS "dueAt"`,
  removeOfChats: "DELETE FROM timers WHERE connection_id = $1 AND chat_id = ANY($2::bigint[])",
  next: `SELECT due_at AS "dueAt" FROM timers WHERE connection_id = $1 ORDER BY due_at LIMIT 1`,
} as const;

/** Durable timers: a firing is an event of the inbox, so it is decided once, in its chat's order. */
export function timers(database: Database): Pick<Store, "fireTimers" | "nextTimer"> {
  return {
    fireTimers: (connectionId, now, limit) =>
      database.transaction(async (session) => {
        const due = await session.all<DueTimer>(timersSql.takeDue, connectionId, now, limit);
        const events = due.toSorted(inTime).map(firingOf);
        const arrivals = events.map((event) => ({ event, receivedAt: now, state: "new" }) as const);
        await putIn(session, connectionId, arrivals);
        return events;
      }),
    async nextTimer(connectionId) {
      return (await database.first<{ dueAt: number }>(timersSql.next, connectionId))?.dueAt ?? null;
    },
  };
}

const inTime = (left: DueTimer, right: DueTimer) => left.dueAt - right.dueAt || (left.key < right.key ? -1 : 1);

/** Sets timers and takes them back; the last word about a key counts. Inside the caller's transaction. */
export async function changeTimers(
  session: Session,
  connectionId: string,
  changes: readonly TimerChange[],
): Promise<void> {
  const last = lastOf(changes, ({ key }) => key);
  const set = last.filter(({ at }) => at !== null);
  const gone = last.filter(({ at }) => at === null).map(({ key }) => key);
  await Promise.all([
    gone.length > 0 && session.run(timersSql.remove, connectionId, gone),
    set.length > 0 &&
      session.run(
        timersSql.set,
        connectionId,
        set.map(({ key }) => key),
        set.map(({ chatId }) => chatId),
        set.map(({ dialogId }) => dialogId),
        set.map(({ at }) => at),
      ),
  ]);
}

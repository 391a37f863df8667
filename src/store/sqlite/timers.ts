import type { TimerChange } from "../../types/plan.ts";
import { firingOf } from "../firing.ts";
import type { Store } from "../store.ts";
import type { Database } from "./database.ts";
import { putIn } from "./inbox.ts";

/** The statements of timers; exported so that a test can ask SQLite for their plans. */
export const timersSql = {
  set: `INSERT INTO timers (connection_id, key, chat_id, dialog_id, due_at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (connection_id, key) DO UPDATE SET due_at = excluded.due_at, dialog_id = excluded.dialog_id`,
  remove: "DELETE FROM timers WHERE connection_id = ? AND key = ?",
  due: `SELECT key, chat_id, dialog_id, due_at FROM timers WHERE connection_id = ? AND due_at <= ?
    ORDER BY due_at, key LIMIT ?`,
  removeOfChat: "DELETE FROM timers INDEXED BY timers_by_chat WHERE connection_id = ? AND chat_id = ?",
  next: "SELECT min(due_at) AS due_at FROM timers WHERE connection_id = ?",
} as const;

interface Columns {
  readonly key: string;
  readonly chat_id: number;
  readonly dialog_id: number | null;
  readonly due_at: number;
}

/** Durable timers: a firing is an event of the inbox, so it is decided once, in its chat's order. */
export function timers(database: Database): Pick<Store, "fireTimers" | "nextTimer"> {
  return {
    async fireTimers(connectionId, now, limit) {
      return database.transaction(() =>
        database.all<Columns>(timersSql.due, connectionId, now, limit).map((row) => {
          const { key, chat_id: chatId, dialog_id: dialogId, due_at: dueAt } = row;
          const event = firingOf({ key, chatId, dialogId, dueAt });
          putIn(database, connectionId, { event, receivedAt: now, state: "new" });
          database.run(timersSql.remove, connectionId, row.key);
          return event;
        }),
      );
    },
    async nextTimer(connectionId) {
      return database.first<{ due_at: number | null }>(timersSql.next, connectionId)?.due_at ?? null;
    },
  };
}

/** Sets or takes back a timer. Inside the caller's transaction. */
export function changeTimer(
  database: Database,
  connectionId: string,
  { key, chatId, dialogId, at }: TimerChange,
): void {
  if (at === null) database.run(timersSql.remove, connectionId, key);
  else database.run(timersSql.set, connectionId, key, chatId, dialogId, at);
}

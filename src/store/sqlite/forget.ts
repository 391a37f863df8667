import type { CallOutcome } from "../../types/plan.ts";
import type { Store } from "../store.ts";
import { commitSql } from "./commit.ts";
import type { Database } from "./database.ts";
import { inboxSql } from "./inbox.ts";
import { timersSql } from "./timers.ts";

// Two statements, one for each index of runs by chat.
const deleteWaitingRuns = "DELETE FROM runs WHERE connection_id = ? AND chat_id = ? AND waits_for_call IS NOT NULL";
const deleteOtherRuns = "DELETE FROM runs WHERE connection_id = ? AND chat_id = ? AND waits_for_call IS NULL";

/** The statements of forgetting; exported so that a test can ask SQLite for their plans. */
export const forgetSql = {
  dropCalls: `UPDATE outbox SET state = 'dropped', outcome = ?, updated_at = ?
    WHERE connection_id = ? AND chat_id = ? AND state IN ('pending', 'sending', 'unknown')`,
  endWaitingRuns: `${deleteWaitingRuns} RETURNING event_key`,
  endOtherRuns: `${deleteOtherRuns} RETURNING event_key`,
  deleteWaitingRuns,
  deleteOtherRuns,
  deleteDialogs: "DELETE FROM dialogs WHERE connection_id = ? AND chat_id = ?",
  deleteChat: "DELETE FROM chats WHERE connection_id = ? AND id = ?",
} as const;

const GONE: CallOutcome = { ok: false, reason: "chat_deleted" };

/** Chats that the gateway has deleted: nothing of them is left to do. */
export function forgetting(database: Database): Pick<Store, "forgetChats"> {
  return {
    async forgetChats(connectionId, chatIds, at) {
      database.transaction(() => {
        for (const chatId of chatIds) forgetChat(database, { connectionId, chatId, at });
      });
    },
  };
}

function forgetChat(
  database: Database,
  { connectionId, chatId, at }: { readonly connectionId: string; readonly chatId: number; readonly at: number },
): void {
  for (const sql of [inboxSql.expireHeld, inboxSql.expireNew]) {
    database.run(sql, "the chat was deleted", connectionId, chatId);
  }
  database.run(forgetSql.dropCalls, JSON.stringify(GONE), at, connectionId, chatId);
  const ended = [forgetSql.endWaitingRuns, forgetSql.endOtherRuns].flatMap((sql) =>
    database.all<{ event_key: string }>(sql, connectionId, chatId),
  );
  for (const { event_key } of ended) database.run(commitSql.settle, connectionId, event_key);
  database.run(timersSql.removeOfChat, connectionId, chatId);
  database.run(forgetSql.deleteDialogs, connectionId, chatId);
  database.run(forgetSql.deleteChat, connectionId, chatId);
}

import type { CallOutcome } from "../../types/plan.ts";
import type { Store } from "../store.ts";
import { settle } from "./commit.ts";
import type { Database } from "./database.ts";
import type { Session } from "./session.ts";
import { timersSql } from "./timers.ts";

/** The statements of forgetting; exported so that a test can ask PostgreSQL for their plans. Each names the states of its index. */
export const forgetSql = {
  expireHeld: `UPDATE inbox SET state = 'expired', failure = $3
    WHERE connection_id = $1 AND lane = ANY($2::bigint[]) AND state = 'held'`,
  expireNew: `UPDATE inbox SET state = 'expired', failure = $3
    WHERE connection_id = $1 AND lane = ANY($2::bigint[]) AND state = 'new'`,
  dropCalls: `UPDATE outbox SET state = 'dropped', outcome = $3, updated_at = $4
    WHERE connection_id = $1 AND lane = ANY($2::bigint[]) AND state IN ('pending', 'sending', 'unknown')`,
  endWaitingRuns: `DELETE FROM runs WHERE connection_id = $1 AND lane = ANY($2::bigint[]) AND waits_for = 'call'
    RETURNING event_key AS "eventKey"`,
  endRequestingRuns: `DELETE FROM runs WHERE connection_id = $1 AND lane = ANY($2::bigint[]) AND waits_for = 'request'
    RETURNING event_key AS "eventKey"`,
  endRestingRuns: `DELETE FROM runs
    WHERE connection_id = $1 AND lane = ANY($2::bigint[]) AND waits_for IN ('time', 'answer', 'nothing')
    RETURNING event_key AS "eventKey"`,
  deleteDialogs: "DELETE FROM dialogs WHERE connection_id = $1 AND chat_id = ANY($2::bigint[])",
  deleteChats: "DELETE FROM documents WHERE connection_id = $1 AND kind = 'chat' AND id = ANY($2::bigint[])",
} as const;

const GONE: CallOutcome = { ok: false, reason: "chat_deleted" };

/** Chats that the gateway has deleted: nothing of them is left to do. */
export function forgetting(database: Database): Pick<Store, "forgetChats"> {
  return {
    async forgetChats(connectionId, chatIds, at) {
      if (chatIds.length === 0) return;
      await database.transaction((session) => forget(session, { connectionId, chatIds, at }));
    },
  };
}

async function forget(
  session: Session,
  {
    connectionId,
    chatIds,
    at,
  }: { readonly connectionId: string; readonly chatIds: readonly number[]; readonly at: number },
): Promise<void> {
  const end = (sql: string) => session.all<{ eventKey: string }>(sql, connectionId, chatIds);
  const [ended] = await Promise.all([
    Promise.all([end(forgetSql.endWaitingRuns), end(forgetSql.endRequestingRuns), end(forgetSql.endRestingRuns)]),
    session.run(forgetSql.expireHeld, connectionId, chatIds, "the chat was deleted"),
    session.run(forgetSql.expireNew, connectionId, chatIds, "the chat was deleted"),
    session.run(forgetSql.dropCalls, connectionId, chatIds, JSON.stringify(GONE), at),
    session.run(timersSql.removeOfChats, connectionId, chatIds),
    session.run(forgetSql.deleteDialogs, connectionId, chatIds),
    session.run(forgetSql.deleteChats, connectionId, chatIds),
  ]);
  const eventKeys = ended.flat().map(({ eventKey }) => eventKey);
  await settle(session, connectionId, eventKeys);
}

import type { Commit, Store } from "../store.ts";
import type { Database } from "./database.ts";
import { saveDecision } from "./decisions.ts";
import { saveChat, saveCustomer, saveDialog, saveDocuments, saveRotation } from "./documents.ts";
import { planCalls } from "./outbox.ts";
import { endRun, findRun, saveRun } from "./runs.ts";
import { changeTimer } from "./timers.ts";

/** The statements of a commit; exported so that a test can ask SQLite for their plans. */
export const commitSql = {
  take: `UPDATE inbox SET state = ?, failure = ? WHERE connection_id = ? AND key = ? AND state = 'new' RETURNING chat_id`,
  settle: `UPDATE inbox SET state = 'done' WHERE connection_id = ?1 AND key = ?2 AND state = 'decided' AND NOT EXISTS
    (SELECT 1 FROM runs WHERE connection_id = ?1 AND event_key = ?2 AND (waits_for_call IS NOT NULL OR waits_for_request = 1))`,
} as const;

/** The event a commit belongs to. */
interface Origin {
  readonly eventKey: string | null;
  readonly chatId: number | null;
}

/** One decision, whole or not at all. */
export function commits(database: Database): Pick<Store, "commit"> {
  return {
    async commit(connectionId, commit) {
      return database.transaction(() => {
        // Looks first and writes after: a refusal leaves an empty transaction behind.
        const origin =
          commit.eventKey === null ? resume(database, connectionId, commit) : take(database, connectionId, commit);
        if (origin === null) return false;
        saveState(database, connectionId, commit);
        planCalls(database, { connectionId, calls: commit.calls, at: commit.at });
        const ended = commit.endedRunIds.map((id) => endRun(database, connectionId, id));
        for (const run of commit.runs) saveRun(database, connectionId, run);
        for (const timer of commit.timers ?? []) changeTimer(database, connectionId, timer);
        const { eventKey, chatId } = origin;
        const tells = commit.eventKey !== null || commit.verdicts.length > 0;
        if (eventKey !== null && tells) saveDecision(database, connectionId, { ...commit, eventKey, chatId });
        settle(database, connectionId, [eventKey, ...ended, ...commit.runs.map((run) => run.eventKey)]);
        return true;
      });
    },
  };
}

/** Sets the state of the event that was decided; null when it is not `new` any more. */
function take(database: Database, connectionId: string, commit: Commit): Origin | null {
  const { eventState, failure, eventKey } = commit;
  const row = database.first<{ chat_id: number | null }>(commitSql.take, eventState, failure, connectionId, eventKey);
  return row === undefined ? null : { eventKey, chatId: row.chat_id };
}

/** Makes sure that the resumed run is still there; null when it is gone. */
function resume(database: Database, connectionId: string, commit: Commit): Origin | null {
  const ids = [...commit.endedRunIds, ...commit.runs.map((run) => run.id)];
  const known = ids.map((id) => findRun(database, connectionId, id));
  if (known.includes(undefined)) return null;
  return { eventKey: known[0]?.event_key ?? null, chatId: known[0]?.chat_id ?? null };
}

function saveState(database: Database, connectionId: string, commit: Commit): void {
  const { chat, customer, at } = commit;
  if (chat !== undefined) saveChat(database, connectionId, { chat, at });
  if (customer !== undefined) saveCustomer(database, connectionId, { customer, at });
  for (const dialog of commit.dialogs ?? []) saveDialog(database, connectionId, dialog);
  saveDocuments(database, connectionId, { table: "people", documents: commit.people ?? [] });
  saveDocuments(database, connectionId, { table: "channels", documents: commit.channels ?? [] });
  saveDocuments(database, connectionId, { table: "bots", documents: commit.bots ?? [] });
  if (commit.rotation !== undefined) saveRotation(database, connectionId, commit.rotation);
}

/** An event is done as soon as none of its runs waits for a call. */
function settle(database: Database, connectionId: string, eventKeys: readonly (string | null | undefined)[]): void {
  for (const key of new Set(eventKeys)) {
    if (key !== null && key !== undefined) database.run(commitSql.settle, connectionId, key);
  }
}

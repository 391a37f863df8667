import type { Run } from "../../types/plan.ts";
import { finalOutcome } from "../final-outcome.ts";
import type { OutboxState, Store } from "../store.ts";
import type { Database } from "./database.ts";

/** The statements of runs; exported so that a test can ask SQLite for their plans. */
export const runsSql = {
  save: `INSERT INTO runs (connection_id, id, chat_id, event_key, rule_version, waits_for_call, waits_for_request, run)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (connection_id, id) DO UPDATE SET chat_id = excluded.chat_id, event_key = excluded.event_key,
      rule_version = excluded.rule_version, waits_for_call = excluded.waits_for_call,
      waits_for_request = excluded.waits_for_request, run = excluded.run`,
  find: "SELECT event_key, chat_id FROM runs WHERE connection_id = ? AND id = ?",
  end: "DELETE FROM runs WHERE connection_id = ? AND id = ? RETURNING event_key",
  waiting: `SELECT run, outbox.state, outbox.outcome FROM runs
    LEFT JOIN outbox ON outbox.connection_id = runs.connection_id AND outbox.key = runs.waits_for_call
    WHERE runs.connection_id = ? AND runs.chat_id IS ? AND waits_for_call IS NOT NULL ORDER BY runs.seq`,
  resting: `SELECT run FROM runs WHERE connection_id = ? AND chat_id IS ? AND waits_for_call IS NULL
    AND waits_for_request = 0 ORDER BY seq`,
  requesting: `SELECT run FROM runs WHERE connection_id = ? AND chat_id IS ? AND waits_for_request = 1 ORDER BY seq`,
} as const;

/** Rules at work: stored when they wait, gone when they end. */
export function runs(database: Database): Pick<Store, "waitingRuns" | "restingRuns" | "requestingRuns"> {
  const read = (sql: string, connectionId: string, chatId: number | null): Run[] =>
    database.all<{ run: string }>(sql, connectionId, chatId).map((row) => JSON.parse(row.run));
  return {
    restingRuns: async (connectionId, chatId) => read(runsSql.resting, connectionId, chatId),
    requestingRuns: async (connectionId, chatId) => read(runsSql.requesting, connectionId, chatId),
    async waitingRuns(connectionId, chatId) {
      return database
        .all<{ run: string; state: OutboxState | null; outcome: string | null }>(runsSql.waiting, connectionId, chatId)
        .map(({ run, state, outcome }) => ({ run: JSON.parse(run), outcome: finalOutcome(state, outcome) }));
    },
  };
}

/** What a run was begun by; undefined when it is gone. */
export function findRun(
  database: Database,
  connectionId: string,
  id: string,
): { readonly event_key: string; readonly chat_id: number | null } | undefined {
  return database.first(runsSql.find, connectionId, id);
}

/** Inserts or replaces a run; it keeps its place among the others. Inside the caller's transaction. */
export function saveRun(database: Database, connectionId: string, run: Run): void {
  const waitsForCall = run.waitsFor?.kind === "call" ? run.waitsFor.key : null;
  const { id, chatId, eventKey, ruleVersion } = run;
  const requests = run.waitsFor?.kind === "request" ? 1 : 0;
  const plain = JSON.stringify(run);
  database.run(runsSql.save, connectionId, id, chatId, eventKey, ruleVersion, waitsForCall, requests, plain);
}

/** Removes a run; gives the key of the event that began it, or undefined when it was gone. */
export function endRun(database: Database, connectionId: string, id: string): string | undefined {
  return database.first<{ event_key: string }>(runsSql.end, connectionId, id)?.event_key;
}

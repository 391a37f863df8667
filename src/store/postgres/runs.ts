import type { Run } from "../../types/plan.ts";
import { finalOutcome } from "../final-outcome.ts";
import type { OutboxState, Store } from "../store.ts";
import type { Database } from "./database.ts";
import { lastOf } from "./documents.ts";
import { laneOf } from "./lane.ts";
import type { Session } from "./session.ts";

/** The statements of runs; exported so that a test can ask PostgreSQL for their plans. */
export const runsSql = {
  save: `INSERT INTO runs (connection_id, id, lane, event_key, rule_version, waits_for, call_key, run)
    SELECT $1, id, lane, event_key, rule_version, waits_for, call_key, run
      FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
        WITH ORDINALITY AS given (id, lane, event_key, rule_version, waits_for, call_key, run, place)
      ORDER BY place
    ON CONFLICT (connection_id, id) DO UPDATE SET lane = excluded.lane, event_key = excluded.event_key,
      rule_version = excluded.rule_version, waits_for = excluded.waits_for, call_key = excluded.call_key,
      run = excluded.run`,
  // Whoever resumes the same run at the same time waits here, and then finds it gone.
  find: `SELECT id, event_key AS "eventKey", lane FROM runs WHERE connection_id = $1 AND id = ANY($2::text[]) FOR UPDATE`,
  end: `DELETE FROM runs WHERE connection_id = $1 AND id = ANY($2::text[]) RETURNING event_key AS "eventKey"`,
  waiting: `SELECT run, outbox.state, outbox.outcome FROM runs
    LEFT JOIN outbox ON outbox.connection_id = runs.connection_id AND outbox.key = runs.call_key
    WHERE runs.connection_id = $1 AND runs.lane = $2 AND waits_for = 'call' ORDER BY runs.seq`,
  resting: `SELECT run FROM runs
    WHERE connection_id = $1 AND lane = $2 AND waits_for IN ('time', 'answer', 'nothing') ORDER BY seq`,
  requesting: "SELECT run FROM runs WHERE connection_id = $1 AND lane = $2 AND waits_for = 'request' ORDER BY seq",
} as const;

interface WaitingRow {
  readonly run: string;
  readonly state: OutboxState | null;
  readonly outcome: string | null;
}

/** Rules at work: stored when they wait, gone when they end. */
export function runs(database: Database): Pick<Store, "waitingRuns" | "restingRuns" | "requestingRuns"> {
  const read = async (sql: string, connectionId: string, chatId: number | null): Promise<Run[]> => {
    const rows = await database.all<{ run: string }>(sql, connectionId, laneOf(chatId));
    return rows.map(({ run }) => JSON.parse(run));
  };
  return {
    restingRuns: (connectionId, chatId) => read(runsSql.resting, connectionId, chatId),
    requestingRuns: (connectionId, chatId) => read(runsSql.requesting, connectionId, chatId),
    async waitingRuns(connectionId, chatId) {
      const rows = await database.all<WaitingRow>(runsSql.waiting, connectionId, laneOf(chatId));
      return rows.map(({ run, state, outcome }) => ({ run: JSON.parse(run), outcome: finalOutcome(state, outcome) }));
    },
  };
}

export interface FoundRun {
  readonly id: string;
  readonly eventKey: string;
  readonly lane: number;
}

/** Those of the runs that are there, in no order. They stay as they are until the caller's transaction has ended. */
export async function findRuns(session: Session, connectionId: string, ids: readonly string[]): Promise<FoundRun[]> {
  return ids.length === 0 ? [] : await session.all<FoundRun>(runsSql.find, connectionId, ids);
}

/** Inserts or replaces runs; each keeps its place among the others. Inside the caller's transaction. */
export async function saveRuns(session: Session, connectionId: string, given: readonly Run[]): Promise<void> {
  const saved = lastOf(given, ({ id }) => id);
  if (saved.length === 0) return;
  await session.run(
    runsSql.save,
    connectionId,
    saved.map(({ id }) => id),
    saved.map(({ chatId }) => laneOf(chatId)),
    saved.map(({ eventKey }) => eventKey),
    saved.map(({ ruleVersion }) => ruleVersion),
    saved.map(({ waitsFor }) => waitsFor?.kind ?? "nothing"),
    saved.map(({ waitsFor }) => (waitsFor?.kind === "call" ? waitsFor.key : null)),
    saved.map((run) => JSON.stringify(run)),
  );
}

/** Removes runs; gives the keys of the events that began them. Inside the caller's transaction. */
export async function endRuns(session: Session, connectionId: string, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await session.all<{ eventKey: string }>(runsSql.end, connectionId, ids);
  return rows.map(({ eventKey }) => eventKey);
}

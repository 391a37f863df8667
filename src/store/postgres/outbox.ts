import type { PlannedCall } from "../../types/plan.ts";
import type { OutboxRow, Store } from "../store.ts";
import type { Database } from "./database.ts";
import { saveDialogs } from "./documents.ts";
import { laneOf } from "./lane.ts";
import type { Session } from "./session.ts";

const columns = `seq, planned, state, attempts, created_at AS "createdAt", updated_at AS "updatedAt",
  since_message_id AS "sinceMessageId", outcome`;

/** The statements of the outbox; exported so that a test can ask PostgreSQL for their plans. */
export const outboxSql = {
  // The same decision always makes the same keys: a call that is known is never planned twice.
  insert: `INSERT INTO outbox (connection_id, key, lane, planned, created_at, updated_at)
    SELECT $1, key, lane, planned, $2, $2
      FROM unnest($3::text[], $4::bigint[], $5::text[]) WITH ORDINALITY AS given (key, lane, planned, place)
      ORDER BY place
    ON CONFLICT (connection_id, key) DO NOTHING`,
  next: `SELECT ${columns} FROM outbox
    WHERE connection_id = $1 AND lane = $2 AND state IN ('pending', 'sending', 'unknown') ORDER BY seq LIMIT 1`,
  begin: `UPDATE outbox SET state = 'sending', attempts = attempts + 1, updated_at = $1, since_message_id = $2
    WHERE connection_id = $3 AND key = $4 AND state = 'pending'`,
  end: `UPDATE outbox SET state = $1, outcome = $2, updated_at = $3
    WHERE connection_id = $4 AND key = $5 AND state IN ('pending', 'sending', 'unknown')`,
  list: `SELECT ${columns} FROM outbox WHERE connection_id = $1 ORDER BY seq DESC LIMIT $2`,
  listOfState: `SELECT ${columns} FROM outbox WHERE connection_id = $1 AND state = $2 ORDER BY seq DESC LIMIT $3`,
} as const;

type Columns = Pick<OutboxRow, "seq" | "state" | "attempts" | "createdAt" | "updatedAt" | "sinceMessageId"> & {
  readonly planned: string;
  readonly outcome: string | null;
};

/** Calls out: each goes from `pending` through `sending` to one final state, and a final state never changes. */
export function outbox(database: Database): Pick<Store, "nextCall" | "beginCall" | "endCall" | "outbox"> {
  return {
    async nextCall(connectionId, chatId) {
      const row = await database.first<Columns>(outboxSql.next, connectionId, laneOf(chatId));
      return row === undefined ? null : readRow(row);
    },
    beginCall: (connectionId, key, at, sinceMessageId) =>
      database.transaction(async (session) => {
        return (await session.run(outboxSql.begin, at, sinceMessageId, connectionId, key)) === 1;
      }),
    endCall: (connectionId, key, { state, outcome, at, dialog }) =>
      database.transaction(async (session) => {
        const text = outcome === null ? null : JSON.stringify(outcome);
        const ended = (await session.run(outboxSql.end, state, text, at, connectionId, key)) === 1;
        if (ended && dialog !== undefined) await saveDialogs(session, connectionId, [dialog]);
      }),
    async outbox(connectionId, { state, limit }) {
      const rows =
        state === undefined
          ? await database.all<Columns>(outboxSql.list, connectionId, limit)
          : await database.all<Columns>(outboxSql.listOfState, connectionId, state, limit);
      return rows.map(readRow);
    },
  };
}

/** Puts planned calls in, in order. Inside the caller's transaction. */
export async function planCalls(
  session: Session,
  { connectionId, calls, at }: { connectionId: string; calls: readonly PlannedCall[]; at: number },
): Promise<void> {
  if (calls.length === 0) return;
  await session.run(
    outboxSql.insert,
    connectionId,
    at,
    calls.map(({ key }) => key),
    calls.map(({ chatId }) => laneOf(chatId)),
    calls.map((call) => JSON.stringify(call)),
  );
}

function readRow({ planned, outcome, ...rest }: Columns): OutboxRow {
  const call: PlannedCall = JSON.parse(planned);
  return { ...call, ...rest, outcome: outcome === null ? null : JSON.parse(outcome) };
}

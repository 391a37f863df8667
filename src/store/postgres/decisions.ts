import type { Verdict } from "../../types/plan.ts";
import type { Commit, DecisionRow, Store } from "../store.ts";
import type { Database } from "./database.ts";
import type { Session } from "./session.ts";

const columns = `event_key AS "eventKey", chat_id AS "chatId", at, rulebook_version AS "rulebookVersion", verdicts`;

/** The statements of decisions; exported so that a test can ask PostgreSQL for their plans. */
export const decisionsSql = {
  insert: `INSERT INTO decisions (connection_id, event_key, chat_id, at, rulebook_version, verdicts)
    VALUES ($1, $2, $3, $4, $5, $6)`,
  list: `SELECT ${columns} FROM decisions WHERE connection_id = $1 ORDER BY seq DESC LIMIT $2`,
  ofChat: `SELECT ${columns} FROM decisions WHERE connection_id = $1 AND chat_id = $2 ORDER BY seq DESC LIMIT $3`,
  ofEvent: `SELECT ${columns} FROM decisions WHERE connection_id = $1 AND event_key = $2 ORDER BY seq DESC LIMIT $3`,
} as const;

/** What was decided and why, for `why` and the console. */
export function decisions(database: Database): Pick<Store, "decisions"> {
  const read = async (sql: string, ...values: readonly (string | number)[]): Promise<DecisionRow[]> => {
    const rows = await database.all<Omit<DecisionRow, "verdicts"> & { verdicts: string }>(sql, ...values);
    return rows.map((row) => ({ ...row, verdicts: JSON.parse(row.verdicts) as readonly Verdict[] }));
  };
  return {
    async decisions(connectionId, { chatId, eventKey, limit }) {
      if (eventKey !== undefined) {
        const rows = await read(decisionsSql.ofEvent, connectionId, eventKey, limit);
        return rows.filter((row) => chatId === undefined || row.chatId === chatId);
      }
      if (chatId !== undefined) return await read(decisionsSql.ofChat, connectionId, chatId, limit);
      return await read(decisionsSql.list, connectionId, limit);
    },
  };
}

/** Keeps the verdicts of a commit. Inside the caller's transaction. */
export async function saveDecision(
  session: Session,
  connectionId: string,
  decision: Pick<Commit, "at" | "rulebookVersion" | "verdicts"> & { eventKey: string; chatId: number | null },
): Promise<void> {
  const { eventKey, chatId, at, rulebookVersion, verdicts } = decision;
  const told = JSON.stringify(verdicts);
  await session.run(decisionsSql.insert, connectionId, eventKey, chatId, at, rulebookVersion, told);
}

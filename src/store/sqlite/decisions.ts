import type { Commit, DecisionRow, Store } from "../store.ts";
import type { Database } from "./database.ts";

const columns = "event_key, chat_id, at, rulebook_version, verdicts";

/** The statements of decisions; exported so that a test can ask SQLite for their plans. */
export const decisionsSql = {
  insert: `INSERT INTO decisions (connection_id, event_key, chat_id, at, rulebook_version, verdicts)
    VALUES (?, ?, ?, ?, ?, ?)`,
  // `+` keeps SQLite from sorting the whole table: the newest rows are read from the end.
  list: `SELECT ${columns} FROM decisions WHERE +connection_id = ? ORDER BY seq DESC LIMIT ?`,
  ofChat: `SELECT ${columns} FROM decisions WHERE connection_id = ? AND chat_id = ? ORDER BY seq DESC LIMIT ?`,
  ofEvent: `SELECT ${columns} FROM decisions WHERE connection_id = ? AND event_key = ? ORDER BY seq DESC LIMIT ?`,
} as const;

interface Columns {
  readonly event_key: string;
  readonly chat_id: number | null;
  readonly at: number;
  readonly rulebook_version: string;
  readonly verdicts: string;
}

/** What was decided and why, for `why` and the console. */
export function decisions(database: Database): Pick<Store, "decisions"> {
  return {
    async decisions(connectionId, { chatId, eventKey, limit }) {
      if (eventKey !== undefined) {
        const rows = database.all<Columns>(decisionsSql.ofEvent, connectionId, eventKey, limit);
        return rows.map(readRow).filter((row) => chatId === undefined || row.chatId === chatId);
      }
      if (chatId !== undefined) {
        return database.all<Columns>(decisionsSql.ofChat, connectionId, chatId, limit).map(readRow);
      }
      return database.all<Columns>(decisionsSql.list, connectionId, limit).map(readRow);
    },
  };
}

/** Keeps the verdicts of a commit. Inside the caller's transaction. */
export function saveDecision(
  database: Database,
  connectionId: string,
  decision: Pick<Commit, "at" | "rulebookVersion" | "verdicts"> & { eventKey: string; chatId: number | null },
): void {
  const { eventKey, chatId, at, rulebookVersion, verdicts } = decision;
  database.run(decisionsSql.insert, connectionId, eventKey, chatId, at, rulebookVersion, JSON.stringify(verdicts));
}

function readRow({ event_key, chat_id, at, rulebook_version, verdicts }: Columns): DecisionRow {
  return {
    eventKey: event_key,
    chatId: chat_id,
    at,
    rulebookVersion: rulebook_version,
    verdicts: JSON.parse(verdicts),
  };
}

import type { Json } from "../../types/json.ts";
import { changedColumns, insertedColumns, recordValues, selectedColumns } from "../connection-columns.ts";
import type { ConnectionRecord, Store } from "../store.ts";
import type { Database } from "./database.ts";

/** The statements of connections and facts; exported so that a test can ask SQLite for their plans. */
export const connectionsSql = {
  list: `SELECT ${selectedColumns} FROM connections ORDER BY id`,
  one: `SELECT ${selectedColumns} FROM connections WHERE id = ?`,
  ofClient: `SELECT ${selectedColumns} FROM connections WHERE client_id = ?`,
  add: `INSERT INTO connections (${insertedColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO NOTHING`,
  touch: "UPDATE connections SET revision = revision + 1 WHERE id = ?",
  revisions: "SELECT id, revision FROM connections ORDER BY id",
  fact: "SELECT value FROM facts WHERE connection_id = ? AND name = ?",
  saveFact: `INSERT INTO facts (connection_id, name, value) VALUES (?, ?, ?)
    ON CONFLICT (connection_id, name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value`,
} as const;

/** Tables with rows of a connection, beside its own row. Rules are everyone's. */
const ITS_TABLES = ["facts", "inbox", "outbox", "runs", "timers", "decisions", "dialogs", "open_dialogs"] as const;
const ITS_DOCUMENTS = ["chats", "customers", "people", "channels", "bots"] as const;

type Methods =
  | "connections"
  | "connection"
  | "connectionOfClient"
  | "addConnection"
  | "saveAccess"
  | "changeConnection"
  | "touchConnection"
  | "removeConnection"
  | "fact"
  | "saveFact";

/** The accounts served, and small facts about each. */
export function connections(
  database: Database,
  /** Part of the removal: whoever works on the connection may store nothing more of it. */
  onRemoved: (id: string) => void = () => {},
): Pick<Store, Methods> {
  const first = (sql: string, value: string) => {
    const row = database.first<Row>(sql, value);
    return row === undefined ? null : recordOf(row);
  };
  return {
    connections: async () => database.all<Row>(connectionsSql.list).map(recordOf),
    connection: async (id) => first(connectionsSql.one, id),
    connectionOfClient: async (clientId) => first(connectionsSql.ofClient, clientId),
    async addConnection(record) {
      database.run(connectionsSql.add, ...recordValues(record).map(storable));
      return first(connectionsSql.one, record.id) ?? record;
    },
    saveAccess: async (id, access) => update(database, id, { change: access, tells: false }),
    changeConnection: async (id, wishes) => update(database, id, { change: wishes, tells: true }),
    async touchConnection(id) {
      database.run(connectionsSql.touch, id);
    },
    async removeConnection(id) {
      database.transaction(() => {
        for (const table of [...ITS_TABLES, ...ITS_DOCUMENTS])
          database.run(`DELETE FROM ${table} WHERE connection_id = ?`, id);
        database.run("DELETE FROM connections WHERE id = ?", id);
      });
      onRemoved(id);
    },
    async fact(connectionId, name) {
      const row = database.first<{ value: string }>(connectionsSql.fact, connectionId, name);
      return row === undefined ? null : JSON.parse(row.value);
    },
    async saveFact(connectionId, name, value) {
      saveFact(database, connectionId, { name, value });
    },
  };
}

/** SQLite has no truth values. */
type Row = Omit<ConnectionRecord, "enabled" | "paused"> & { readonly enabled: number; readonly paused: number };

// Rows of node:sqlite have no prototype; a copy compares and prints like any other object.
const recordOf = (row: Row): ConnectionRecord => ({ ...row, enabled: row.enabled === 1, paused: row.paused === 1 });

const storable = (value: string | number | boolean | null) => (typeof value === "boolean" ? Number(value) : value);

function update(
  database: Database,
  id: string,
  { change, tells }: { readonly change: Parameters<typeof changedColumns>[0]; readonly tells: boolean },
): void {
  const columns = changedColumns(change);
  const sets = columns.map(({ column }) => `${column} = ?`);
  if (tells) sets.push("revision = revision + 1");
  if (sets.length === 0) return;
  const values = columns.map(({ value }) => storable(value));
  database.run(`UPDATE connections SET ${sets.join(", ")} WHERE id = ?`, ...values, id);
}

/** Keeps one fact. May be part of the caller's transaction. */
export function saveFact(
  database: Database,
  connectionId: string,
  { name, value }: { readonly name: string; readonly value: Json },
): void {
  database.run(connectionsSql.saveFact, connectionId, name, JSON.stringify(value));
}

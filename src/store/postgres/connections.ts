import type { Json } from "../../types/json.ts";
import { changedColumns, insertedColumns, recordValues, selectedColumns } from "../connection-columns.ts";
import type { ConnectionRecord, Store } from "../store.ts";
import type { Database } from "./database.ts";
import { lockOf } from "./fence.ts";
import type { Session } from "./session.ts";

/** The statements of connections and facts; exported so that a test can ask PostgreSQL for their plans. */
export const connectionsSql = {
  list: `SELECT ${selectedColumns} FROM connections ORDER BY id`,
  one: `SELECT ${selectedColumns} FROM connections WHERE id = $1`,
  ofClient: `SELECT ${selectedColumns} FROM connections WHERE client_id = $1`,
  add: `INSERT INTO connections (${insertedColumns})
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (id) DO NOTHING`,
  touch: "UPDATE connections SET revision = revision + 1 WHERE id = $1",
  lock: "SELECT pg_advisory_xact_lock($1)",
  fact: "SELECT value FROM facts WHERE connection_id = $1 AND name = $2",
  saveFacts: `INSERT INTO facts (connection_id, name, value)
    SELECT $1, name, value FROM unnest($2::text[], $3::text[]) AS given (name, value) ORDER BY name
    ON CONFLICT (connection_id, name) DO UPDATE SET value = excluded.value`,
} as const;

/** Tables with rows of a connection, beside its own row. Rules are everyone's. */
const ITS_TABLES = [
  "facts",
  "inbox",
  "outbox",
  "runs",
  "timers",
  "decisions",
  "dialogs",
  "documents",
  "leases",
] as const;

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
export function connections(database: Database): Pick<Store, Methods> {
  const first = async (sql: string, value: string) => (await database.first<ConnectionRecord>(sql, value)) ?? null;
  return {
    connections: () => database.all<ConnectionRecord>(connectionsSql.list),
    connection: (id) => first(connectionsSql.one, id),
    connectionOfClient: (clientId) => first(connectionsSql.ofClient, clientId),
    async addConnection(record) {
      await database.run(connectionsSql.add, ...recordValues(record));
      return (await first(connectionsSql.one, record.id)) ?? record;
    },
    saveAccess: (id, access) => update(database, id, { change: access, tells: false }),
    changeConnection: (id, wishes) => update(database, id, { change: wishes, tells: true }),
    async touchConnection(id) {
      await database.run(connectionsSql.touch, id);
    },
    async removeConnection(id) {
      await database.transaction(async (session) => {
        // Whoever is storing something of it ends first; whoever comes later finds that the lease has gone.
        await session.run(connectionsSql.lock, lockOf(database.schema, id));
        for (const table of ITS_TABLES) await session.run(`DELETE FROM ${table} WHERE connection_id = $1`, id);
        await session.run("DELETE FROM connections WHERE id = $1", id);
      });
    },
    async fact(connectionId, name) {
      const row = await database.first<{ value: string }>(connectionsSql.fact, connectionId, name);
      return row === undefined ? null : JSON.parse(row.value);
    },
    saveFact: (connectionId, name, value) => saveFacts(database, connectionId, { [name]: value }),
  };
}

async function update(
  database: Database,
  id: string,
  { change, tells }: { readonly change: Parameters<typeof changedColumns>[0]; readonly tells: boolean },
): Promise<void> {
  const columns = changedColumns(change);
  const sets = columns.map(({ column }, index) => `${column} = $${index + 2}`);
  if (tells) sets.push("revision = revision + 1");
  if (sets.length === 0) return;
  const values = columns.map(({ value }) => value);
  await database.run(`UPDATE connections SET ${sets.join(", ")} WHERE id = $1`, id, ...values);
}

/** Keeps facts by name. May be part of the caller's transaction. */
export async function saveFacts(
  session: Session,
  connectionId: string,
  facts: Readonly<Record<string, Json>>,
): Promise<void> {
  const values = Object.values(facts).map((value) => JSON.stringify(value));
  if (values.length > 0) await session.run(connectionsSql.saveFacts, connectionId, Object.keys(facts), values);
}

import type { Json } from "../../types/json.ts";
import type { ConnectionRecord, Store } from "../store.ts";
import type { Database } from "./database.ts";

const columns = `id, crm_url AS crmUrl, client_id AS clientId, module_code AS moduleCode, gateway_url AS gatewayUrl,
  token, bot_id AS botId`;

/** The statements of connections and facts; exported so that a test can ask SQLite for their plans. */
export const connectionsSql = {
  list: `SELECT ${columns} FROM connections ORDER BY id`,
  one: `SELECT ${columns} FROM connections WHERE id = ?`,
  save: `INSERT INTO connections (id, crm_url, client_id, module_code, gateway_url, token, bot_id)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET crm_url = excluded.crm_url, client_id = excluded.client_id,
      module_code = excluded.module_code, gateway_url = excluded.gateway_url, token = excluded.token,
      bot_id = excluded.bot_id`,
  fact: "SELECT value FROM facts WHERE connection_id = ? AND name = ?",
  saveFact: `INSERT INTO facts (connection_id, name, value) VALUES (?, ?, ?)
    ON CONFLICT (connection_id, name) DO UPDATE SET value = excluded.value`,
} as const;

/** The accounts served, and small facts about each. */
export function connections(
  database: Database,
): Pick<Store, "connections" | "connection" | "saveConnection" | "fact" | "saveFact"> {
  return {
    // Rows of node:sqlite have no prototype; a copy compares and prints like any other object.
    connections: async () => database.all<ConnectionRecord>(connectionsSql.list).map((row) => ({ ...row })),
    async connection(id) {
      const row = database.first<ConnectionRecord>(connectionsSql.one, id);
      return row === undefined ? null : { ...row };
    },
    async saveConnection({ id, crmUrl, clientId, moduleCode, gatewayUrl, token, botId }) {
      database.run(connectionsSql.save, id, crmUrl, clientId, moduleCode, gatewayUrl, token, botId);
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

/** Keeps one fact. May be part of the caller's transaction. */
export function saveFact(
  database: Database,
  connectionId: string,
  { name, value }: { readonly name: string; readonly value: Json },
): void {
  database.run(connectionsSql.saveFact, connectionId, name, JSON.stringify(value));
}

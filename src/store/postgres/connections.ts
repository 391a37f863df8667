import type { Json } from "../../types/json.ts";
import type { ConnectionRecord, Store } from "../store.ts";
import type { Database } from "./database.ts";
import type { Session } from "./session.ts";

const columns = `id, crm_url AS "crmUrl", client_id AS "clientId", module_code AS "moduleCode", gateway_url AS "gatewayUrl",
  token, bot_id AS "botId"`;

/** The statements of connections and facts; exported so that a test can ask PostgreSQL for their plans. */
export const connectionsSql = {
  list: `SELECT ${columns} FROM connections ORDER BY id`,
  one: `SELECT ${columns} FROM connections WHERE id = $1`,
  save: `INSERT INTO connections (id, crm_url, client_id, module_code, gateway_url, token, bot_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (id) DO UPDATE SET crm_url = excluded.crm_url, client_id = excluded.client_id,
      module_code = excluded.module_code, gateway_url = excluded.gateway_url, token = excluded.token,
      bot_id = excluded.bot_id`,
  fact: "SELECT value FROM facts WHERE connection_id = $1 AND name = $2",
  saveFacts: `INSERT INTO facts (connection_id, name, value)
    SELECT $1, name, value FROM unnest($2::text[], $3::text[]) AS given (name, value) ORDER BY name
    ON CONFLICT (connection_id, name) DO UPDATE SET value = excluded.value`,
} as const;

/** The accounts served, and small facts about each. */
export function connections(
  database: Database,
): Pick<Store, "connections" | "connection" | "saveConnection" | "fact" | "saveFact"> {
  return {
    connections: () => database.all<ConnectionRecord>(connectionsSql.list),
    connection: async (id) => (await database.first<ConnectionRecord>(connectionsSql.one, id)) ?? null,
    async saveConnection({ id, crmUrl, clientId, moduleCode, gatewayUrl, token, botId }) {
      await database.run(connectionsSql.save, id, crmUrl, clientId, moduleCode, gatewayUrl, token, botId);
    },
    async fact(connectionId, name) {
      const row = await database.first<{ value: string }>(connectionsSql.fact, connectionId, name);
      return row === undefined ? null : JSON.parse(row.value);
    },
    saveFact: (connectionId, name, value) => saveFacts(database, connectionId, { [name]: value }),
  };
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

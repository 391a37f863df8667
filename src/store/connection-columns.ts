import type { ConnectionAccess, ConnectionRecord, ConnectionWishes } from "./store.ts";

/** What only whoever opens the secrets can say (`sealed.ts`) has no column. */
type Stored = Omit<ConnectionRecord, "unreadable">;

/** Where the fields of a connection's record are kept; both databases name them alike. */
const COLUMNS: Readonly<Record<keyof Stored, string>> = {
  id: "id",
  crmUrl: "crm_url",
  clientId: "client_id",
  moduleCode: "module_code",
  gatewayUrl: "gateway_url",
  token: "token",
  botId: "bot_id",
  apiKey: "api_key",
  language: "language",
  timezone: "timezone",
  ruleSet: "rule_set",
  enabled: "enabled",
  paused: "paused",
};

const FIELDS = Object.keys(COLUMNS) as readonly (keyof Stored)[];

/** What a SELECT of a record names. */
export const selectedColumns = FIELDS.map((field) => `${COLUMNS[field]} AS "${field}"`).join(", ");

/** What an INSERT of a record names; its values are those of `recordValues`. */
export const insertedColumns = FIELDS.map((field) => COLUMNS[field]).join(", ");

export const recordValues = (record: ConnectionRecord) => FIELDS.map((field) => record[field]);

/** The columns that a change names, with their new values. */
export function changedColumns(change: Partial<ConnectionAccess & ConnectionWishes>) {
  const columns = [];
  for (const field of FIELDS) {
    const value = (change as Partial<Stored>)[field];
    if (value !== undefined) columns.push({ column: COLUMNS[field], value });
  }
  return columns;
}

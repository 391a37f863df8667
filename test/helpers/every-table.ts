import { DatabaseSync } from "node:sqlite";
import { isFileAddress } from "../../src/store/address.ts";
import { askOnce } from "./postgres.ts";

/** All rows of all tables of a database, past the store. */
export type Tables = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

export const everyTable = (address: string): Promise<Tables> =>
  isFileAddress(address) ? tablesOfFile(address) : tablesOfSchema(address);

/** Tables in which the text stands, wherever in a row. */
export const tablesWith = (tables: Tables, text: string): readonly string[] =>
  Object.entries(tables)
    .filter(([, rows]) => JSON.stringify(rows).includes(text))
    .map(([name]) => name)
    .toSorted();

async function tablesOfFile(path: string): Promise<Tables> {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    return Object.fromEntries(
      names.map(({ name }) => [String(name), database.prepare(`SELECT * FROM ${String(name)}`).all()]),
    );
  } finally {
    database.close();
  }
}

async function tablesOfSchema(address: string): Promise<Tables> {
  const names = await askOnce<{ name: string }>(
    address,
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()",
  );
  const tables: Record<string, readonly Record<string, unknown>[]> = {};
  for (const { name } of names) tables[name] = await askOnce(address, `SELECT * FROM ${name}`);
  return tables;
}

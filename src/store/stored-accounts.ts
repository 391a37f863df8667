import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { isFileAddress } from "./address.ts";
import { openDatabase } from "./sqlite/database.ts";
import { isOurs } from "./sqlite/schema.ts";
import { StoreError } from "./store.ts";

const COUNT = "SELECT count(*) AS count FROM connections";

/** How many connections are stored at `address`, of whatever version of ours. Only looks: makes and changes nothing. 0 also when there is no store yet,
 *  it is not ours, or does not answer. */
export async function countStoredAccounts(address: string): Promise<number> {
  try {
    return await (isFileAddress(address) ? countInFile(resolve(address)) : countInPostgres(address));
  } catch (error) {
    if (error instanceof StoreError) return 0;
    throw error;
  }
}

function countInFile(path: string): number {
  if (!existsSync(path)) return 0;
  const database = openDatabase(path, { readOnly: true });
  try {
    return isOurs(database) ? (database.first<{ count: number }>(COUNT)?.count ?? 0) : 0;
  } finally {
    database.close();
  }
}

async function countInPostgres(address: string): Promise<number> {
  const [{ openDatabase: openPostgres }, { isThere }] = await Promise.all([
    import("./postgres/database.ts"),
    import("./postgres/schema.ts"),
  ]);
  const database = await openPostgres({ address, readOnly: true });
  try {
    return (await isThere(database)) ? ((await database.first<{ count: number }>(COUNT))?.count ?? 0) : 0;
  } finally {
    await database.close();
  }
}

import { randomBytes } from "node:crypto";
import { type OpenOptions, openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { askOnce } from "./postgres.ts";

/** Which store these tests run on: PostgreSQL in the projects of that name (vitest.config.ts), SQLite otherwise. */
export const STORE = process.env.TEST_STORE === "postgres" ? "PostgreSQL" : "SQLite";

/** How much longer a bot may need that follows a killed one: until a claim on the database that nobody renews runs out. */
export const TAKEOVER_MS = STORE === "PostgreSQL" ? 20_000 : 0;

/** The address of an empty schema that nobody else uses, on the server that `shared-postgres.ts` has started; null on SQLite, where
 *  each test has its own file or memory. */
export async function freshDatabase(): Promise<string | null> {
  if (STORE === "SQLite") return null;
  const server = process.env.TEST_POSTGRES;
  if (server === undefined) throw new Error("the PostgreSQL of test/helpers/shared-postgres.ts has not been started");
  const schema = `case_${randomBytes(8).toString("hex")}`;
  await askOnce(server, `CREATE SCHEMA ${schema}`);
  return `${server}?options=-csearch_path%3D${schema}`;
}

/** An empty store that nobody else uses: in memory, or in PostgreSQL. The test closes it. */
export async function openTestStore(options: OpenOptions = {}): Promise<Store> {
  return openStore((await freshDatabase()) ?? ":memory:", options);
}

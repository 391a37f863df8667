import { StoreError } from "../store.ts";
import type { Database } from "./database.ts";
import { migrations } from "./migrations/index.ts";
import type { Workshop } from "./session.ts";

/** The schema version that this program writes. */
export const SCHEMA_VERSION = migrations.length;

/** One number for all programs of ours: replicas that start together bring the schema up to date one after the other. */
const MIGRATION_LOCK = 0x52756c65;
const OLDEST_SERVER = 130_000;

/** Are tables of ours there, of whatever version? Only reads. Rejects with StoreError. */
export const isThere = async (database: Database): Promise<boolean> => (await versionOf(database)) > 0;

/** The schema version of a database; 0: it holds nothing of ours. Throws StoreError unless it is empty or ours, and not newer than
 *  this program. Only reads. */
export async function checkOrigin(database: Database): Promise<number> {
  await checkServer(database);
  const { place } = database;
  let version = await versionOf(database);
  const isStrange = version === 0 && (await hasTables(database));
  // Another program of ours may have made them since.
  if (isStrange) version = await versionOf(database);
  if (isStrange && version === 0) {
    throw new StoreError(
      `${place} holds tables of another program. Name another database in storage:, or give Rulebot a schema of its own there ` +
        "(?options=-csearch_path%3Drulebot at the end of the address). Nothing was changed.",
    );
  }
  if (version > SCHEMA_VERSION) {
    throw new StoreError(
      `${place} was written by a newer Rulebot (schema ${version}; this one knows ${SCHEMA_VERSION}). ` +
        "Start the newer version, or restore a backup. The database was left as it is.",
    );
  }
  return version;
}

/** Brings the database to this program's version, each step in a transaction of its own. Rejects with StoreError. */
export async function migrate(database: Database): Promise<void> {
  for (let isDone = false; !isDone; ) isDone = await database.rebuild(migrateOnce);
}

/** Rejects with StoreError when the database misses a migration: a reader must not bring it up to date. */
export async function checkUpToDate(database: Database): Promise<void> {
  if ((await checkOrigin(database)) === SCHEMA_VERSION) return;
  throw new StoreError(
    `${database.place} was written by an older Rulebot, or by none yet. Start the bot once: it brings the database up to date.`,
  );
}

/** One step, if one is missing. True: none was. Whoever waited for the lock finds the steps of the one before done. */
async function migrateOnce(session: Workshop): Promise<boolean> {
  await session.run("SELECT pg_advisory_xact_lock($1)", MIGRATION_LOCK);
  await session.run(
    "CREATE TABLE IF NOT EXISTS rulebot_schema (version INTEGER PRIMARY KEY, reached_at TIMESTAMPTZ NOT NULL DEFAULT now())",
  );
  const row = await session.first<{ version: number }>(VERSION);
  const version = row?.version ?? 0;
  const step = migrations[version];
  if (step === undefined) return true;
  await session.script(step);
  await session.run("INSERT INTO rulebot_schema (version) VALUES ($1)", version + 1);
  return false;
}

const VERSION = "SELECT coalesce(max(version), 0) AS version FROM rulebot_schema";

async function versionOf(database: Database): Promise<number> {
  const row = await database.first<{ is_there: boolean }>(
    "SELECT to_regclass('rulebot_schema') IS NOT NULL AS is_there",
  );
  if (row?.is_there !== true) return 0;
  return (await database.first<{ version: number }>(VERSION))?.version ?? 0;
}

/** Tables, but for those that extensions have brought along. */
async function hasTables(database: Database): Promise<boolean> {
  const row = await database.first<{ found: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace =
        (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
    ) AS found`,
  );
  return row?.found === true;
}

async function checkServer(database: Database): Promise<void> {
  const row = await database.first<{ version: number; name: string; encoding: string }>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS name,
      current_setting('server_encoding') AS encoding`,
  );
  const { place, schema } = database;
  if (row !== undefined && row.version < OLDEST_SERVER) {
    throw new StoreError(`${place} runs PostgreSQL ${row.name}. Rulebot needs 13 or later.`);
  }
  if (row !== undefined && row.encoding !== "UTF8") {
    throw new StoreError(
      `${place} keeps texts in ${row.encoding}, which can't hold every language. Make the database anew with ENCODING 'UTF8'.`,
    );
  }
  if (schema === "") {
    throw new StoreError(
      `${place} has no schema that this user may use. Make one, or correct search_path in storage:.`,
    );
  }
}

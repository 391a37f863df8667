import { migrations } from "../migrations/index.ts";
import { StoreError } from "../store.ts";
import type { Database } from "./database.ts";

/** Marks a file as ours ("Rule" in ASCII), in SQLite's header field for this purpose. */
const APPLICATION_ID = 0x52756c65;

/** The schema version that this program writes. */
export const SCHEMA_VERSION = migrations.length;

/** Was it made by this program, in whatever version? Only reads. Throws StoreError. */
export const isOurs = (database: Database): boolean => pragma(database, "application_id") === APPLICATION_ID;

/** Throws StoreError unless the database is empty or ours, and not newer than this program. Only reads. */
export function checkOrigin(database: Database): void {
  const tables = database.first<{ count: number }>("SELECT count(*) AS count FROM sqlite_schema")?.count ?? 0;
  if (tables > 0 && !isOurs(database)) {
    throw new StoreError(
      `${database.path} is the database of another program. Name another file in storage:. This one was left as it is.`,
    );
  }
  const version = pragma(database, "user_version");
  if (version > SCHEMA_VERSION) {
    throw new StoreError(
      `${database.path} was written by a newer Rulebot (schema ${version}; this one knows ${SCHEMA_VERSION}). ` +
        "Start the newer version, or restore a backup. The file was left as it is.",
    );
  }
}

/** Throws StoreError when the database misses a migration: a reader must not bring it up to date. */
export function checkUpToDate(database: Database): void {
  if (pragma(database, "user_version") === SCHEMA_VERSION) return;
  throw new StoreError(
    `${database.path} was written by an older Rulebot. Start the bot once: it brings the file up to date.`,
  );
}

/** Brings the database to this program's version, each step in a transaction of its own. Throws StoreError. */
export function migrate(database: Database): void {
  for (let version = pragma(database, "user_version"); version < SCHEMA_VERSION; version += 1) {
    database.transaction(() => {
      database.script(migrations[version]?.sqlite ?? "");
      database.script(`PRAGMA user_version = ${version + 1}; PRAGMA application_id = ${APPLICATION_ID}`);
    });
  }
}

/** The value of a numeric pragma. */
function pragma(database: Database, name: "user_version" | "application_id"): number {
  return Object.values(database.first<Record<string, number>>(`PRAGMA ${name}`) ?? {})[0] ?? 0;
}

import { existsSync } from "node:fs";
import { StoreError } from "../store.ts";
import { settleCopy } from "./copied.ts";
import { type Database, openDatabase } from "./database.ts";
import { refuseFolder } from "./folder.ts";
import { checkOrigin, checkUpToDate, migrate, SCHEMA_VERSION } from "./schema.ts";

/** After a burst the log of SQLite (`-wal`) shrinks back to this many bytes. */
const LOG_BYTES = 64 * 1024 * 1024;

/** Opens a file (made when missing) or `:memory:`, safe against power loss and brought up to date. Looks before it
 *  writes: a file that is not ours keeps every byte. Throws StoreError. Two processes on one file: see lock.ts. */
export function openToWrite(path: string): Database {
  return closedOnFault(openDatabase(path), (database) => {
    checkOrigin(database);
    // What is deleted is overwritten: a customer who is forgotten is not to be found in the free places of the file.
    database.script(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA journal_size_limit = ${LOG_BYTES}`,
    );
    migrate(database);
    settleCopy(database);
    writeSomething(database);
  });
}

/** Opens an existing file for reading only, whoever is writing it. Throws StoreError. */
export function openToRead(path: string): Database {
  refuseFolder(path);
  if (!existsSync(path)) throw new StoreError(`There is no ${path} yet. Start the bot first, or check storage:.`);
  return closedOnFault(openDatabase(path, { readOnly: true }), (database) => {
    checkOrigin(database);
    checkUpToDate(database);
  });
}

/** A file that can only be read, or a full disk, is noticed now and not at the first event. An empty transaction would not
 *  do: SQLite grants it on a file without the right to write. */
function writeSomething(database: Database): void {
  database.script(`PRAGMA user_version = ${SCHEMA_VERSION}`);
}

function closedOnFault(database: Database, work: (database: Database) => void): Database {
  try {
    work(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

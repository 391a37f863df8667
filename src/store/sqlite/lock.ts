import { StoreError } from "../store.ts";
import { openDatabase } from "./database.ts";

/** SQLite's code for "somebody else holds the lock". */
const BUSY = 5;

/** Keeps every other process (and this one) from opening `file` for writing, until the returned function is called.
 *  Node has no lock of the operating system, but SQLite does: an open exclusive transaction on an empty database beside
 *  the file. It vanishes with the process, even after SIGKILL, and leaves readers of the file itself alone.
 *  The empty `.lock` file stays: deleting it would let two processes lock two different files of that name.
 *  Throws StoreError when somebody holds the lock. */
export function lockFile(file: string): () => void {
  const database = openDatabase(`${file}.lock`, { lockWaitMs: 0 });
  try {
    database.script("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw error;
    const text = `Another Rulebot is using ${file}. Stop it first, or name another file in storage:.`;
    throw new StoreError(text, { cause: error });
  }
  return database.close;
}

function isBusy(error: unknown): boolean {
  const cause = error instanceof StoreError ? error.cause : undefined;
  return cause instanceof Error && "errcode" in cause && cause.errcode === BUSY;
}

import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { StoreError } from "../store.ts";
import { markCopy } from "./copied.ts";
import { openDatabase } from "./database.ts";
import { folderFault } from "./fault.ts";
import { checkOrigin } from "./schema.ts";

export interface Copying {
  readonly from: string;
  readonly to: string;
  /** A bot was using the store at this moment (Unix ms); null: none was. */
  readonly copiedAt: number | null;
}

/** Copies the database, checks the copy and gives it its name; only its owner may read it. Gives its size. Throws StoreError, and then
 *  whatever had the name before is as it was. */
export function saveCopy({ from, to, copiedAt }: Copying): number {
  const partial = `${to}.${randomBytes(4).toString("hex")}.partial`;
  makeEmpty(partial);
  try {
    copyInto(from, partial);
    checkCopy(partial, copiedAt);
    toDisk(partial);
    renameSync(partial, to);
    folderToDisk(dirname(to));
    return statSync(to).size;
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

/** Before anything is in it, nobody else may read it. */
function makeEmpty(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    throw folderFault(error, dirname(path));
  }
}

/** All of one moment, however much is written meanwhile: reading hinders nobody. */
function copyInto(from: string, partial: string): void {
  const database = openDatabase(from, { readOnly: true });
  try {
    checkOrigin(database);
    database.run("VACUUM INTO ?", partial);
  } finally {
    database.close();
  }
}

function checkCopy(partial: string, copiedAt: number | null): void {
  const database = openDatabase(partial);
  try {
    checkOrigin(database);
    if (copiedAt !== null) markCopy(database, copiedAt);
    const found = database.all<{ integrity_check: string }>("PRAGMA integrity_check(1)");
    const [first] = found.map((row) => row.integrity_check);
    if (first !== "ok") throw new StoreError(`The copy is damaged (${first}), so the store is too. Nothing was saved.`);
  } finally {
    database.close();
  }
}

/** So that the new name outlives a power cut, too; some systems have no way to ask for that. */
function folderToDisk(folder: string): void {
  try {
    toDisk(folder);
  } catch {}
}

function toDisk(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

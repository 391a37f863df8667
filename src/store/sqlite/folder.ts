import { accessSync, constants, existsSync, mkdirSync, realpathSync, statfsSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { StoreError } from "../store.ts";
import { folderFault } from "./fault.ts";

/** Makes the folder of a database file and checks that a database can live there. Gives the file's real path, so that
 *  two links to one file are one lock. Throws StoreError; creates nothing but the folder (for its owner only: the file
 *  will hold customers' data). */
export function prepareFolder(address: string): string {
  const asked = resolve(address);
  const folder = dirname(asked);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw folderFault(error, folder);
  }
  const path = existsSync(asked) ? realpathSync(asked) : join(realpathSync(folder), basename(asked));
  refuseFolder(path);
  if (isNetworkFileSystem(statfsSync(dirname(path)).type)) {
    throw new StoreError(
      `${dirname(path)} is on a network disk, where SQLite loses data. Name a file on a local disk in storage:.`,
    );
  }
  return path;
}

/** Throws StoreError when `path` is a folder: `storage:` has to name a file. */
export function refuseFolder(path: string): void {
  if (!existsSync(path) || !statSync(path).isDirectory()) return;
  throw new StoreError(`${path} is a folder. Name a file in storage:, such as ${join(path, "rulebot.db")}.`);
}

/** Is this `f_type` of statfs(2) an NFS, SMB or CIFS disk? Their locks can't be trusted (https://sqlite.org/wal.html).
 *  The numbers are Linux's; elsewhere nothing matches and the operator's choice stands. */
export function isNetworkFileSystem(type: number): boolean {
  return [0x6969, 0x517b, 0xfe534d42, 0xff534d42].includes(type >>> 0);
}

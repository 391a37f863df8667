import { accessSync, constants, existsSync, mkdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { StoreError } from "../store.ts";
import { folderFault } from "./fault.ts";
import { type Disk, networkDisk, systemDisk } from "./network-disk.ts";

/** Makes the folder of a database file and checks that a database can live there. Gives the file's real path, so that
 *  two links to one file are one lock. Throws StoreError; creates nothing but the folder (for its owner only: the file
 *  will hold customers' data). */
export function prepareFolder(address: string, disk: Disk = systemDisk): string {
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
  const network = networkDisk(dirname(path), disk);
  if (network !== null) {
    throw new StoreError(
      `${dirname(path)} is on a network disk (${network}), where SQLite loses data. Name a file on a local disk in storage:, or a database: postgres://user:password@host:5432/name.`,
    );
  }
  return path;
}

/** Throws StoreError when `path` is a folder: `storage:` has to name a file. */
export function refuseFolder(path: string): void {
  if (!existsSync(path) || !statSync(path).isDirectory()) return;
  throw new StoreError(`${path} is a folder. Name a file in storage:, such as ${join(path, "rulebot.db")}.`);
}

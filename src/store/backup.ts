import { realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { isFileAddress } from "./address.ts";
import { saveCopy } from "./sqlite/backup.ts";
import { refuseFolder } from "./sqlite/folder.ts";
import { lockFile } from "./sqlite/lock.ts";
import { StoreError } from "./store.ts";

export interface BackupOptions {
  /** Where the copy goes. Absolute. */
  readonly file: string;
  /** Replace what is there. */
  readonly force: boolean;
  /** Unix ms. */
  readonly now: number;
}

/** `elsewhere`: the store is no file of ours; `exists`: something is there already; `itself`: that is the store. */
export type Backup =
  | { readonly kind: "saved"; readonly bytes: number }
  | { readonly kind: "elsewhere" | "exists" | "itself" };

/** Saves a whole copy of the store at `address`, as it is at one moment, whether a bot is using it or not. It is complete and has been
 *  checked before it gets its name. A copy that was taken beside a running bot is marked: see `settleCopy`. Rejects with StoreError. */
export async function backUp(address: string, { file, force, now }: BackupOptions): Promise<Backup> {
  if (!isFileAddress(address)) return { kind: "elsewhere" };
  const store = resolve(address);
  if (!exists(store)) throw new StoreError(`There is no ${store} yet. Start the bot first, or check storage:.`);
  if (exists(file) && isStore(file, store)) return { kind: "itself" };
  if (exists(file)) {
    refuseFolder(file);
    if (!force) return { kind: "exists" };
  }
  const unlock = lockOrNull(store);
  try {
    return { kind: "saved", bytes: saveCopy({ from: store, to: file, copiedAt: unlock === null ? now : null }) };
  } finally {
    unlock?.();
  }
}

const exists = (path: string) => statSync(path, { throwIfNoEntry: false }) !== undefined;

/** The store's own files must not be replaced by a copy, whatever their path is called. */
function isStore(file: string, store: string): boolean {
  const own = ["", "-wal", "-shm", ".lock"].map((ending) => `${realpathSync(store)}${ending}`);
  return own.includes(realpathSync(file));
}

/** While we hold the lock no bot can start; null: one is running. */
function lockOrNull(store: string): (() => void) | null {
  try {
    return lockFile(realpathSync(store));
  } catch (error) {
    if (error instanceof StoreError) return null;
    throw error;
  }
}

import { resolve } from "node:path";
import { type Clock, systemClock } from "../clock.ts";
import { kindOf } from "./address.ts";
import { type Patience, patiently } from "./patience.ts";
import { openToRead, openToWrite } from "./sqlite/file.ts";
import { prepareFolder } from "./sqlite/folder.ts";
import { lockFile } from "./sqlite/lock.ts";
import { sqliteStore } from "./sqlite.ts";
import { type Store, StoreError } from "./store.ts";

const MEMORY = ":memory:";

export interface OpenOptions {
  /** Reads beside a running bot: takes no lock, creates and changes nothing. Writing methods are rejected. */
  readonly readOnly?: boolean;
  readonly clock?: Clock;
  /** For a database elsewhere; left out: one that is not there is refused at once. */
  readonly patience?: Patience;
}

/** Opens the store at `address`: `postgres://...`, the path of an SQLite file (made, with its folder, when missing) or `:memory:`.
 *  One process at a time may have a file open for writing. Rejects with a StoreError whose message is for the operator;
 *  nothing is ever deleted or repaired. */
export async function openStore(address: string, options: OpenOptions = {}): Promise<Store> {
  const { readOnly = false, clock = systemClock, patience } = options;
  if (address.trim() === "") throw new StoreError(`storage: is empty. ${NAME_A_FILE}`);
  const kind = kindOf(address);
  if (kind === "postgres" || kind === "postgresql") {
    const { openPostgres } = await import("./postgres.ts");
    const { isNotYet } = await import("./postgres/fault.ts");
    const open = () => openPostgres(address, { readOnly, clock });
    return await (patience === undefined ? open() : patiently(open, isNotYet, { patience, clock }));
  }
  if (kind !== null) throw new StoreError(`I do not know the kind of storage "${kind}". ${NAME_A_FILE}`);
  if (readOnly) return sqliteStore(openToRead(resolve(address)), clock);
  if (address === MEMORY) return sqliteStore(openToWrite(MEMORY), clock);
  const path = prepareFolder(address);
  const unlock = lockFile(path);
  try {
    return withUnlock(sqliteStore(openToWrite(path), clock), unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

const NAME_A_FILE =
  "Name a file in storage:, such as ./data/rulebot.db, or a database: postgres://user:password@host:5432/name.";

function withUnlock(store: Store, unlock: () => void): Store {
  return {
    ...store,
    async close() {
      await store.close();
      unlock();
    },
  };
}

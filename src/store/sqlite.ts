import type { Clock } from "../clock.ts";
import { commits } from "./sqlite/commit.ts";
import { connections } from "./sqlite/connections.ts";
import type { Database } from "./sqlite/database.ts";
import { decisions } from "./sqlite/decisions.ts";
import { documents } from "./sqlite/documents.ts";
import { inbox } from "./sqlite/inbox.ts";
import { outbox } from "./sqlite/outbox.ts";
import { runs } from "./sqlite/runs.ts";
import { timers } from "./sqlite/timers.ts";
import { upkeep } from "./sqlite/upkeep.ts";
import type { Store } from "./store.ts";

/** The store contract on an open, migrated SQLite database. Each method does all its work before it gives way to other
 *  code, so no two of them mix; only `prune` pauses, between its transactions. */
export function sqliteStore(database: Database, clock: Clock): Store {
  return {
    close: async () => database.close(),
    ...connections(database),
    ...inbox(database),
    ...commits(database),
    ...decisions(database),
    ...outbox(database),
    ...runs(database),
    ...timers(database),
    ...documents(database),
    ...upkeep(database, clock),
  };
}

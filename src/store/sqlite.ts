import type { Clock } from "../clock.ts";
import { commits } from "./sqlite/commit.ts";
import { connections } from "./sqlite/connections.ts";
import type { Database } from "./sqlite/database.ts";
import { decisions } from "./sqlite/decisions.ts";
import { documents } from "./sqlite/documents.ts";
import { forgetting } from "./sqlite/forget.ts";
import { forgettingCustomer } from "./sqlite/forget-customer.ts";
import { inbox } from "./sqlite/inbox.ts";
import { createLeases, databaseUnder, type LeaseKeeper } from "./sqlite/leases.ts";
import { measures } from "./sqlite/measures.ts";
import { outbox } from "./sqlite/outbox.ts";
import { runs } from "./sqlite/runs.ts";
import { timers } from "./sqlite/timers.ts";
import { upkeep } from "./sqlite/upkeep.ts";
import type { Store } from "./store.ts";

/** The store contract on an open, migrated SQLite database. Each method does all its work before it gives way to other
 *  code, so no two of them mix; only `prune` pauses, between its transactions. */
export function sqliteStore(database: Database, clock: Clock): Store {
  const shared = { ...upkeep(database, clock), leases: createLeases(database, clock) };
  return { ...storeOn(database, shared), close: async () => database.close() };
}

/** A store under a lease shares all with the one it comes from, and leaves the closing to that. */
function storeOn(database: Database, shared: ReturnType<typeof upkeep> & { readonly leases: LeaseKeeper }): Store {
  return {
    close: async () => {},
    ...connections(database, shared.leases.end),
    ...inbox(database),
    ...commits(database),
    ...decisions(database),
    ...outbox(database),
    ...runs(database),
    ...timers(database),
    ...documents(database),
    ...forgetting(database),
    ...forgettingCustomer(database),
    ...measures(database),
    ...shared,
    under: (lease) =>
      storeOn(
        databaseUnder(database, () => shared.leases.check(lease)),
        shared,
      ),
  };
}

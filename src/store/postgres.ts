import type { Clock } from "../clock.ts";
import { commits } from "./postgres/commit.ts";
import { connections } from "./postgres/connections.ts";
import { type Database, openDatabase } from "./postgres/database.ts";
import { decisions } from "./postgres/decisions.ts";
import { documents } from "./postgres/documents.ts";
import { forgetting } from "./postgres/forget.ts";
import { forgettingCustomer } from "./postgres/forget-customer.ts";
import { inbox } from "./postgres/inbox.ts";
import { leases } from "./postgres/leases.ts";
import { measures } from "./postgres/measures.ts";
import { outbox } from "./postgres/outbox.ts";
import { runs } from "./postgres/runs.ts";
import { checkOrigin, checkUpToDate, migrate } from "./postgres/schema.ts";
import { timers } from "./postgres/timers.ts";
import { upkeep } from "./postgres/upkeep.ts";
import type { Store } from "./store.ts";

/** Opens the store in a PostgreSQL database and brings it up to date; with `readOnly` it is left as it is, and writing methods are
 *  rejected. Several programs may have it open at once. Rejects with a StoreError whose message is for the operator. */
export async function openPostgres(
  address: string,
  { readOnly, clock }: { readonly readOnly: boolean; readonly clock: Clock },
): Promise<Store> {
  const database = await openDatabase({ address, readOnly });
  try {
    if (readOnly) await checkUpToDate(database);
    else {
      await checkOrigin(database);
      await migrate(database);
    }
    return postgresStore(database, clock);
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The store contract on an open, migrated PostgreSQL database. */
export function postgresStore(database: Database, clock: Clock): Store {
  const shared = { ...upkeep(database, clock), leases: leases(database) };
  return { ...storeOn(database, shared), close: () => database.close() };
}

/** A store under a lease shares all with the one it comes from, and leaves the closing to that. */
function storeOn(database: Database, shared: ReturnType<typeof upkeep> & Pick<Store, "leases">): Store {
  return {
    close: async () => {},
    ...connections(database),
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
    under: (lease) => storeOn(database.under(lease), shared),
  };
}

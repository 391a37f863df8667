import type { Clock } from "../../clock.ts";
import { type Lease, LeaseLost, type Leases } from "../leases.ts";
import { connectionsSql } from "./connections.ts";
import type { Database } from "./database.ts";

interface Held {
  readonly owner: string | null;
  readonly epoch: number;
  readonly until: number;
}

/** One process has the file (lock.ts), so its leases are kept in its memory: they end with it, and whoever opens the file next
 *  waits for nobody. */
export interface LeaseKeeper extends Leases {
  /** Throws LeaseLost when somebody else has taken the connection since. */
  check(lease: Lease): void;
  /** The connection was removed: nobody holds it any more. */
  end(connectionId: string): void;
}

/** Fact of the whole program: when it was last there (Unix ms). */
const PRESENT = "present_at";

export function createLeases(database: Database, clock: Clock): LeaseKeeper {
  const held = new Map<string, Held>();
  const replicas = new Map<string, number>();
  const holder = (connectionId: string) => {
    const found = held.get(connectionId);
    return found !== undefined && found.until > clock.now() ? found.owner : null;
  };
  const keep = ({ connectionId, owner, epoch, ttlMs }: Lease) =>
    held.set(connectionId, { owner, epoch, until: clock.now() + ttlMs });
  const isHeld = ({ connectionId, owner, epoch }: Lease) => {
    const found = held.get(connectionId);
    return found?.owner === owner && found.epoch === epoch;
  };
  return {
    shared: false,
    async claim(connectionId, owner, ttlMs) {
      const last = held.get(connectionId);
      if (![null, owner].includes(holder(connectionId))) return null;
      const epoch = (last?.epoch ?? 0) + (last?.owner === owner ? 0 : 1);
      const lease = { connectionId, owner, epoch, ttlMs };
      keep(lease);
      return lease;
    },
    async renew(leases) {
      const still = leases.filter(isHeld);
      for (const lease of still) keep(lease);
      return still;
    },
    async giveBack(leases) {
      for (const { connectionId, epoch } of leases.filter(isHeld))
        held.set(connectionId, { owner: null, epoch, until: 0 });
    },
    async present(owner, ttlMs) {
      // The only write of a bot that has nothing to do: a file that takes none is noticed.
      database.run(connectionsSql.saveFact, "", PRESENT, JSON.stringify(clock.now()));
      replicas.set(owner, clock.now() + ttlMs);
      for (const [name, until] of replicas) if (until <= clock.now()) replicas.delete(name);
      return [...replicas.keys()].sort();
    },
    async holdings() {
      const rows = database.all<{ id: string; revision: number }>(connectionsSql.revisions);
      return rows.map(({ id, revision }) => ({ connectionId: id, owner: holder(id), revision }));
    },
    check(lease) {
      if (!isHeld(lease)) throw new LeaseLost(lease);
      // Its time may be over while nobody else has come: then it goes on.
      if (holder(lease.connectionId) === null) keep(lease);
    },
    end(connectionId) {
      const last = held.get(connectionId);
      if (last !== undefined) held.set(connectionId, { owner: null, epoch: last.epoch, until: 0 });
    },
  };
}

/** The database for whoever holds a lease: `check` is asked before anything but reading. */
export function databaseUnder(database: Database, check: () => void): Database {
  const checked = (sql: string) => {
    if (!/^\s*SELECT/i.test(sql)) check();
  };
  return {
    ...database,
    run(sql, ...values) {
      check();
      return database.run(sql, ...values);
    },
    first(sql, ...values) {
      checked(sql);
      return database.first(sql, ...values);
    },
    all(sql, ...values) {
      checked(sql);
      return database.all(sql, ...values);
    },
    transaction(work) {
      check();
      return database.transaction(work);
    },
  };
}

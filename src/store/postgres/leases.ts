import type { Holding, Lease, Leases } from "../leases.ts";
import type { Database } from "./database.ts";
import { lockOf, renewSql } from "./fence.ts";

/** The statements of leases; exported so that a test can ask PostgreSQL for their plans. */
export const leasesSql = {
  // Not while somebody is storing something under an older lease of this connection: nobody waits, it is asked for again.
  claim: `INSERT INTO leases (connection_id, owner, epoch, expires_at)
    SELECT $1, $2, 1, clock_timestamp() + $3 * interval '1 ms' WHERE pg_try_advisory_xact_lock($4)
    ON CONFLICT (connection_id) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at,
      epoch = leases.epoch + CASE WHEN leases.owner = excluded.owner THEN 0 ELSE 1 END
      WHERE leases.owner IS NULL OR leases.owner = excluded.owner OR leases.expires_at <= clock_timestamp()
    RETURNING epoch`,
  renew: renewSql,
  giveBack: `UPDATE leases SET owner = NULL, expires_at = clock_timestamp()
    FROM unnest($1::text[], $2::text[], $3::bigint[]) AS given (connection_id, owner, epoch)
    WHERE leases.connection_id = given.connection_id AND leases.owner = given.owner AND leases.epoch = given.epoch`,
  present: `INSERT INTO replicas (owner, expires_at) VALUES ($1, clock_timestamp() + $2 * interval '1 ms')
    ON CONFLICT (owner) DO UPDATE SET expires_at = excluded.expires_at`,
  absent: "DELETE FROM replicas WHERE expires_at <= clock_timestamp()",
  replicas: "SELECT owner FROM replicas WHERE expires_at > clock_timestamp() ORDER BY owner",
  holdings: `SELECT connections.id AS "connectionId", connections.revision, leases.owner FROM connections
    LEFT JOIN leases ON leases.connection_id = connections.id AND leases.expires_at > clock_timestamp()
    ORDER BY connections.id`,
} as const;

/** Leases as rows, by the clock of the database. Over connections of their own: whatever an account's work has the others wait for,
 *  leases are renewed. */
export function leases({ schema, apart }: Pick<Database, "schema" | "apart">): Leases {
  return {
    shared: true,
    async claim(connectionId, owner, ttlMs) {
      const lock = lockOf(schema, connectionId);
      const row = await apart.first<{ epoch: number }>(leasesSql.claim, connectionId, owner, ttlMs, lock);
      return row === undefined ? null : { connectionId, owner, epoch: row.epoch, ttlMs };
    },
    async renew(held) {
      if (held.length === 0) return [];
      const ttls = held.map(({ ttlMs }) => ttlMs);
      const rows = await apart.all<{ connection_id: string; epoch: number }>(leasesSql.renew, ...columnsOf(held), ttls);
      const renewed = new Map(rows.map(({ connection_id, epoch }) => [connection_id, epoch]));
      return held.filter(({ connectionId, epoch }) => renewed.get(connectionId) === epoch);
    },
    async giveBack(held) {
      if (held.length > 0) await apart.run(leasesSql.giveBack, ...columnsOf(held));
    },
    async present(owner, ttlMs) {
      await apart.run(leasesSql.present, owner, ttlMs);
      await apart.run(leasesSql.absent);
      return (await apart.all<{ owner: string }>(leasesSql.replicas)).map((row) => row.owner);
    },
    holdings: () => apart.all<Holding>(leasesSql.holdings),
  };
}

const columnsOf = (held: readonly Lease[]) => [
  held.map(({ connectionId }) => connectionId),
  held.map(({ owner }) => owner),
  held.map(({ epoch }) => epoch),
];

import { createHash } from "node:crypto";
import pg from "pg";
import type { Lease } from "../leases.ts";

/** The number under which the work on a connection and its taking over keep out of each other's way (an advisory lock, held for
 *  one transaction). Databases may be shared: `schema` keeps two installations apart. */
export function lockOf(schema: string, connectionId: string): string {
  const hash = createHash("sha256").update(`rulebot lease\0${schema}\0${connectionId}`).digest();
  return hash.readBigInt64BE(0).toString();
}

/** SQL that lets a transaction go on under a lease: first it keeps everybody from taking the connection over until the
 *  transaction has ended, then it looks whether that has happened already. Two statements: the second one sees what was committed
 *  while the first one waited. Gives one row, `held`. */
export function fenceSql(schema: string, { connectionId, owner, epoch }: Lease): string {
  return `SELECT pg_advisory_xact_lock_shared(${lockOf(schema, connectionId)});
    SELECT EXISTS (SELECT FROM leases WHERE connection_id = ${pg.escapeLiteral(connectionId)}
      AND owner = ${pg.escapeLiteral(owner)} AND epoch = ${epoch} AND expires_at > clock_timestamp()) AS held`;
}

/** Extends leases that nobody else has taken: `$1` connections, `$2` owners, `$3` epochs, `$4` ms, one of each per lease. */
export const renewSql = `UPDATE leases SET expires_at = clock_timestamp() + given.ttl_ms * interval '1 ms'
  FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) AS given (connection_id, owner, epoch, ttl_ms)
  WHERE leases.connection_id = given.connection_id AND leases.owner = given.owner AND leases.epoch = given.epoch
  RETURNING leases.connection_id, leases.epoch`;

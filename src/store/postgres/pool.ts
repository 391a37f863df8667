import pg from "pg";
import { StoreError } from "../store.ts";

/** Connections to PostgreSQL per process, ten in all: enough to keep chats from waiting for each other, and few enough for several
 *  replicas within the 100 that a server grants unless told otherwise. */
export const MOST_CONNECTIONS = 8;
/** Those of them that leases have for themselves: one that can't be renewed in time because of others' work would be lost. */
export const LEASE_CONNECTIONS = 2;
/** To be connected, or to get a connection that others are using. */
const CONNECT_MS = 10_000;
const IDLE_MS = 60_000;
/** A connection is replaced after this time, so that it follows a moved server and frees what the server remembers of it. */
const LIFETIME_SECONDS = 3_600;
/** The server gives up a statement after this time, and a wait for a lock, and a transaction whose client is silent. */
const STATEMENT_MS = 15_000;
const LOCK_WAIT_MS = 5_000;
const SILENT_MS = 10_000;
/** Longer than the server's own limit: only a server that does not answer at all runs into it. */
const ANSWER_MS = 20_000;

/** What each connection is told first. Nothing that is stored depends on it (a pooler in between may lose it): the limits only
 *  keep trouble short. A commit waits for the disk, also where the server's default says otherwise. */
const SETTINGS = `SELECT set_config('statement_timeout', '${STATEMENT_MS}', false), set_config('lock_timeout', '${LOCK_WAIT_MS}', false),
  set_config('idle_in_transaction_session_timeout', '${SILENT_MS}', false),
  CASE WHEN current_setting('synchronous_commit') = 'off' THEN set_config('synchronous_commit', 'on', false) END`;

const INT8 = 20;

/** Ids and moments are int8, and all of ours are safe integers. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: "text" | "binary") =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format),
};

/** A pool of at most so many connections for `postgres://...`; connects when it is first used. Throws StoreError when the address can't be one; it may hold a
 *  password and is never repeated. */
export function openPool(address: string, most: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: address,
    application_name: "rulebot",
    max: most,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: IDLE_MS,
    maxLifetimeSeconds: LIFETIME_SECONDS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    query_timeout: ANSWER_MS,
    // Statements that do not need each other's answers travel together.
    pipeline: true,
    types,
    onConnect: async (client) => void (await client.query(SETTINGS)),
  });
  // A connection that breaks while nobody uses it is replaced by the pool; one in use tells its user by the failed statement.
  pool.on("error", () => {});
  pool.on("connect", (client) => void client.on("error", () => {}));
  return pool;
}

/** `host:port/database` for messages, without the password. Throws StoreError when this is no address. */
export function placeOf(address: string): string {
  try {
    const { host, port, database } = new pg.Client({ connectionString: address });
    return `${host.startsWith("/") ? host : `${host}:${port}`}/${database ?? ""}`;
  } catch {
    throw new StoreError(
      "storage: is not an address of PostgreSQL that I can use. It looks like postgres://user:password@host:5432/database; " +
        "write special characters of the password as %40 and so on.",
    );
  }
}

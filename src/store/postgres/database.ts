import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { type Lease, LeaseLost } from "../leases.ts";
import { driving, isStale, sqlState, storeFault } from "./fault.ts";
import { fenceSql, renewSql } from "./fence.ts";
import { LEASE_CONNECTIONS, MOST_CONNECTIONS, openPool, placeOf } from "./pool.ts";
import { leaveSql, type Receipt } from "./receipts.ts";
import { ask, type Session, sessionOf, type Value, type Workshop } from "./session.ts";
import { transact } from "./transaction.ts";

/** One PostgreSQL database. Methods reject with StoreError when it refuses or can't be reached; what merely collided with other
 *  work is done again. A statement on its own is a transaction; when the way to the server breaks, it may have been done all the same,
 *  so only what does no harm when it is done twice is asked for so. */
export interface Database extends Session {
  /** `host:port/database`, for messages. */
  readonly place: string;
  /** Where its tables are. Keeps installations in one database apart. */
  readonly schema: string;
  /** All or nothing: what `work` throws undoes everything it did. It may be called again after a collision, so it changes nothing
   *  but the database. Statements that are not waited for one by one travel together, and are done in order. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** A transaction that changes the tables themselves: it may take its time. */
  rebuild<T>(work: (workshop: Workshop) => Promise<T>): Promise<T>;
  /** The same database for whoever holds the lease: everything but reading rejects with LeaseLost once it is lost. */
  under(lease: Lease): Database;
  /** The same database over connections of its own, for what must not wait until others have done their work: leases. It is
   *  closed with the one it comes from. */
  readonly apart: Session;
  close(): Promise<void>;
}

export interface Options {
  readonly address: string;
  readonly readOnly?: boolean;
}

/** How often work that collided is begun. */
const MOST_TRIES = 6;
const AGAIN_AFTER_MS = 10;
/** For one step of the schema, also on large tables. */
const REBUILD_MS = 3_600_000;
/** Nobody waits longer for the farewell of a server that does not answer. */
const CLOSE_MS = 500;

/** Opens a database. Rejects with StoreError when it can't be reached. Changes nothing in it. */
export async function openDatabase({ address, readOnly = false }: Options): Promise<Database> {
  const place = placeOf(address);
  const [pool, apart] = [openPool(address, MOST_CONNECTIONS), openPool(address, LEASE_CONNECTIONS)];
  const desk: Desk = { pool, apart, place, schema: "", lease: null, readOnly, prepared: { kept: true } };
  try {
    const row = await databaseAt(desk).first<{ schema: string | null }>("SELECT current_schema() AS schema");
    return databaseAt({ ...desk, schema: row?.schema ?? "" });
  } catch (error) {
    await farewells(desk);
    throw error;
  }
}

interface Desk {
  readonly pool: pg.Pool;
  readonly apart: pg.Pool;
  readonly place: string;
  readonly schema: string;
  readonly lease: Lease | null;
  readonly readOnly: boolean;
  /** False once a pooler has shown that it mixes connections without knowing of prepared statements. */
  readonly prepared: { kept: boolean };
}

function databaseAt(desk: Desk): Database {
  const { place, schema, readOnly } = desk;
  return {
    ...sessionAt(desk),
    place,
    schema,
    transaction: (work) => guarded(desk, () => within(desk, { receipt: !readOnly }, (query) => work(sessionOf(query)))),
    rebuild: (work) => guarded(desk, () => rebuild(desk, work)),
    under: (held) => databaseAt({ ...desk, lease: held }),
    apart: sessionAt({ ...desk, pool: desk.apart }),
    close: () => farewells(desk),
  };
}

/** Statements on their own. */
function sessionAt(desk: Desk): Session {
  const { lease, readOnly } = desk;
  const isReading = (sql: string) => /^\s*SELECT/i.test(sql);
  const needsTransaction = (sql: string) => readOnly || (lease !== null && !isReading(sql));
  return sessionOf((sql, values) =>
    guarded(desk, async () => {
      if (needsTransaction(sql)) return await within(desk, { receipt: false }, (query) => query(sql, values));
      const question = { sql, values, prepared: desk.prepared.kept, isHarmless: isReading(sql) };
      return await alone(desk, (client) => ask(client, question));
    }),
  );
}

type Query = (sql: string, values: readonly Value[]) => Promise<pg.QueryResult>;

/** One transaction: begun as the desk asks for, refused when its lease is lost. */
function within<T>(desk: Desk, { receipt }: { receipt: boolean }, work: (query: Query) => Promise<T>): Promise<T> {
  const { pool, schema, lease, readOnly } = desk;
  const begin = (left: Receipt) => [
    readOnly ? "BEGIN READ ONLY" : "BEGIN ISOLATION LEVEL READ COMMITTED",
    ...(receipt ? [leaveSql(left)] : []),
    ...(lease === null ? [] : [fenceSql(schema, lease)]),
  ];
  return transact(pool, {
    begin: (left) => begin(left).join(";\n"),
    receipt,
    begun(results) {
      if (lease !== null && results.at(-1)?.rows[0]?.held !== true) throw new LeaseLost(lease);
    },
    work: (query) => work((sql, values) => query({ sql, values, prepared: desk.prepared.kept })),
  });
}

/** No statement of this is prepared or hurried; it leaves no receipt, as there may be no table for it yet. */
function rebuild<T>({ pool }: Desk, work: (workshop: Workshop) => Promise<T>): Promise<T> {
  return transact(pool, {
    begin: () => `BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = ${REBUILD_MS}`,
    receipt: false,
    begun: () => {},
    work(query) {
      const patient: Query = (sql, values) => query({ sql, values, prepared: false, limitMs: REBUILD_MS });
      return work({ ...sessionOf(patient), script: async (sql) => void (await patient(sql, [])) });
    },
  });
}

/** A statement in a transaction of its own. */
async function alone<T>({ pool }: Desk, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await driving(() => pool.connect());
  try {
    const result = await work(client);
    client.release();
    return result;
  } catch (error) {
    client.release(sqlState(error) === undefined);
    throw error;
  }
}

/** Begins again what collided, and makes a StoreError of what can't be helped. */
async function guarded<T>(desk: Desk, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries >= MOST_TRIES || !(await mayBeginAgain(desk, error))) throw storeFault(error, desk.place);
      await pause(AGAIN_AFTER_MS * tries);
    }
  }
}

/** Deadlock and serialization failures undo everything by themselves. So does a prepared statement that is missing, or there
 *  already: then a pooler in between mixes connections, and statements are sent whole from now on. A connection that the server
 *  has ended meanwhile is replaced. */
async function mayBeginAgain(desk: Desk, error: unknown): Promise<boolean> {
  if (error instanceof LeaseLost) return await revived(desk);
  const state = sqlState(error);
  if (state === "26000" || state === "42P05") {
    desk.prepared.kept = false;
    return true;
  }
  return state === "40001" || state === "40P01" || isStale(error);
}

/** A lease whose time is over (the process stood still) and that nobody else has taken goes on as if nothing had been. */
async function revived({ lease, ...desk }: Desk): Promise<boolean> {
  if (lease === null) return false;
  const { connectionId, owner, epoch, ttlMs } = lease;
  const session = sessionAt({ ...desk, pool: desk.apart, lease: null });
  const renewed = await session.run(renewSql, [connectionId], [owner], [epoch], [ttlMs]);
  return renewed === 1;
}

/** Closes both pools; may be called twice. */
const farewells = async ({ pool, apart }: Desk) => void (await Promise.all([farewell(pool), farewell(apart)]));

const said = new WeakMap<pg.Pool, Promise<void>>();

function farewell(pool: pg.Pool): Promise<void> {
  const known = said.get(pool) ?? Promise.race([pool.end(), pause(CLOSE_MS, undefined, { ref: false })]);
  said.set(pool, known);
  return known;
}

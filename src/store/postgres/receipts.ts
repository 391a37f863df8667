import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { driving, isBroken, sqlState } from "./fault.ts";

/** When the way to the server breaks during a COMMIT, nobody knows what became of it. So each transaction leaves a number in a
 *  row that belongs to its connection; the row tells afterwards. (Numbers that PostgreSQL gives to transactions would not do: after
 *  a crash it may give one of them again.) */
export interface Receipt {
  readonly client: string;
  readonly number: number;
}

const known = new WeakMap<pg.ClientBase, Receipt>();

/** The receipt of the next transaction on this connection. */
export function nextReceipt(client: pg.ClientBase): Receipt {
  const last = known.get(client) ?? { client: randomUUID(), number: 0 };
  const next = { client: last.client, number: last.number + 1 };
  known.set(client, next);
  return next;
}

/** SQL that leaves the receipt; part of the transaction it tells of. */
export function leaveSql({ client, number }: Receipt): string {
  return `INSERT INTO receipts (client, number) VALUES (${pg.escapeLiteral(client)}, ${number})
    ON CONFLICT (client) DO UPDATE SET number = excluded.number, left_at = DEFAULT`;
}

// Changes nothing, but waits for a transaction that is still at work on the row.
const readSql = `INSERT INTO receipts (client, number) VALUES ($1, 0)
  ON CONFLICT (client) DO UPDATE SET number = receipts.number RETURNING number`;

const ASK_AGAIN_MS = 200;
/** A server that has crashed is back by then, or it will take long. */
const ASK_FOR_MS = 30_000;

/** Was the transaction of this receipt committed? Asks over other connections until the server answers. Rejects with `lost`, the
 *  error of the broken COMMIT, when it does not within half a minute (`forMs`), however long it takes over a single question. */
export async function wasCommitted(
  pool: pg.Pool,
  receipt: Receipt,
  lost: unknown,
  forMs: number = ASK_FOR_MS,
): Promise<boolean> {
  const over = new AbortController();
  const { signal } = over;
  const late = pause(forMs, false, { signal }).then(() => Promise.reject(lost));
  late.catch(() => {});
  try {
    return await Promise.race([answerOf(pool, receipt, { lost, signal }), late]);
  } finally {
    over.abort();
  }
}

async function answerOf(
  pool: pg.Pool,
  { client, number }: Receipt,
  { lost, signal }: { readonly lost: unknown; readonly signal: AbortSignal },
): Promise<boolean> {
  while (!signal.aborted) {
    try {
      const { rows } = await driving(() => pool.query<{ number: number }>(readSql, [client]));
      return rows[0]?.number === number;
    } catch (error) {
      // 55P03: the transaction itself is still at work; the server soon ends it, one way or the other.
      if (pool.ending || !(isBroken(error) || sqlState(error) === "55P03")) throw lost;
    }
    await pause(ASK_AGAIN_MS);
  }
  throw lost;
}

import type pg from "pg";
import { driving, isBroken } from "./fault.ts";
import { nextReceipt, type Receipt, wasCommitted } from "./receipts.ts";
import { ask, type Question } from "./session.ts";

export interface Transaction<T> {
  /** SQL without values that begins it, and leaves the receipt if there is to be one. */
  readonly begin: (receipt: Receipt) => string;
  readonly receipt: boolean;
  /** Looks at what the statements of `begin` gave; what it throws ends the transaction. */
  readonly begun: (results: readonly pg.QueryResult[]) => void;
  /** Asks within the transaction, for as long as that lasts: a straggler of failed work must not change anything after it. */
  readonly work: (query: (question: Question) => Promise<pg.QueryResult>) => Promise<T>;
}

/** Runs one transaction on a connection of its own. With a receipt, a rejection means that nothing was changed, also when the way
 *  to the server broke at the very end. Rejects with the driver's errors, or those of `begun` and `work`. */
export async function transact<T>(pool: pg.Pool, { begin, receipt, begun, work }: Transaction<T>): Promise<T> {
  const client = await driving(() => pool.connect());
  const left = nextReceipt(client);
  let isOver = false;
  let result: T;
  try {
    const results: unknown = await driving<unknown>(() => client.query(begin(left)), { isHarmless: true });
    begun(Array.isArray(results) ? results : []);
    result = await work(async (question) => {
      if (isOver) throw new Error("the transaction has ended");
      return await ask(client, question);
    });
    isOver = true;
  } catch (error) {
    isOver = true;
    await undo(client);
    throw error;
  }
  try {
    await driving(() => client.query("COMMIT"));
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    if (!isBroken(error) || !receipt) throw error;
    if (await wasCommitted(pool, left, error)) return result;
    throw error;
  }
}

/** A connection that can't even do this is not used again; the server undoes by itself what it had begun. */
async function undo(client: pg.PoolClient): Promise<void> {
  try {
    await client.query("ROLLBACK");
    client.release();
  } catch {
    client.release(true);
  }
}

import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { storeFault } from "./fault.ts";

/** One open SQLite database. Statements are prepared once and kept. Every method throws StoreError when SQLite refuses.
 *  `Row` is the shape the caller's SQL selects; integers come back as numbers (ids above 2^53 never get this far). */
export interface Database {
  readonly path: string;
  /** Runs one statement to its end; gives the number of rows it changed. */
  run(sql: string, ...values: readonly SQLInputValue[]): number;
  first<Row>(sql: string, ...values: readonly SQLInputValue[]): Row | undefined;
  all<Row>(sql: string, ...values: readonly SQLInputValue[]): Row[];
  /** Runs several statements without values. */
  script(sql: string): void;
  /** All or nothing: what `work` throws undoes everything it did. Not nestable. */
  transaction<T>(work: () => T): T;
  /** Several reads of one and the same moment, while another process may be writing. */
  snapshot<T>(work: () => T): T;
  close(): void;
}

/** How long a statement waits for a lock that another program (a backup, a shell) holds, in ms. It blocks the event loop, and several may come
 *  before the one whose failing closes the socket (10 s, reliability.md P23). */
const LOCK_WAIT_MS = 2_000;

/** Opens a file or `:memory:`. Throws StoreError. Changes nothing in an existing file. */
export function openDatabase(path: string, { readOnly = false, lockWaitMs = LOCK_WAIT_MS } = {}): Database {
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw storeFault(error, path);
    }
  };
  const sqlite = guarded(() => new DatabaseSync(path, { readOnly, timeout: lockWaitMs }));
  const prepared = keepStatements(sqlite);
  // `all` and not `get`: it steps to the end, so that an error of the closing commit of UPDATE .. RETURNING is seen.
  const all = <Row>(sql: string, ...values: readonly SQLInputValue[]) =>
    guarded(() => prepared(sql).all(...values) as Row[]);
  const run = (sql: string, ...values: readonly SQLInputValue[]) =>
    guarded(() => Number(prepared(sql).run(...values).changes));

  const within = <T>(begin: string, work: () => T): T => {
    run(begin);
    try {
      const result = work();
      run("COMMIT");
      return result;
    } catch (error) {
      // On a full disk SQLite may have rolled back by itself; a second ROLLBACK would hide the real error.
      if (sqlite.isOpen && sqlite.isTransaction) sqlite.exec("ROLLBACK");
      throw error;
    }
  };

  return {
    path,
    run,
    all,
    first: (sql, ...values) => all<never>(sql, ...values)[0],
    script: (sql) => guarded(() => sqlite.exec(sql)),
    // IMMEDIATE: a write lock refused is refused at once, not halfway.
    transaction: (work) => within("BEGIN IMMEDIATE", work),
    snapshot: (work) => within("BEGIN", work),
    close: () => {
      if (sqlite.isOpen) guarded(() => sqlite.close());
    },
  };
}

function keepStatements(sqlite: DatabaseSync): (sql: string) => StatementSync {
  const kept = new Map<string, StatementSync>();
  return (sql) => {
    const known = kept.get(sql);
    if (known !== undefined) return known;
    const statement = sqlite.prepare(sql);
    kept.set(sql, statement);
    return statement;
  };
}

import { createHash } from "node:crypto";
import type pg from "pg";
import { driving } from "./fault.ts";

export type Value = string | number | boolean | null | readonly (string | number | null)[];

/** Somewhere to run statements: the pool, or one transaction. Values stand as `$1`, `$2`. `Row` is the shape the SQL selects;
 *  int8 comes back as a number. */
export interface Session {
  all<Row>(sql: string, ...values: readonly Value[]): Promise<Row[]>;
  first<Row>(sql: string, ...values: readonly Value[]): Promise<Row | undefined>;
  /** Gives the number of rows changed. */
  run(sql: string, ...values: readonly Value[]): Promise<number>;
}

/** A session that may change the tables themselves. */
export interface Workshop extends Session {
  /** Runs several statements without values. */
  script(sql: string): Promise<void>;
}

export interface Question {
  readonly sql: string;
  readonly values: readonly Value[];
  /** Has the server keep the parsed statement. */
  readonly prepared: boolean;
  /** How long the answer may take, instead of what is usual. */
  readonly limitMs?: number;
  /** It only reads, outside of a transaction. */
  readonly isHarmless?: boolean;
}

/** Asks one connection. */
export async function ask(
  client: pg.ClientBase,
  { sql, values, prepared, limitMs, isHarmless = false }: Question,
): Promise<pg.QueryResult> {
  const query = {
    text: sql,
    ...(values.length > 0 && { values: values.map(withoutNul) }),
    ...(prepared && { name: nameOf(sql) }),
    ...(limitMs !== undefined && { query_timeout: limitMs }),
  };
  return await driving(() => client.query(query), { isHarmless });
}

/** A session on the connection behind `query`. */
export function sessionOf(
  query: (sql: string, values: readonly Value[]) => Promise<Pick<pg.QueryResult, "rows" | "rowCount">>,
): Session {
  return {
    all: async (sql, ...values) => (await query(sql, values)).rows,
    first: async (sql, ...values) => (await query(sql, values)).rows[0],
    run: async (sql, ...values) => (await query(sql, values)).rowCount ?? 0,
  };
}

const names = new Map<string, string>();

/** The statement's name on the server, made of its text: behind a pooler that mixes connections, one name can't mean two statements. */
function nameOf(sql: string): string {
  const known = names.get(sql) ?? createHash("sha256").update(sql).digest("hex").slice(0, 40);
  names.set(sql, known);
  return known;
}

/** PostgreSQL keeps no NUL in a text. JSON never has one (it is written as an escape), a message of an error might. */
function withoutNul(value: Value): unknown {
  if (typeof value === "string") return value.replaceAll("\0", "\uFFFD");
  if (typeof value !== "object" || value === null) return value;
  return value.map((item) => (typeof item === "string" ? item.replaceAll("\0", "\uFFFD") : item));
}

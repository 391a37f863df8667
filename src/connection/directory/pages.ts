import { ApiError } from "../../api/errors.ts";
import type { Json, JsonObject } from "../../types/json.ts";
import type { Call } from "../../types/plan.ts";
import { afterPage, isAllRead, type Unread } from "./range.ts";

/** Performs one read call. */
export type Ask = (call: Call) => Promise<Json>;

/** Largest page the gateway gives. */
export const PAGE = 1_000;
/** Some servers give no more than this, whatever is asked for (docs/decisions/010-catch-up.md): a shorter page is surely the last. */
export const SMALLEST_PAGE = 100;
/** A list that never ends (the same page again and again is caught before) stops here. */
const MOST_PAGES = 200;

export const readCall = (operation: string, query: JsonObject, path: JsonObject = {}): Call => ({
  operation,
  path,
  query,
  body: null,
});

/** What was read of a list: its rows, each id once; how many older ones were left out; whether the end was reached. */
export interface Listed {
  readonly rows: readonly JsonObject[];
  readonly cut: number;
  readonly whole: boolean;
}

/** Of a list that may be longer, the rows with the highest ids are kept. */
export interface ListLimits {
  readonly mostRows?: number;
  /** Pages of the largest size; of smaller ones it may be as many more. */
  readonly mostPages?: number;
  /** Rows asked for at once, SMALLEST_PAGE to PAGE; the default is the largest. */
  readonly pageRows?: number | undefined;
}

/** Every row of a gateway list, in no particular order. */
export async function listAll(ask: Ask, operation: string, query: JsonObject): Promise<readonly JsonObject[]> {
  return (await readList(ask, readCall(operation, query))).rows;
}

/** Reads a list to its end, whatever the order of its pages, and whether their bounds are included or not. `call` may have
 *  bounds of its own. A page that brings no new id ends it. Rejects with ApiError; then nothing is known of the list. */
export async function readList(
  ask: Ask,
  call: Call,
  { mostRows = Number.POSITIVE_INFINITY, mostPages = MOST_PAGES, pageRows = PAGE }: ListLimits = {},
): Promise<Listed> {
  const rows = new Map<number, JsonObject>();
  const seen = new Set<number>();
  let unread: Unread = { since: boundIn(call, "since_id"), until: boundIn(call, "until_id") };
  for (let page = 0; page < (mostPages * PAGE) / pageRows; page++) {
    const answered = rowsOf(await ask({ ...call, query: { ...call.query, ...boundsOf(unread), limit: pageRows } }));
    const known = seen.size;
    const ids = answered.flatMap((row) => (typeof row.id === "number" ? [row.id] : []));
    for (const row of answered) if (typeof row.id === "number") rows.set(row.id, row);
    for (const id of ids) seen.add(id);
    keepNewest(rows, mostRows);
    unread = afterPage(unread, ids);
    const isLast = answered.length < SMALLEST_PAGE || seen.size === known || isAllRead(unread);
    if (isLast) return { rows: [...rows.values()], cut: seen.size - rows.size, whole: true };
  }
  return { rows: [...rows.values()], cut: seen.size - rows.size, whole: false };
}

/** The objects of a list answer; anything else in it is left out, and null is an empty list. Throws ApiError when the answer is no list at all:
 *  taken for an empty one it would say that nothing was missed, or that a message was not sent. */
export function rowsOf(answer: Json): readonly JsonObject[] {
  if (answer === null) return [];
  if (!Array.isArray(answer))
    throw new ApiError({ kind: "not_json", sent: "yes", message: "The answer is not a list" });
  return answer.filter((row): row is JsonObject => typeof row === "object" && row !== null && !Array.isArray(row));
}

function boundIn({ query }: Call, name: "since_id" | "until_id"): number | null {
  const bound = query[name];
  return typeof bound === "number" ? bound : null;
}

function boundsOf({ since, until }: Unread): JsonObject {
  return { ...(since === null ? {} : { since_id: since }), ...(until === null ? {} : { until_id: until }) };
}

function keepNewest(rows: Map<number, JsonObject>, most: number): void {
  if (rows.size <= most) return;
  const oldest = [...rows.keys()].sort((left, right) => left - right).slice(0, rows.size - most);
  for (const id of oldest) rows.delete(id);
}

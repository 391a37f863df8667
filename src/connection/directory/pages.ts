import type { Json, JsonObject } from "../../types/json.ts";
import type { Call } from "../../types/plan.ts";

/** Performs one read call. */
export type Ask = (call: Call) => Promise<Json>;

/** Largest page the gateway gives. */
const PAGE = 1_000;
/** A list that never ends (the same page again and again is caught before) stops here: 200,000 rows. */
const MOST_PAGES = 200;

export const readCall = (operation: string, query: JsonObject, path: JsonObject = {}): Call => ({
  operation,
  path,
  query,
  body: null,
});

/** Every row of a gateway list. The order of its pages is not promised (reliability.md fact 3): a full page that descends is
 *  continued downwards, any other upwards; a page that brings no new id ends it. Bounds may be inclusive. */
export async function listAll(ask: Ask, operation: string, query: JsonObject): Promise<readonly JsonObject[]> {
  const rows = new Map<number, JsonObject>();
  let bound: JsonObject = {};
  for (let page = 0; page < MOST_PAGES; page++) {
    const answered = rowsOf(await ask(readCall(operation, { ...query, ...bound, limit: PAGE })));
    const before = rows.size;
    for (const row of answered) if (typeof row.id === "number") rows.set(row.id, row);
    if (answered.length < PAGE || rows.size === before) break;
    bound = nextBound(answered, rows);
  }
  return [...rows.values()];
}

/** The objects of a list answer; anything else in it is left out. */
export function rowsOf(answer: Json): readonly JsonObject[] {
  if (!Array.isArray(answer)) return [];
  return answer.filter((row): row is JsonObject => typeof row === "object" && row !== null && !Array.isArray(row));
}

function nextBound(page: readonly JsonObject[], rows: ReadonlyMap<number, JsonObject>): JsonObject {
  const ids = [...rows.keys()];
  const first = Number(page[0]?.id);
  const last = Number(page.at(-1)?.id);
  if (first > last) return { until_id: Math.max(1, ids.reduce((least, id) => Math.min(least, id)) - 1) };
  return { since_id: ids.reduce((most, id) => Math.max(most, id)) };
}

import type { Behaviour } from "../options.ts";

/** The bounds that every list of the Bot API takes. */
export interface Bounds {
  readonly id?: number | readonly number[];
  readonly since?: string;
  readonly until?: string;
  readonly since_id?: number;
  readonly until_id?: number;
  readonly limit?: number;
}

interface Dated {
  readonly id: number;
  readonly createdAt: number;
  readonly updatedAt: number | null;
}

const DEFAULT_LIMIT = 100;

const changedAt = (row: Dated): number => row.updatedAt ?? row.createdAt;

function inside(row: Dated, bounds: Bounds, included: boolean): boolean {
  const { id, since, until, since_id, until_id } = bounds;
  const slack = included ? 0 : 1;
  if (typeof id === "number" && row.id !== id) return false;
  if (Array.isArray(id) && !id.includes(row.id)) return false;
  if (since !== undefined && changedAt(row) < Date.parse(since)) return false;
  if (until !== undefined && changedAt(row) > Date.parse(until)) return false;
  if (since_id !== undefined && row.id < since_id + slack) return false;
  return until_id === undefined || row.id <= until_id - slack;
}

/** Newest first, unless `since_id` stands without an upper bound: a third-party exporter relies on ascending ids there. */
function ascends(bounds: Bounds, order: Behaviour["order"]): boolean {
  const ascending = bounds.since_id !== undefined && bounds.until === undefined && bounds.until_id === undefined;
  return order === "reversed" ? !ascending : ascending;
}

/** One page of a list: within the bounds (`since` and `until` are about the last update), in the service's order, cut. */
export function page<Row extends Dated>(rows: Iterable<Row>, bounds: Bounds, behaviour: Behaviour): readonly Row[] {
  const kept = [...rows].filter((row) => inside(row, bounds, behaviour.idBoundsIncluded));
  const sign = ascends(bounds, behaviour.order) ? 1 : -1;
  const sorted = kept.sort((a, b) => sign * (a.id - b.id));
  const given = behaviour.repeatsRows ? sorted.flatMap(repeated) : sorted;
  return given.slice(0, Math.min(behaviour.mostPerPage, bounds.limit ?? DEFAULT_LIMIT));
}

const REPEATED = 10;

const repeated = <Row>(row: Row, index: number): readonly Row[] => (index % REPEATED === 0 ? [row, row] : [row]);

/** A query's `0`, `1`, `true`, `false`; undefined stays undefined. */
export function flag(value: unknown): boolean | undefined {
  if (value === undefined) return undefined;
  return value === "1" || value === "true" || value === 1 || value === true;
}

/** Whether a row passes a filter that may be absent. */
export const fits = <Value>(wanted: Value | undefined, actual: Value): boolean =>
  wanted === undefined || wanted === actual;

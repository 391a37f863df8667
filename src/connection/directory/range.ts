/** The ids of a list that have not been read yet. A bound may come again with the next page: whether it is included is not
 *  documented, so it is asked for as if it were not. Null: no bound on that side. */
export interface Unread {
  readonly since: number | null;
  readonly until: number | null;
}

/** What is left to read after a page, whose ids are given in the order in which they came. A page begins at one end of what was
 *  asked for; which one may change from request to request, with the parameters. Pure. */
export function afterPage({ since, until }: Unread, ids: readonly number[]): Unread {
  if (ids.length === 0) return { since, until };
  return descends(ids) ? { since, until: lowest(ids) } : { since: highest(ids), until };
}

/** Is there nothing between the bounds any more? */
export const isAllRead = ({ since, until }: Unread): boolean => since !== null && until !== null && since >= until;

/** By most of its steps: a row that stands twice, or in a wrong place, does not turn the page around. */
function descends(ids: readonly number[]): boolean {
  const steps = ids.slice(1).map((id, index) => Math.sign(id - (ids[index] ?? id)));
  return steps.reduce((sum, step) => sum + step, 0) < 0;
}

/** The highest of at least one id; a thousand arguments would be too many for Math.max one day. */
export const highest = (ids: readonly number[]): number => ids.reduce((most, id) => Math.max(most, id), 0);

const lowest = (ids: readonly number[]): number =>
  ids.reduce((least, id) => Math.min(least, id), Number.POSITIVE_INFINITY);

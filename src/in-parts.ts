import { setImmediate as nextTurn } from "node:timers/promises";

/** Does something with each of very many, `size` of them at the same time; between two parts everything else of the program has its turn. The
 *  results are in order. Rejects with the first failure, and begins no further part then. */
export async function inParts<Item, Result>(
  items: readonly Item[],
  size: number,
  task: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += size) {
    if (at > 0) await nextTurn();
    results.push(...(await Promise.all(items.slice(at, at + size).map(task))));
  }
  return results;
}

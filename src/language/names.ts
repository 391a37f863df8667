import { distance } from "fastest-levenshtein";

/** The same name however it is typed: case, spaces around and doubled, and Unicode composition do not matter. */
export function sameName(a: string, b: string): boolean {
  return nameKey(a) === nameKey(b);
}

/** The item of that name: one spelt exactly so wins over one that differs in case only. */
export function findByName<Item>(
  items: readonly Item[],
  name: string,
  nameOf: (item: Item) => string,
): Item | undefined {
  return items.find((item) => nameOf(item) === name) ?? items.find((item) => sameName(nameOf(item), name));
}

/** The candidate a misspelt word most probably meant, or null when none is near: a third of its letters may differ,
 *  three at most. The word itself is never suggested. */
export function suggest(word: string, candidates: readonly string[]): string | null {
  const typed = nameKey(word);
  const allowed = Math.min(3, Math.max(1, Math.floor(typed.length / 3)));
  let nearest: { readonly candidate: string; readonly far: number } | null = null;
  for (const candidate of candidates) {
    if (candidate === word || Math.abs(candidate.length - word.length) > allowed) continue;
    const far = distance(typed, nameKey(candidate));
    if (far <= allowed && (nearest === null || far < nearest.far)) nearest = { candidate, far };
  }
  return nearest?.candidate ?? null;
}

/** What names that count as the same have in common: to look one up among many. */
export function nameKey(name: string): string {
  return name.normalize("NFC").trim().replace(/\s+/gu, " ").toLowerCase();
}

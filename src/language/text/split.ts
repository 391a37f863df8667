/** The language only matters for a few scripts; a fixed one keeps the result the same on every machine. */
const GRAPHEMES = new Intl.Segmenter("en", { granularity: "grapheme" });
const SENTENCES = new Intl.Segmenter("en", { granularity: "sentence" });

/** Cuts a text into pieces of at most `maxChars` UTF-16 units: after a paragraph, else a sentence, else a word, and never
 *  inside a character as people see it (one that is itself longer stays whole). Pieces are trimmed and never empty;
 *  only white space at the cuts is lost. */
export function splitText(text: string, maxChars: number): readonly string[] {
  const limit = Math.max(1, Math.floor(maxChars));
  const pieces: string[] = [];
  let rest = trim(text);
  while (rest.length > limit) {
    const cut = cutAt(rest, limit);
    pieces.push(trim(rest.slice(0, cut)));
    rest = trim(rest.slice(cut));
  }
  return [...pieces, rest].filter((piece) => piece !== "");
}

/** A space that carries a mark is a character of its own and stays. */
function trim(text: string): string {
  return text.trimEnd().replace(/^(?:\s(?![\p{M}\u200D]))+/u, "");
}

/** Where to cut, counted from the start; at least 1. One character (two units) more than fits is looked at: a cut right after
 *  the last fitting character is fine when the next one begins something new. */
function cutAt(rest: string, limit: number): number {
  const window = rest.slice(0, limit + 2);
  const between = starts(GRAPHEMES, window);
  const fits = (at: number) => at > 0 && at <= limit && between.has(at);
  const cut =
    lastOf(ends(window, /\n[^\S\n]*\n\s*/gu), fits) ??
    lastOf(starts(SENTENCES, window), fits) ??
    lastOf(ends(window, /\s+/gu), fits) ??
    lastOf(between, fits);
  return cut ?? GRAPHEMES.segment(rest).containing(0)?.segment.length ?? rest.length;
}

function starts(segmenter: Intl.Segmenter, text: string): ReadonlySet<number> {
  return new Set(Array.from(segmenter.segment(text), (segment) => segment.index));
}

/** Where separators end, and where they begin: white space that itself does not fit is trimmed from the next piece. */
function ends(text: string, separator: RegExp): readonly number[] {
  return Array.from(text.matchAll(separator)).flatMap((found) => [found.index, found.index + found[0].length]);
}

function lastOf(places: Iterable<number>, fits: (at: number) => boolean): number | null {
  let last: number | null = null;
  for (const at of places) if (fits(at)) last = at;
  return last;
}

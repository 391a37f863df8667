import type { Place } from "../../types/issue.ts";
import type { Path, Source } from "../../types/source.ts";
import type { Entry, Node, Span } from "./tree.ts";

type Located = ReturnType<Source["locate"]>;

/** Turns offsets of one file into places for people. */
export interface Ruler {
  readonly file: string;
  readonly text: string;
  /** Offsets at which lines begin, ascending; the first is 0. */
  readonly starts: readonly number[];
}

/** `file` is the name that places will bear. */
export function createRuler(file: string, text: string): Ruler {
  return { file, text, starts: [0, ...[...text.matchAll(/\n/gu)].map(({ index }) => index + 1)] };
}

/** The number of the line, from 1, that holds an offset. */
export function lineOf({ starts }: Ruler, offset: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}

/** The place of some characters; the length ends with their first line. */
export function placeOf(ruler: Ruler, span: Span): Located {
  const { file, text } = ruler;
  const line = lineOf(ruler, span.start);
  const lineEnd = text.slice(span.start, span.end).search(/\r?\n/u);
  const length = lineEnd < 0 ? span.end - span.start : lineEnd;
  const place: Place = { file, line, column: span.start - (ruler.starts[line - 1] ?? 0) + 1 };
  return { place, length: Math.max(1, length) };
}

/** The characters that stand for a path: its value, or its key. An absent path gives the nearest present parent's. */
export function spanAt(tree: Node, path: Path, part: "key" | "value"): Span {
  let node = tree;
  let entry: Entry | null = null;
  for (const step of path) {
    const next = stepInto(node, step);
    if (next === null) return entry?.keySpan ?? shownSpan(node);
    entry = next.entry;
    node = next.node;
  }
  return part === "key" && entry !== null ? entry.keySpan : shownSpan(node);
}

function stepInto(node: Node, step: string | number): { readonly node: Node; readonly entry: Entry | null } | null {
  if (node.kind === "list") {
    const item = typeof step === "number" ? node.items[step] : undefined;
    return item === undefined ? null : { node: item, entry: null };
  }
  if (node.kind !== "map") return null;
  const entry = node.entries.find(({ key }) => key === String(step));
  return entry === undefined ? null : { node: entry.value, entry };
}

/** What is worth underlining of a value: of a group of keys, its first key. */
function shownSpan(node: Node): Span {
  if (node.kind === "text" || node.flow) return node.span;
  if (node.kind === "map") return node.entries[0]?.keySpan ?? node.span;
  const [first] = node.items;
  return first === undefined ? node.span : shownSpan(first);
}

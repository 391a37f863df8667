import { readMoment } from "../moment.ts";
import { sameName } from "../names.ts";
import { matchPattern } from "../pattern/pattern.ts";
import { hasWords, isWords } from "../text/words.ts";
import { contains, same, toNumber } from "./compare.ts";
import { readOwn } from "./own-values.ts";

const LONGEST_TEXT = 65_536;
const LONGEST_LIST = 10_000;
const MINUTE_MS = 60_000;

/** json-logic calls an operator with the data as `this` and the evaluated operands as arguments. */
type Run = (this: unknown, ...operands: readonly unknown[]) => unknown;

/** Our operators, and the standard ones that json-logic-js would run through prototypes or without bounds. */
export const ownOperators: Readonly<Record<string, Run>> = {
  var(path, otherwise) {
    const value = readOwn(this, pathOf(path));
    return value === null && otherwise !== undefined ? otherwise : value;
  },
  missing(...paths) {
    return missing(this, paths.flat());
  },
  missing_some(wanted, paths) {
    const listed = Array.isArray(paths) ? paths : [];
    const absent = missing(this, listed);
    return listed.length - absent.length >= Number(wanted) ? [] : absent;
  },
  in(item, whole) {
    if (Array.isArray(whole)) return whole.includes(item);
    return typeof whole === "string" && whole.includes(String(item));
  },
  cat(...parts) {
    let text = "";
    for (const part of parts) text = (text + toText(part)).slice(0, LONGEST_TEXT);
    return text;
  },
  merge(...parts) {
    const merged: unknown[] = [];
    for (const part of parts) merged.push(...listOf(part).slice(0, LONGEST_LIST - merged.length));
    return merged;
  },
  has_words: (text, phrases) => typeof text === "string" && hasWords(text, textsOf(phrases)),
  is_words: (text, phrases) => typeof text === "string" && isWords(text, textsOf(phrases)),
  matches: (text, pattern) =>
    typeof text === "string" && typeof pattern === "string" && matchPattern(pattern, text) !== null,
  same,
  contains,
  more_than: (value, than) => compareNumbers(value, than, (a, b) => a > b),
  less_than: (value, than) => compareNumbers(value, than, (a, b) => a < b),
  one_of_names(values, names) {
    const wanted = textsOf(names);
    return textsOf(values).some((value) => wanted.some((name) => sameName(value, name)));
  },
  minutes_since(moment, until) {
    const from = readMoment(moment);
    const to = readMoment(until ?? readOwn(this, "now"));
    return from === null || to === null ? null : (to.toMillis() - from.toMillis()) / MINUTE_MS;
  },
};

function missing(data: unknown, paths: readonly unknown[]): readonly unknown[] {
  return paths.filter((path) => isMissing(readOwn(data, pathOf(path))));
}

function isMissing(value: unknown): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

function pathOf(path: unknown): string {
  return typeof path === "string" || typeof path === "number" ? String(path) : "";
}

function compareNumbers(value: unknown, than: unknown, holds: (a: number, b: number) => boolean): boolean {
  const [a, b] = [toNumber(value), toNumber(than)];
  return a !== null && b !== null && holds(a, b);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** Texts and numbers of a value or a list, one level of lists inside it included; anything else is left out. */
function textsOf(value: unknown): readonly string[] {
  return listOf(value)
    .flatMap(listOf)
    .filter((item) => typeof item === "string" || typeof item === "number")
    .map(String);
}

function toText(value: unknown): string {
  if (Array.isArray(value)) return value.map(toText).join(",").slice(0, LONGEST_TEXT);
  return typeof value === "object" ? "" : String(value ?? "");
}

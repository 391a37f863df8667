import { LiquidError } from "liquidjs";
import { boundedCache } from "../bounded-cache.ts";
import type { Fault } from "../fault.ts";
import { readMoment } from "../moment.ts";
import { createLiquid } from "./liquid.ts";
import { checkFormat } from "./strftime.ts";
import * as sentences from "./template-faults.ts";
import { type FilterUse, type PathUse, walkTemplate } from "./template-walk.ts";

/** One fault of a template; `length` is how many characters to underline. */
export interface TemplateFault extends Fault {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

interface Checked {
  readonly uses: readonly PathUse[];
  readonly faults: readonly TemplateFault[];
}

const LONGEST_SOURCE = 20_000;
const KEPT_CHECKS = 500;
/** Inside marks, where only straight quotes make a text. */
const CURLY_QUOTES = /(\{[{%][^}]*?)[“”„«»‘’]/u;

const lenient = createLiquid({ strictFilters: false });
const strict = createLiquid({ strictFilters: true });
const checked = boundedCache<Checked>(KEPT_CHECKS, check);

/** Every path a template reads, and everything wrong with it except the paths, which the caller knows. */
export function checkTemplate(source: string): Checked {
  return checked(source);
}

function check(source: string): Checked {
  if (!source.includes("{{") && !source.includes("{%")) return { uses: [], faults: [] };
  if (source.length > LONGEST_SOURCE) return refused(sentences.tooLong(LONGEST_SOURCE), source);
  try {
    const { paths, filters, stray } = walkTemplate(lenient.parse(source));
    const left = stray.map(({ text, ...place }) => ({ ...place, length: text.length, ...sentences.strayValue(text) }));
    return { uses: paths, faults: [...left, ...filters.flatMap(checkFilter)] };
  } catch (error) {
    if (!LiquidError.is(error)) throw error;
    return unreadable(error, source);
  }
}

function checkFilter({ name, literals, ...place }: FilterUse): readonly TemplateFault[] {
  const at = { ...place, length: name.length };
  if (!Object.hasOwn(strict.filters, name)) return [{ ...at, ...sentences.unknownFilter(name, filterNames()) }];
  const [format, zone] = literals;
  const bad = name === "date" && typeof format === "string" ? checkFormat(format) : null;
  if (bad !== null) return [{ ...at, ...sentences.badFormat(bad.part, bad.reason) }];
  if (name !== "date" || typeof zone !== "string" || readMoment(0, zone) !== null) return [];
  return [{ ...at, ...sentences.unknownZone(zone) }];
}

function unreadable(error: LiquidError, source: string): Checked {
  const curly = CURLY_QUOTES.exec(source);
  if (curly !== null) {
    const before = source.slice(0, curly.index + (curly[1] ?? "").length).split("\n");
    const place = { line: before.length, column: (before.at(-1) ?? "").length + 1, length: 1 };
    return { uses: [], faults: [{ ...place, ...sentences.curlyQuotes() }] };
  }
  const said = error.originalError?.message ?? error.message.replace(/, line:\d+, col:\d+$/u, "");
  const [line = 1, column = 1] = error.token.getPosition();
  const length = Math.max(1, Math.min(error.token.size(), source.length));
  return { uses: [], faults: [{ line, column, length, ...sentences.unreadable(said, Object.keys(strict.tags)) }] };
}

function refused(fault: Fault, source: string): Checked {
  return { uses: [], faults: [{ line: 1, column: 1, length: source.length, ...fault }] };
}

function filterNames(): readonly string[] {
  return Object.keys(strict.filters);
}

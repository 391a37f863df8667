import type { Language } from "../types/issue.ts";
import type { Json } from "../types/json.ts";
import type { VariableType } from "../types/rule.ts";
import { readDate } from "./answers/date.ts";
import { readFlag } from "./answers/flag.ts";
import { readNumber } from "./answers/number.ts";
import { toNumber } from "./logic/compare.ts";
import { readMoment } from "./moment.ts";

/** How a value is meant: as written by somebody of this language (any tag), in this IANA zone, at this moment (Unix ms). */
export interface Written {
  readonly language: string;
  readonly timezone: string;
  readonly now: number;
}

/** A value as a variable of some type keeps it; null: there is none, the variable is cleared. `ok: false`: it can't be one. */
export type Fitted = { readonly ok: true; readonly value: Json } | { readonly ok: false };

/** The value as a variable of this type: `"3"` is 3, `да` is true, `12.03.2027` is `2027-03-12`, `S, M` is a list of two. Null, an
 *  empty text and an empty list are nothing. Pure; never throws. */
export function fitValue(type: VariableType, value: Json, written: Written): Fitted {
  if (isNothing(value)) return { ok: true, value: null };
  const fitted = FIT[type](value, written);
  if (fitted === null) return { ok: false };
  return { ok: true, value: isNothing(fitted) ? null : fitted };
}

/** Of languages in which a value of the files may be read. */
const LANGUAGES: readonly Language[] = ["en", "es", "ru"];
/** A year that has begun on the day before, as good as any other. */
const SOME_DAY = Date.UTC(2026, 0, 2);

/** Can this value ever be one of this type, whoever reads it and when? For values that are written out in the files. */
export function canFit(type: VariableType, value: Json): boolean {
  return LANGUAGES.some((language) => fitValue(type, value, { language, timezone: "utc", now: SOME_DAY }).ok);
}

const FIT: Readonly<Record<VariableType, (value: Json, written: Written) => Json>> = {
  text: asText,
  number: asNumber,
  flag: asFlag,
  date: asDate,
  list: asList,
};

function isNothing(value: Json): boolean {
  if (typeof value === "string") return value.trim() === "";
  return value === null || (Array.isArray(value) && value.length === 0);
}

/** A list as it looks in a text. */
function asText(value: Json): string | null {
  if (Array.isArray(value)) return asList(value)?.join(", ") ?? null;
  return typeof value === "object" ? null : String(value);
}

/** As people write numbers; where that is none (too many digits), as programs do. */
function asNumber(value: Json, written: Written): number | null {
  const number = typeof value === "string" ? numberIn(value, written) : value;
  // Without the sign of a zero, which no stored value keeps.
  return typeof number === "number" && Number.isFinite(number) ? number + 0 : null;
}

function numberIn(text: string, written: Written): number | null {
  const read = readNumber(text, written);
  return read.ok ? Number(read.value) : toNumber(text);
}

function asFlag(value: Json): boolean | null {
  if (typeof value === "boolean") return value;
  return typeof value === "string" || typeof value === "number" ? readFlag(String(value)) : null;
}

/** Smaller numbers are no moments: Unix seconds of 1973. */
const FIRST_UNIX = 100_000_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/u;
const DIGITS = /^\d*$/u;

/** A day stays a day; a moment is kept in UTC, as `now` is. */
function asDate(value: Json, written: Written): string | null {
  if (typeof value === "number") return value < FIRST_UNIX ? null : inUtc(value, written);
  if (typeof value !== "string") return null;
  const text = value.trim();
  const moment = DIGITS.test(text) ? null : inUtc(text, written);
  if (moment !== null) return DAY.test(text) ? text : moment;
  const read = readDate(text, written);
  return read.ok ? String(read.value) : null;
}

function inUtc(value: string | number, { timezone }: Written): string | null {
  return readMoment(value, timezone)?.toUTC().toISO() ?? null;
}

/** Texts between commas or on lines of their own, or the entries of a list. */
function asList(value: Json): readonly string[] | null {
  const items = typeof value === "string" ? value.split(/[,\n]/u) : Array.isArray(value) ? value : [value];
  if (items.some((item) => typeof item === "object" && item !== null)) return null;
  return items.map((item) => (item === null ? "" : String(item).trim())).filter((item) => item !== "");
}

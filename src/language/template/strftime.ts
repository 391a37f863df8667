import type { DateTime } from "luxon";

/** A longer format or a wider field is a mistake or an attack. */
const LONGEST_FORMAT = 200;
const WIDEST_FIELD = 20;
const FIELD = /%([-_0^#:]{0,4})(\d*)[EO]?([A-Za-z%])/gu;
const DAY_OF_MONTH = /%[-_0^#]*\d*[de]/u;

interface Field {
  readonly width: number;
  readonly fill: "0" | " ";
  text(date: DateTime, format: string): string;
}

/** Fields of `date` formats, as in C and Ruby. Names of days and months come in the reader's language. */
const FIELDS: Readonly<Record<string, Field>> = {
  a: word((date) => date.toFormat("ccc")),
  A: word((date) => date.toFormat("cccc")),
  b: word((date, format) => date.toFormat(DAY_OF_MONTH.test(format) ? "MMM" : "LLL")),
  B: word(monthName),
  h: word((date, format) => date.toFormat(DAY_OF_MONTH.test(format) ? "MMM" : "LLL")),
  c: word((date) => date.toLocaleString({ dateStyle: "medium", timeStyle: "short" })),
  x: word((date) => date.toLocaleString({ dateStyle: "short" })),
  X: word((date) => date.toLocaleString({ timeStyle: "short" })),
  C: number(2, (date) => Math.floor(date.year / 100)),
  d: number(2, (date) => date.day),
  D: word((date) => date.toFormat("MM/dd/yy")),
  e: number(2, (date) => date.day, " "),
  F: word((date) => date.toFormat("yyyy-MM-dd")),
  H: number(2, (date) => date.hour),
  I: number(2, (date) => date.hour % 12 || 12),
  j: number(3, (date) => date.ordinal),
  k: number(2, (date) => date.hour, " "),
  l: number(2, (date) => date.hour % 12 || 12, " "),
  L: number(3, (date) => date.millisecond),
  m: number(2, (date) => date.month),
  M: number(2, (date) => date.minute),
  p: word((date) => (date.hour < 12 ? "AM" : "PM")),
  P: word((date) => (date.hour < 12 ? "am" : "pm")),
  R: word((date) => date.toFormat("HH:mm")),
  s: number(0, (date) => Math.floor(date.toSeconds())),
  S: number(2, (date) => date.second),
  T: word((date) => date.toFormat("HH:mm:ss")),
  u: number(0, (date) => date.weekday),
  V: number(2, (date) => date.weekNumber),
  w: number(0, (date) => date.weekday % 7),
  y: number(2, (date) => date.year % 100),
  Y: number(4, (date) => date.year),
  z: word((date) => date.toFormat("ZZZ")),
  Z: word((date) => date.toFormat("ZZZZ")),
  "%": word(() => "%"),
};

/** Why a format can't be used (`width`: hostile or mistyped, `field`: unknown, with the field), or null. */
export function checkFormat(format: string): { readonly reason: "width" | "field"; readonly part: string } | null {
  if (format.length > LONGEST_FORMAT) return { reason: "width", part: format.slice(0, WIDEST_FIELD) };
  for (const [part, , width, letter = ""] of format.matchAll(FIELD)) {
    if (Number(width) > WIDEST_FIELD) return { reason: "width", part };
    if (!Object.hasOwn(FIELDS, letter)) return { reason: "field", part };
  }
  return null;
}

/** The date in this format. The date carries zone and language; the format has passed `checkFormat`. */
export function strftime(date: DateTime, format: string): string {
  return format.replace(FIELD, (part, flags: string, width: string, letter: string) => {
    const field = Object.hasOwn(FIELDS, letter) ? FIELDS[letter] : undefined;
    return field === undefined ? part : styled(field.text(date, format), { field, flags, width });
  });
}

function styled(text: string, { field, flags, width }: { field: Field; flags: string; width: string }): string {
  const cased = flags.includes("^") || flags.includes("#") ? text.toUpperCase() : text;
  if (flags.includes("-")) return cased;
  const fill = flags.includes("_") ? " " : flags.includes("0") ? "0" : field.fill;
  return cased.padStart(width === "" ? field.width : Number(width), fill);
}

/** Beside a day Russian says "20 ноября"; alone it says "ноябрь". */
function monthName(date: DateTime, format: string): string {
  return date.toFormat(DAY_OF_MONTH.test(format) ? "MMMM" : "LLLL");
}

function word(text: Field["text"]): Field {
  return { width: 0, fill: " ", text };
}

function number(width: number, value: (date: DateTime) => number, fill: Field["fill"] = "0"): Field {
  return { width, fill, text: (date) => String(value(date)) };
}

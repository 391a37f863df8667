import { suggest } from "../names.ts";
import { datesBetween, isDate, isYearly } from "./calendar.ts";
import { mixedDates, noSuchDate, notADate, reversedDates, tooManyDates, unknownDay } from "./hours-faults.ts";
import type { Reading } from "./time-range.ts";

/** Which days something is about. */
export interface Days {
  /** 1 is Monday. */
  readonly weekdays: readonly number[];
  /** ISO (`2026-12-24`) or yearly (`12-25`). */
  readonly dates: readonly string[];
}

export const DAY_NAMES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const EVERY_DAY = "daily";
const DASH = /\s*[-–—]\s*/u;
const DATES = /^(\d{4}-\d{2}-\d{2}|\d{2}-\d{2})(?:\s*[-–—]\s*(\d{4}-\d{2}-\d{2}|\d{2}-\d{2}))?$/u;
/** A longer closure is a slip in the year. */
const MOST_DATES = 366;

/** How the staff may call days, by their beginnings, and what to write instead. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  mon: ["mon", "lun", "пн", "пон"],
  tue: ["tue", "mar", "вт"],
  wed: ["wed", "mié", "mie", "ср"],
  thu: ["thu", "jue", "чт", "чет"],
  fri: ["fri", "vie", "пт", "пят"],
  sat: ["sat", "sáb", "sab", "сб", "суб"],
  sun: ["sun", "dom", "вс", "вос"],
  "mon-fri": ["weekday", "workday", "labor", "будн", "раб"],
  "sat-sun": ["weekend", "fin", "вых"],
  [EVERY_DAY]: ["every", "all", "cada", "todos", "каж", "еж"],
};

/** The days of a key such as `mon-fri`, `sat-mon`, `mon, wed`, `daily`, `2026-12-24`, `12-25` or `12-24 - 12-26`. */
export function readDays(text: string): Reading<Days> {
  const weekdays: number[] = [];
  const dates: string[] = [];
  for (const part of text.split(",").map((word) => word.trim())) {
    if (/\d/u.test(part)) {
      const read = readDates(part);
      if ("fault" in read) return read;
      dates.push(...read.value);
    } else {
      const read = readWeekdays(part.toLowerCase());
      if ("fault" in read) return read;
      weekdays.push(...read.value);
    }
  }
  return { value: { weekdays, dates } };
}

function readWeekdays(text: string): Reading<readonly number[]> {
  if (text === EVERY_DAY) return { value: [1, 2, 3, 4, 5, 6, 7] };
  const names = text.split(DASH);
  const unknown = names.find((name) => !DAY_NAMES.includes(name));
  if (unknown !== undefined) return { fault: unknownDay(unknown, suggestDay(unknown)) };
  const [first = "", last = first, ...more] = names;
  if (more.length > 0) return { fault: unknownDay(text, null) };
  const [from, to] = [DAY_NAMES.indexOf(first), DAY_NAMES.indexOf(last)];
  const count = ((to - from + 7) % 7) + 1;
  return { value: Array.from({ length: count }, (_, index) => ((from + index) % 7) + 1) };
}

function suggestDay(word: string): string | null {
  const meant = Object.entries(OTHER_NAMES).find(([, starts]) => starts.some((start) => word.startsWith(start)));
  return meant?.[0] ?? suggest(word, [...DAY_NAMES, EVERY_DAY, "closed", "timezone"]);
}

/** One date, or all from the first to the last. */
export function readDates(text: string): Reading<readonly string[]> {
  const [, first, last = first] = DATES.exec(text) ?? [];
  if (first === undefined || last === undefined) return { fault: notADate(text, likelyDate(text)) };
  const impossible = [first, last].find((date) => !isDate(date));
  if (impossible !== undefined) return { fault: noSuchDate(impossible) };
  if (isYearly(first) !== isYearly(last)) return { fault: mixedDates(text) };
  const dates = datesBetween(first, last);
  if (dates === null) return { fault: reversedDates(text) };
  return dates.length > MOST_DATES ? { fault: tooManyDates(text, MOST_DATES) } : { value: dates };
}

/** `24.12.2026`, `24/12` and `2026-1-5` as they should be, or null. Day first, as our readers write it. */
function likelyDate(text: string): string | null {
  const [, day, month, year] = /^(\d{1,2})[./](\d{1,2})(?:[./](\d{4}))?\.?$/u.exec(text) ?? [];
  const [, isoYear, isoMonth, isoDay] = /^(\d{4})[-./](\d{1,2})[-./](\d{1,2})$/u.exec(text) ?? [];
  const parts = isoYear === undefined ? [year, month, day] : [isoYear, isoMonth, isoDay];
  const date = parts.flatMap((part) => (part === undefined ? [] : [part.padStart(2, "0")])).join("-");
  return isDate(date) ? date : null;
}

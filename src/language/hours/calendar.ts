import { DateTime } from "luxon";

/** Days without a zone: a day is its number since 1970-01-01, so that counting days is arithmetic. */

export const MINUTE_MS = 60_000;
export const MINUTES_A_DAY = 1440;
export const DAY_MS = MINUTES_A_DAY * MINUTE_MS;

/** 1970-01-01 was a Thursday. */
const WEEKDAY_OF_DAY_ZERO = 4;
/** Any leap year: a yearly date may be 29 February. */
const LEAP_YEAR = 2028;

/** `2026-12-24`. */
export function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** 1 is Monday, 7 Sunday. */
export function weekdayOf(day: number): number {
  const sinceMonday = (day + WEEKDAY_OF_DAY_ZERO - 1) % 7;
  return (sinceMonday < 0 ? sinceMonday + 7 : sinceMonday) + 1;
}

/** Is there such a day: of one year (`2026-12-24`), or of every year (`12-25`; `02-29` too)? */
export function isDate(text: string): boolean {
  return dayOf(text) !== null;
}

/** Is this written like a date of every year, month first? Whether there is such a day is another question. */
export function isYearly(text: string): boolean {
  return /^\d{2}-\d{2}$/u.test(text);
}

/** Every date from the first to the last, both included; yearly ones may go over New Year. Null when one of them is no date,
 *  only one is yearly, or the last is before the first. */
export function datesBetween(first: string, last: string): readonly string[] | null {
  const [from, to] = [dayOf(first), dayOf(last)];
  if (from === null || to === null || isYearly(first) !== isYearly(last)) return null;
  if (isYearly(first) && to < from) return [...between(first, "12-31"), ...between("01-01", last)];
  return to < from ? null : between(first, last);
}

function between(first: string, last: string): readonly string[] {
  const [from, to] = [dayOf(first) ?? 0, dayOf(last) ?? 0];
  const dates = Array.from({ length: to - from + 1 }, (_, index) => dateOf(from + index));
  return isYearly(first) ? dates.map(yearlyOf) : dates;
}

/** The part of an ISO date that comes back every year. */
export function yearlyOf(date: string): string {
  return date.slice(-"12-25".length);
}

function dayOf(date: string): number | null {
  const whole = isYearly(date) ? `${LEAP_YEAR}-${date}` : date;
  const moment = /^\d{4}-\d{2}-\d{2}$/u.test(whole) ? DateTime.fromISO(whole, { zone: "utc" }) : null;
  return moment?.isValid ? moment.toMillis() / DAY_MS : null;
}

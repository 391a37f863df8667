import type { DateTime } from "luxon";

/** 29 February may be eight years away (around 2100); the 31st two months. */
const YEARS_AHEAD = 8;
/** A year of two digits further ahead than this is of the last century: `85` is a birthday. */
const SHORT_YEARS_AHEAD = 20;
const FIRST_YEAR = 1900;
const LAST_YEAR = 2199;

/** That day of the calendar in the zone of `today`, at its start; null when it does not exist. */
export function calendarDay(today: DateTime, date: { year: number; month: number; day: number }): DateTime | null {
  const day = today.set({ ...date, hour: 0, minute: 0, second: 0, millisecond: 0 });
  // `set` moves what does not exist (31 February) to a day that does
  const same = day.year === date.year && day.month === date.month && day.day === date.day;
  return day.isValid && same ? day : null;
}

/** The next such day of a year, today included; null when no year has it. */
export function nextOfYear(today: DateTime, month: number, day: number): DateTime | null {
  for (let year = today.year; year <= today.year + YEARS_AHEAD; year += 1) {
    const found = calendarDay(today, { year, month, day });
    if (found !== null && found >= today.startOf("day")) return found;
  }
  return null;
}

/** The next such day of a month, today included; months without it are passed over. */
export function nextOfMonth(today: DateTime, day: number): DateTime | null {
  for (let ahead = 0; ahead <= 2; ahead += 1) {
    const { year, month } = today.startOf("month").plus({ months: ahead });
    const found = calendarDay(today, { year, month, day });
    if (found !== null && found >= today.startOf("day")) return found;
  }
  return null;
}

/** A year as written, `2027` or `27`; null when nobody would mean it. */
export function readYear(text: string, today: DateTime): number | null {
  if (!/^(?:\d{4}|\d{2})$/u.test(text)) return null;
  if (text.length === 4) return Number(text) >= FIRST_YEAR && Number(text) <= LAST_YEAR ? Number(text) : null;
  const century = today.year - (today.year % 100);
  const year = century + Number(text);
  return year > today.year + SHORT_YEARS_AHEAD ? year - 100 : year;
}

import type { DateTime } from "luxon";
import { calendarDay, nextOfYear, readYear } from "./calendar.ts";
import { type DatePart, type DateText, dayPart } from "./date-part.ts";

/** Digits joined by signs: a date, a time, a span of days, an amount. */
const JOINED = /^\d+(?:[./:-]\d+)+$/u;
/** Before `10.30` these make a time of it. */
const AT: ReadonlySet<string> = new Set(["at", "by", "las", "la", "в", "к", "до", "after", "before", "после", "около"]);
const HOUR_AND_MINUTE = /^([01]?\d|2[0-3])\.([0-5]\d)$/u;

const NOTHING: DatePart = { length: 1, says: "nothing" };
const WRONG: DatePart = { length: 1, says: "wrong" };

/** `12.03`, `12/03/27`, `12-03-2027`, `2027-03-12`: day before month in every language. Only in English, and only with `/`
 *  and a second number above 12, the month comes first: `12/25`. Null when the word at this place is of another kind. */
export function numericDate(text: DateText, at: number): DatePart | null {
  const word = text.words[at] ?? "";
  if (!JOINED.test(word)) return null;
  if (word.includes(":")) return NOTHING;
  const signs = new Set(word.replace(/\d/gu, ""));
  const parts = word.split(/\D/u);
  if (signs.size > 1 || parts.length > 3) return WRONG;
  return parts.length === 3 ? withYear(text, parts) : withoutYear(text, at, parts);
}

function withYear({ today, language }: DateText, parts: readonly string[]): DatePart {
  const [first = "", second = "", third = ""] = parts;
  if (first.length === 4) return dayPart(1, dayOf(today, { year: first, month: second, day: third }));
  const usual = dayOf(today, { year: third, month: second, day: first });
  const swapped = language === "en" ? dayOf(today, { year: third, month: first, day: second }) : null;
  return dayPart(1, usual ?? swapped);
}

function dayOf(today: DateTime, written: { year: string; month: string; day: string }): DateTime | null {
  const year = readYear(written.year, today);
  if (year === null || written.month.length > 2 || written.day.length > 2) return null;
  return calendarDay(today, { year, month: Number(written.month), day: Number(written.day) });
}

function withoutYear({ words, today, language }: DateText, at: number, parts: readonly string[]): DatePart {
  const [first = "", second = ""] = parts;
  const word = words[at] ?? "";
  if (first.length > 2 || second.length > 2) return NOTHING;
  if (HOUR_AND_MINUTE.test(word) && AT.has(words[at - 1] ?? "")) return NOTHING;
  if (word.includes("-") && words.length > 1) return WRONG; // "2-3 days", "10-12 March"
  const swapped = language === "en" && word.includes("/") ? nextOfYear(today, Number(first), Number(second)) : null;
  const day = nextOfYear(today, Number(second), Number(first)) ?? swapped;
  return day === null && word.includes(".") ? NOTHING : dayPart(1, day); // `10.30` is a time
}

import { calendarDay, nextOfMonth, nextOfYear, readYear } from "./calendar.ts";
import { type DatePart, type DateText, dayPart } from "./date-part.ts";
import { MONTHS, WEEKDAYS } from "./date-words.ts";

const DAY = /^\d{1,2}$/u;
const YEAR = /^\d{4}$/u;
/** What follows a day's number without changing it, after `fold`: 12th, 1º, 1er, 12-го, 12 числа. */
const ENDINGS: ReadonlySet<string> = new Set("st nd rd th o ro ero er го ого е ое числа число".split(" "));
const OF: ReadonlySet<string> = new Set(["of", "de", "del", "the"]);
/** Between two numbers these make a span or a choice of them, which is no single day. */
const AND: ReadonlySet<string> = new Set("or and to till until through y o u a al hasta и или по до".split(" "));
/** Before a lone number these make a day of it: "the 12", "el día 12". */
const THE: ReadonlySet<string> = new Set(["the", "el", "dia"]);
/** After a number these make an hour of it: "Friday 10 am". */
const HOURS: ReadonlySet<string> = new Set(
  "am pm h hs hour hours oclock hora horas час часа часов утра дня вечера".split(" "),
);
/** Also everyday words, which need not be about a month ("I may come"). */
const NOT_ONLY_MONTHS: ReadonlySet<string> = new Set(["may", "mar"]);

/** A date with the name of its month, or a day's number alone: `12 de marzo`, `12-го марта 2027`, `March 12`, `the 12th`.
 *  Without a year it is the next such day. Null when none begins at this place. */
export function namedDate(text: DateText, at: number): DatePart | null {
  const word = text.words[at] ?? "";
  if (MONTHS.has(word)) return monthFirst(text, at);
  if (!DAY.test(word) && word !== "primero") return null;
  const afterDay = skip(text, at + 1, ENDINGS);
  const month = MONTHS.get(text.words[skip(text, afterDay, OF)] ?? "");
  if (month === undefined) return dayAlone(text, at, afterDay);
  if (isSpan(text, at)) return { length: 1, says: "wrong" };
  return dated(text, { from: at, month, day: dayNumber(word), next: skip(text, afterDay, OF) + 1 });
}

function monthFirst(text: DateText, at: number): DatePart | null {
  const word = text.words[at] ?? "";
  const dayAt = skip(text, at + 1, OF);
  const day = text.words[dayAt] ?? "";
  if (!DAY.test(day)) return NOT_ONLY_MONTHS.has(word) ? null : { length: 1, says: "wrong" }; // a month is no day
  const next = skip(text, dayAt + 1, ENDINGS);
  if (AND.has(text.words[next] ?? "") && DAY.test(text.words[next + 1] ?? "")) return { length: 1, says: "wrong" };
  return dated(text, { from: at, month: MONTHS.get(word) ?? 0, day: dayNumber(day), next });
}

function dated(text: DateText, found: { from: number; month: number; day: number; next: number }): DatePart {
  const { from, month, day, next } = found;
  const yearAt = skip(text, next, OF);
  const word = text.words[yearAt] ?? "";
  const year = YEAR.test(word) ? readYear(word, text.today) : null;
  if (year === null) return dayPart(next - from, nextOfYear(text.today, month, day));
  return dayPart(yearAt + 1 - from, calendarDay(text.today, { year, month, day }));
}

/** "the 12th", "el 12", "12 числа", "Saturday 12". Another bare number is none: it may be an hour or an amount. */
function dayAlone(text: DateText, at: number, next: number): DatePart | null {
  const word = text.words[at] ?? "";
  if (!DAY.test(word) || (next === at + 1 && !isDayAfter(text, at))) return null;
  if (isSpan(text, at)) return { length: 1, says: "wrong" };
  return dayPart(next - at, nextOfMonth(text.today, dayNumber(word)));
}

function isDayAfter({ words }: DateText, at: number): boolean {
  const before = words[at - 1] ?? "";
  return (THE.has(before) || WEEKDAYS.has(before)) && !HOURS.has(words[at + 1] ?? "");
}

/** "10 or 12 March", "10 12 March". */
function isSpan({ words }: DateText, at: number): boolean {
  const before = words[at - 1] ?? "";
  const joined = AND.has(before) || THE.has(before) ? (words[at - 2] ?? "") : before;
  return DAY.test(joined);
}

function dayNumber(word: string): number {
  return word === "primero" ? 1 : Number(word);
}

/** The place after the words of a set, of which two may stand in a row ("th of", "de el"). */
function skip({ words }: DateText, from: number, set: ReadonlySet<string>): number {
  const second = set.has(words[from] ?? "") ? from + 1 : from;
  return second > from && set.has(words[second] ?? "") ? second + 1 : second;
}

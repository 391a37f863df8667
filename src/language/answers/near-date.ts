import type { DateTime } from "luxon";
import { type DatePart, type DateText, dayPart } from "./date-part.ts";
import { MORNINGS, NEAR_DAYS, SPANS, WEEKDAYS } from "./date-words.ts";
import { numberOfWord } from "./number-words.ts";

const IN: ReadonlySet<string> = new Set(["in", "en", "dentro", "через"]);
/** Before or after a day of the week: the one in next week, or the one before today. */
const NEXT: ReadonlySet<string> = new Set("next следующий следующую следующее след".split(" "));
const LAST: ReadonlySet<string> = new Set("last pasado прошлый прошлую прошлое".split(" "));
const LONGEST_SPAN = 400;

/** A day by its distance from today: "tomorrow", "pasado mañana", "через 3 дня", "on Friday". Null when none begins here. */
export function nearDate(text: DateText, at: number): DatePart | null {
  const morning = MORNINGS.find((words) => stands(text, at, words));
  if (morning) return { length: morning.length, says: "nothing" };
  const near = NEAR_DAYS.find(({ words }) => stands(text, at, words));
  if (near) return dayPart(near.words.length, text.today.plus({ days: near.days }));
  return spanFromToday(text, at) ?? weekday(text, at);
}

/** "in 3 days", "dentro de una semana", "через неделю". */
function spanFromToday({ words, today }: DateText, at: number): DatePart | null {
  if (!IN.has(words[at] ?? "")) return null;
  const countAt = words[at + 1] === "de" ? at + 2 : at + 1;
  const word = words[countAt] ?? "";
  const alone = SPANS.get(word);
  if (alone !== undefined) return dayPart(countAt + 1 - at, today.plus({ [alone]: 1 }));
  const count = /^\d{1,3}$/u.test(word) ? Number(word) : word === "a" ? 1 : numberOfWord(word);
  const unit = SPANS.get(words[countAt + 1] ?? "");
  if (count === null || count > LONGEST_SPAN || unit === undefined) return null;
  return dayPart(countAt + 2 - at, today.plus({ [unit]: count }));
}

/** The next such day, never today: on a Friday "Friday" is a week away. "Next Friday" is the one of next week (Monday
 *  first), "last Friday" the one before today; "el próximo viernes" and "this Friday" are the nearest. */
function weekday({ words, today }: DateText, at: number): DatePart | null {
  const wanted = WEEKDAYS.get(words[at] ?? "");
  if (wanted === undefined) return null;
  const [before = "", after = ""] = [words[at - 1], words[at + 1]];
  if (NEXT.has(before)) return { length: 1, says: "weekday", day: inNextWeek(today, wanted) };
  const ahead = (wanted - today.weekday + 7) % 7 || 7;
  const days = LAST.has(before) || after === "pasado" ? ahead - 7 || -7 : ahead;
  return { length: 1, says: "weekday", day: today.plus({ days }) };
}

function inNextWeek(today: DateTime, wanted: number): DateTime {
  return today.startOf("week").plus({ weeks: 1, days: wanted - 1 });
}

function stands({ words }: DateText, at: number, phrase: readonly string[]): boolean {
  return phrase.every((word, index) => words[at + index] === word);
}

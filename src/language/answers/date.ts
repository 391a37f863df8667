import { DateTime } from "luxon";
import type { Language } from "../../types/issue.ts";
import { fold } from "../text/fold.ts";
import { type Answer, NO_ANSWER, type Question, understood } from "./answer.ts";
import type { DatePart, DateText } from "./date-part.ts";
import { namedDate } from "./named-date.ts";
import { nearDate } from "./near-date.ts";
import { nearestLanguage } from "./nearest-language.ts";
import { numericDate } from "./numeric-date.ts";
import { tidy } from "./tidy.ts";

/** Digits with the signs inside a date or a time, or a word. */
const WORD = /\d+(?:[./:-]\d+)*|[\p{L}\p{M}]+/gu;
const TURNING: ReadonlySet<string> = new Set(
  "before after until till not dont except antes despues hasta excepto menos до после не кроме".split(" "),
);
/** May stand between such a word and its day. */
const LINKS: ReadonlySet<string> = new Set("the on for of de del el la lo en para в во на this next este".split(" "));
/** English that all its readers understand: 12 March, not March 12. */
const LOCALE: Readonly<Record<Language, string>> = { en: "en-GB", es: "es", ru: "ru" };

/** The one day a text names, as `YYYY-MM-DD`, shown in words with its day of the week. Relative to `now` in `timezone`; without
 *  a year it is the next such day, today included. Two different days, a span, a weekday that does not agree with its
 *  date, or a day that does not exist are no answer. A time beside the day is passed over. */
export function readDate(text: string, question: Omit<Question, "expect">): Answer {
  const now = DateTime.fromMillis(question.now, { zone: question.timezone });
  if (!now.isValid) return NO_ANSWER;
  const language = nearestLanguage(question.language);
  const words = fold(tidy(text)).match(WORD) ?? [];
  const day = theDay(partsOf({ words, today: now.startOf("day"), language }));
  const iso = day?.toISODate() ?? null;
  if (day === null || iso === null) return NO_ANSWER;
  return understood(iso, day.setLocale(LOCALE[language]).toLocaleString(DateTime.DATE_HUGE));
}

function partsOf(text: DateText): readonly DatePart[] {
  const parts: DatePart[] = [];
  for (let at = 0; at < text.words.length; ) {
    const part = numericDate(text, at) ?? namedDate(text, at) ?? nearDate(text, at);
    if (part !== null)
      parts.push("day" in part && turnedRound(text, at) ? { length: part.length, says: "wrong" } : part);
    at += part?.length ?? 1;
  }
  return parts;
}

/** "after Friday", "not on the 12th": another day than the one that follows. */
function turnedRound({ words }: DateText, at: number): boolean {
  const before = words.slice(0, at).findLast((word) => !LINKS.has(word));
  return before !== undefined && TURNING.has(before);
}

function theDay(parts: readonly DatePart[]): DateTime | null {
  if (parts.some(({ says }) => says === "wrong")) return null;
  const certain = daysThat(parts, "day");
  const weekdays = daysThat(parts, "weekday");
  const [day, other] = certain.length > 0 ? certain : weekdays;
  if (day === undefined || other !== undefined) return null;
  return weekdays.every(({ weekday }) => weekday === day.weekday) ? day : null;
}

/** The different days that parts of this kind name. */
function daysThat(parts: readonly DatePart[], kind: "day" | "weekday"): readonly DateTime[] {
  const days = parts.flatMap((part) => (part.says === kind && "day" in part ? [part.day] : []));
  return [...new Map(days.map((day) => [day.toISODate(), day])).values()];
}

import type { DateTime } from "luxon";
import type { Language } from "../../types/issue.ts";

/** What the readers of a date look at: the words of the text (letters, digits, or digits joined by `.`, `/`, `-`, `:`), and
 *  the day on which they were written, at its start in the customer's zone. */
export interface DateText {
  readonly words: readonly string[];
  readonly today: DateTime;
  readonly language: Language;
}

/** What stands at one place of such a text: how many words it takes, and what it says.
 *  `day`: a certain day. `weekday`: a day of the week, which a certain day beside it must agree with.
 *  `wrong`: a date that does not exist, or a span of days: the whole text is no answer. `nothing`: words to pass over. */
export type DatePart = { readonly length: number } & (
  | { readonly says: "day" | "weekday"; readonly day: DateTime }
  | { readonly says: "wrong" | "nothing" }
);

/** A part that names a day; `wrong` when there is no such day. */
export function dayPart(length: number, day: DateTime | null): DatePart {
  return day === null ? { length, says: "wrong" } : { length, says: "day", day };
}

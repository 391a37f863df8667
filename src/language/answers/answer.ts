import type { Json } from "../../types/json.ts";

/** The kinds of answer that `ask: expect:` knows. */
export type Expect = "text" | "phone" | "email" | "number" | "date" | "choice" | "order_number";

/** What is needed to understand an answer. Every kind understands words of en, es and ru; `language` settles what differs
 *  between them (`1.000` is a thousand in Spanish), and is the language of `shown`. */
export interface Question {
  readonly expect: Expect;
  /** Titles of `choice`, as written; other kinds ignore them. */
  readonly choices?: readonly string[];
  /** The customer's language: any tag, as messengers tell it (`es`, `es-MX`); see `nearestLanguage`. */
  readonly language: string;
  /** Where phone numbers without a country code are from, ISO 3166 (`ES`); absent: guessed by zone, then by language. */
  readonly country?: string;
  /** IANA zone in which "tomorrow" is meant. */
  readonly timezone: string;
  /** When the answer was given: Unix ms. */
  readonly now: number;
}

/** What an answer means: `value` is kept by `save:`, `shown` is how to repeat it to a person. `ok: false`: it is no answer
 *  of the wanted kind, or it could mean two things; the question is asked again. */
export type Answer = { readonly ok: true; readonly value: Json; readonly shown: string } | { readonly ok: false };

/** It is not an answer of the wanted kind. */
export const NO_ANSWER: Answer = { ok: false };

/** An understood answer; without `shown` it is repeated as it is kept. */
export function understood(value: string | number, shown = String(value)): Answer {
  return { ok: true, value, shown };
}

import { type Answer, type Expect, type Question, readAnswer } from "../../../src/language/answers/index.ts";

/** Friday, 20 November 2026, noon in Madrid: Unix ms. */
export const FRIDAY_NOON = Date.parse("2026-11-20T11:00:00Z");

/** What an answer means to a question of this kind, asked in Madrid on that Friday. */
export function asked(expect: Expect, text: string, more: Partial<Question> = {}): Answer {
  return readAnswer(text, { expect, language: "en", timezone: "Europe/Madrid", now: FRIDAY_NOON, ...more });
}

/** Only the value; null: no answer. */
export function meaning(answer: Answer): unknown {
  return answer.ok ? answer.value : null;
}

import type { Answer, Question } from "./answer.ts";
import { readChoice } from "./choice.ts";
import { readDate } from "./date.ts";
import { readEmail } from "./email.ts";
import { readNumber } from "./number.ts";
import { readOrderNumber } from "./order-number.ts";
import { readPhone } from "./phone.ts";
import { readText } from "./text.ts";

export type { Answer, Expect, Question } from "./answer.ts";
export { cancelWords, type Leave, leaveWord } from "./leave.ts";

/** What a customer's words mean as the answer to a question. Pure; never throws; what can mean two things is no answer. */
export function readAnswer(text: string, question: Question): Answer {
  switch (question.expect) {
    case "text":
      return readText(text);
    case "phone":
      return readPhone(text, question);
    case "email":
      return readEmail(text);
    case "number":
      return readNumber(text, question);
    case "date":
      return readDate(text, question);
    case "choice":
      return readChoice(text, question.choices ?? []);
    case "order_number":
      return readOrderNumber(text);
  }
}

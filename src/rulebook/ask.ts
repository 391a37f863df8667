import { type Expect, readAnswer } from "../language/answers/index.ts";
import { parseDuration } from "../language/duration.ts";
import { hasMarks } from "../language/template/template.ts";
import type { JsonObject } from "../types/json.ts";
import { askedByStaff, choiceNotTaken, noChoices } from "./ask-faults.ts";
import type { RuleContext } from "./context.ts";
import { noTimeAtAll } from "./faults.ts";
import { hasChat } from "./occasions.ts";
import { listOf, recordOf, textOf } from "./raw.ts";
import { inside, keyOf, type Report, type Spot } from "./report.ts";

/** Kinds of answers that a choice may fail to be. */
const EXPECTS = ["phone", "email", "number", "date", "order_number"] as const;

/** A question needs a customer who answers, and `expect: choice` something to choose from. */
export function checkAsk(raw: JsonObject, spot: Spot, { byStaff, readable, report }: RuleContext): void {
  if (raw.ask === undefined) return;
  if (byStaff !== null && hasChat(readable.on)) report.fault(keyOf(inside(spot, "ask")), askedByStaff("ask", byStaff));
  if (raw.expect === "choice" && listOf(raw.choices).length === 0) {
    report.fault(inside(spot, "expect"), noChoices("expect: choice"));
  }
  const after = inside(spot, "no_answer", "after");
  if (parseDuration(textOf(recordOf(raw.no_answer).after) ?? "") === 0) report.fault(after, noTimeAtAll("no_answer"));
  checkChoices(raw, spot, report);
}

/** A choice is sent as it is written, so the question has to take it. */
function checkChoices(raw: JsonObject, spot: Spot, report: Report): void {
  const expect = EXPECTS.find((known) => known === raw.expect);
  if (expect === undefined) return;
  for (const [index, title] of listOf(raw.choices).entries()) {
    const text = textOf(title);
    if (text === null || hasMarks(text)) continue;
    if (canBe(text, expect)) continue;
    report.fault(inside(spot, "choices", index), choiceNotTaken(text, expect));
  }
}

/** In any language. Which day it is does not matter; which country it is does, so digits may be somebody's phone number. */
function canBe(text: string, expect: Expect): boolean {
  if (expect === "phone" && /\d/u.test(text)) return true;
  return ["en", "es", "ru"].some((language) => readAnswer(text, { expect, language, timezone: "UTC", now: 0 }).ok);
}

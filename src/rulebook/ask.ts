import type { JsonObject } from "../types/json.ts";
import { askedByStaff, noChoices } from "./ask-faults.ts";
import type { RuleContext } from "./context.ts";
import { hasChat } from "./occasions.ts";
import { listOf } from "./raw.ts";
import { inside, keyOf, type Spot } from "./report.ts";

/** A question needs a customer who answers, and `expect: choice` something to choose from. */
export function checkAsk(raw: JsonObject, spot: Spot, { byStaff, readable, report }: RuleContext): void {
  if (raw.ask === undefined) return;
  if (byStaff !== null && hasChat(readable.on)) report.fault(keyOf(inside(spot, "ask")), askedByStaff("ask", byStaff));
  if (raw.expect === "choice" && listOf(raw.choices).length === 0) {
    report.fault(inside(spot, "expect"), noChoices("expect: choice"));
  }
}

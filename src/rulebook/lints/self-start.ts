import { varPaths } from "../../language/logic/condition.ts";
import type { Occasion } from "../../types/event.ts";
import type { Logic } from "../../types/json.ts";
import type { Rule, Step } from "../../types/rule.ts";
import { isMessage } from "../occasions.ts";
import { recordOf } from "../raw.ts";
import { inside, keyOf } from "../report.ts";
import { everyStep } from "../steps.ts";
import { eventName } from "../words-for.ts";
import type { CompiledRule, Lint } from "./lint.ts";
import { answersBots, startsItself } from "./sentences.ts";

const SPEAKING = ["reply", "ask", "send_image", "send_file", "send_product", "send_order"];

/** Actions that bring about the event a rule listens to. Replies fail one by one, each with its own event, and
 *  after each the customer may be silent again. */
const LEADS_TO: Readonly<Partial<Record<Occasion, readonly string[]>>> = {
  "dialog:assigned": ["assign"],
  "event:dialog_assign": ["assign"],
  "dialog:closed": ["open_dialog"],
  "event:dialog_closed": ["open_dialog"],
  "event:dialog_opened": ["open_dialog"],
  "event:message_updated": ["edit"],
  "event:message_deleted": ["delete"],
  reply_failed: SPEAKING,
  customer_silent: SPEAKING,
};

/** Rules that can go round in circles, alone or with another bot. `once_per` and `again_after` break every circle. */
export const lintSelfStart: Lint = ({ rules }, report) => {
  for (const compiled of rules) {
    const { rule, spot } = compiled;
    if (rule.oncePer !== null || rule.againAfterMs !== null) continue;
    const at = keyOf(inside(spot, "when"));
    if (talksToBots(compiled)) report.warn(at, answersBots(rule.name));
    const step = everyStep(rule.do).find(({ action }) => LEADS_TO[rule.on]?.includes(action));
    if (step && !isLimited(rule, step)) report.warn(at, startsItself(rule.name, step.action, eventName(rule.on)));
  }
};

function talksToBots({ rule, raw }: CompiledRule): boolean {
  const { from } = recordOf(raw.when);
  return isMessage(rule.on) && rule.lane === "answer" && (from === "bot" || from === "anyone");
}

/** A condition about the dialog or the responsible person can end the circle. One about the customer or the channel can't. */
function isLimited(rule: Rule, step: Step): boolean {
  const conditions = rule.parts.filter(({ from }) => from === "if").map(({ logic }) => logic);
  return [...conditions, step.if].some((logic) => logic !== null && isAboutDialog(logic));
}

function isAboutDialog(logic: Logic): boolean {
  return varPaths(logic).some(({ name }) => /^(dialog|chat|manager|previous|message|event)\b/u.test(name));
}

import { matchPattern } from "../../language/pattern/pattern.ts";
import { hasWords, isWords, tokenize } from "../../language/text/words.ts";
import type { JsonObject } from "../../types/json.ts";
import { buildIndex, candidates, type RuleIndex } from "../match.ts";
import type { WrittenRule } from "../names.ts";
import { listOf, recordOf, textOf, textsOf } from "../raw.ts";
import { inside, type Spot } from "../report.ts";
import { everyAction } from "../walk.ts";
import type { CompiledRule, Lint } from "./lint.ts";
import { unhandledButton } from "./sentences.ts";

/** Buttons whose title no rule would take up when the customer presses them. Titles made by a template are not judged. */
export const lintButtons: Lint = ({ rules, flows }, report) => {
  if (rules.some(takesEveryText)) return;
  const raws = new Map(rules.map(({ rule, raw }) => [rule.id, recordOf(raw.when)]));
  const index = buildIndex({ rules: rules.map(({ rule }) => rule) });
  const judged = new Map<string, boolean>();
  for (const { title, spot } of [...rules, ...flows].flatMap(buttonsOf)) {
    const handled = judged.get(title) ?? isHandled(title, index, raws);
    judged.set(title, handled);
    if (!handled) report.warn(spot, unhandledButton(title));
  }
};

function takesEveryText({ rule, raw }: CompiledRule): boolean {
  if (rule.on === "event:message_new") return true;
  return (
    rule.on === "message" && rule.firstWords === null && rule.pattern === null && takesText(recordOf(raw.when), "")
  );
}

interface Button {
  readonly title: string;
  readonly spot: Spot;
}

function buttonsOf({ raw, spot }: WrittenRule): readonly Button[] {
  const shown = everyAction(raw.do, inside(spot, "do")).filter((action) => action.raw.to !== "managers");
  return shown.flatMap((action) =>
    listOf(action.raw.buttons).flatMap((button, index) => {
      const title = textOf(button);
      if (title === null || /\{[{%]/u.test(title)) return [];
      return [{ title, spot: inside(action.spot, "buttons", index) }];
    }),
  );
}

function isHandled(title: string, index: RuleIndex, raws: ReadonlyMap<string, JsonObject>): boolean {
  return candidates(index, "message", tokenize(title)).some(({ id }) => takesText(recordOf(raws.get(id)), title));
}

/** Would this match take up that text from a customer, given the right channel and conditions? */
function takesText(when: JsonObject, text: string): boolean {
  if (when.from !== undefined && when.from !== "customer" && when.from !== "anyone") return false;
  if (when.scope === "private" || when.first === true) return false;
  if (when.message_has !== undefined) return hasWords(text, textsOf(when.message_has));
  if (when.message_is !== undefined) return isWords(text, textsOf(when.message_is));
  if (typeof when.message_matches === "string") return matchPattern(when.message_matches, text) !== null;
  return when.message === "any" || when.message === "text";
}

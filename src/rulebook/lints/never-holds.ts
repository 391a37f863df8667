import { toNumber } from "../../language/logic/compare.ts";
import { isObject } from "../../types/json.ts";
import type { WrittenRule } from "../names.ts";
import { listOf, recordOf } from "../raw.ts";
import { inside, keyOf, type Report, type Spot } from "../report.ts";
import { everyAction } from "../walk.ts";
import { clash, type Fact, factsOf } from "./facts.ts";
import type { Lint } from "./lint.ts";
import { comparedWithWords, neverHolds, neverTogether } from "./sentences.ts";

/** Conditions that contradict themselves or the rule's own match. */
export const lintNeverHolds: Lint = ({ rules, flows }, report) => {
  for (const rule of rules) {
    const when = inside(rule.spot, "when");
    const { channel, channel_type } = recordOf(rule.raw.when);
    const match = factsOf({ ...(channel && { channel }), ...(channel_type && { channel_type }) }, when);
    lintCondition(rule.raw.if, inside(rule.spot, "if"), match, report);
  }
  // State may change between actions, so an action's own condition is judged by itself.
  for (const [raw, spot] of [...rules, ...flows].flatMap(stepConditions)) lintCondition(raw, spot, [], report);
};

function stepConditions({ raw, spot }: WrittenRule): readonly (readonly [unknown, Spot])[] {
  return everyAction(raw.do, inside(spot, "do")).flatMap((action) => {
    const entries = listOf(action.raw.choose).map((entry, index) => {
      return [isObject(entry) ? entry.if : null, inside(action.spot, "choose", index, "if")] as const;
    });
    return [[action.raw.if, inside(action.spot, "if")] as const, ...entries];
  });
}

/** `known` holds whenever this condition is looked at. */
function lintCondition(raw: unknown, spot: Spot, known: readonly Fact[], report: Report): void {
  const facts = [...known, ...factsOf(raw, spot)];
  for (const [index, fact] of facts.entries()) {
    if (index < known.length) continue;
    if (comparesWords(fact)) report.warn(fact.spot, comparedWithWords(fact.key, String(fact.value)));
    const earlier = facts.slice(0, index).find((other) => clash(other, fact));
    if (earlier) report.warn(keyOf(fact.spot), neverTogether(earlier.label, fact.label));
  }
  lintAny(raw, spot, facts, report);
}

/** `more_than: {chat.visits: many}`: words are above and below nothing. */
function comparesWords({ key, value }: Fact): boolean {
  return (key === "more_than" || key === "less_than") && toNumber(value) === null;
}

/** Every entry of `any:` is looked at with all that stands beside it. */
function lintAny(raw: unknown, spot: Spot, facts: readonly Fact[], report: Report): void {
  const condition = recordOf(raw);
  const at = inside(spot, "any");
  if (Array.isArray(condition.any) && condition.any.length === 0) report.warn(keyOf(at), neverHolds("any"));
  for (const [index, entry] of listOf(condition.any).entries()) lintCondition(entry, inside(at, index), facts, report);
  for (const [index, entry] of listOf(condition.all).entries())
    lintAny(entry, inside(spot, "all", index), facts, report);
}

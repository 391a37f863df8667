import { ConditionError, evaluate } from "../language/condition.ts";
import { matchPattern } from "../language/pattern.ts";
import { buildIndex, candidates } from "../rulebook/match.ts";
import type { Occasion } from "../types/event.ts";
import type { JsonObject, Logic } from "../types/json.ts";
import type { Verdict } from "../types/plan.ts";
import type { Rule, Rulebook } from "../types/rule.ts";
import type { State } from "../types/state.ts";
import { isHeldBack } from "./marks.ts";
import type { Moment } from "./occasions.ts";
import { isCapped } from "./speech.ts";
import { buildView } from "./view.ts";

/** One rule's verdict before its actions run. `match` holds the named groups of its pattern. */
export interface Judgement {
  readonly rule: Rule;
  readonly on: Occasion;
  readonly outcome: Verdict["outcome"];
  readonly failed: number | null;
  readonly match: JsonObject;
}

export interface JudgeInput {
  readonly rulebook: Rulebook;
  readonly state: State;
  readonly moment: Moment;
  readonly now: number;
}

/** Judges every candidate rule of a moment against the same state, in file order, and gives out the one answer slot. */
export function judge(input: JudgeInput): readonly Judgement[] {
  const view = buildView(input.state, input.moment.scope, input.now);
  let answered = false;
  return rulesFor(input).map((rule) => {
    const judgement = judgeOne(rule, { ...input, view }, answered);
    if (judgement.outcome === "fired" && rule.lane === "answer" && !rule.continues) answered = true;
    return judgement;
  });
}

/** The candidates of all occasions of the moment, in the order of the files. */
function rulesFor({ rulebook, moment }: JudgeInput): readonly Rule[] {
  const index = buildIndex(rulebook);
  const found = moment.on.flatMap((on) => candidates(index, on, moment.words));
  return moment.on.length === 1 ? found : inFileOrder(rulebook, found);
}

const positions = new WeakMap<Rulebook, ReadonlyMap<Rule, number>>();

function inFileOrder(rulebook: Rulebook, rules: readonly Rule[]): readonly Rule[] {
  const known = positions.get(rulebook) ?? new Map(rulebook.rules.map((rule, index) => [rule, index]));
  positions.set(rulebook, known);
  return rules.toSorted((a, b) => (known.get(a) ?? 0) - (known.get(b) ?? 0));
}

function judgeOne(rule: Rule, input: JudgeInput & { readonly view: JsonObject }, answered: boolean): Judgement {
  const { rulebook, state, moment, now, view } = input;
  const match = groupsOf(rule, moment);
  const base = { rule, on: rule.on, failed: null, match };
  const failed = firstFailing(rule, rule.pattern === null ? view : { ...view, match });
  if (failed !== null) return { ...base, outcome: "condition", failed };
  if (isHeldBack(rule, state, now, rulebook.timezone)) return { ...base, outcome: "once" };
  if (rule.lane === "answer" && answered) return { ...base, outcome: "slot" };
  if (rule.mode === "shadow") return { ...base, outcome: "shadow" };
  const capped = rule.lane === "answer" && moment.replyScope === "public" && isCapped(state, rulebook, now);
  return { ...base, outcome: capped ? "capped" : "fired" };
}

/** Index of the first part that does not hold; null: all hold. A part that fails to evaluate does not hold. */
export function firstFailing(rule: Rule, view: JsonObject): number | null {
  const failed = rule.parts.findIndex((part) => !holds(part.logic, view));
  return failed === -1 ? null : failed;
}

function holds(logic: Logic, view: JsonObject): boolean {
  try {
    return evaluate(logic, view);
  } catch (error) {
    if (error instanceof ConditionError) return false;
    throw error;
  }
}

function groupsOf(rule: Rule, moment: Moment): JsonObject {
  if (rule.pattern === null) return {};
  const message = moment.scope.message as JsonObject | undefined;
  return matchPattern(rule.pattern, String(message?.text ?? "")) ?? {};
}

import { ConditionError, evaluate } from "../language/logic/condition.ts";
import { matchPattern } from "../language/pattern/pattern.ts";
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

/** One rule's verdict before its actions run. `error` says why the failed part could not be evaluated (null: it did not
 *  hold); `match` holds the named groups of its pattern. */
export interface Judgement {
  readonly rule: Rule;
  readonly on: Occasion;
  readonly outcome: Verdict["outcome"];
  readonly failed: number | null;
  readonly error: string | null;
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
  const view = buildView({ ...input, scope: input.moment.scope });
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
  const found = moment.on
    .flatMap((on) => candidates(index, on, moment.words))
    .filter(({ id }) => moment.only === undefined || moment.only === id);
  return moment.on.length === 1 ? found : inFileOrder(rulebook, found);
}

/** By the list of rules, which many rulebooks share. */
const positions = new WeakMap<Rulebook["rules"], ReadonlyMap<Rule, number>>();

function inFileOrder({ rules }: Rulebook, found: readonly Rule[]): readonly Rule[] {
  const known = positions.get(rules) ?? new Map(rules.map((rule, index) => [rule, index]));
  positions.set(rules, known);
  return found.toSorted((a, b) => (known.get(a) ?? 0) - (known.get(b) ?? 0));
}

function judgeOne(rule: Rule, input: JudgeInput & { readonly view: JsonObject }, answered: boolean): Judgement {
  const { rulebook, state, moment, now, view } = input;
  const match = groupsOf(rule, moment);
  const base = { rule, on: rule.on, failed: null, error: null, match };
  const failure = firstFailure(rule, rule.pattern === null ? view : { ...view, match });
  if (failure !== null) return { ...base, outcome: "condition", ...failure };
  if (isHeldBack(rule, state, now, rulebook.timezone)) return { ...base, outcome: "once" };
  if (rule.lane === "answer" && answered) return { ...base, outcome: "slot" };
  if (rule.mode === "shadow") return { ...base, outcome: "shadow" };
  return { ...base, outcome: mayAnswer(rule, input) ? "fired" : "capped" };
}

/** May this rule answer here once more? Commands and the like are answered to the staff, who may ask as often as they wish. */
export function mayAnswer(rule: Rule, { rulebook, state, moment, now }: JudgeInput): boolean {
  return rule.lane === "silent" || moment.replyScope === "private" || !isCapped(state, rulebook, now);
}

type Failure = Pick<Judgement, "failed" | "error">;

/** The first part that does not hold; null: all hold. A part that fails to evaluate does not hold, and says why. */
function firstFailure(rule: Rule, view: JsonObject): Failure | null {
  for (const [failed, part] of rule.parts.entries()) {
    const answer = ask(part.logic, view);
    if (answer !== true) return { failed, error: answer === false ? null : answer };
  }
  return null;
}

/** Does it hold? A text is the reason why nobody can tell. */
function ask(logic: Logic, view: JsonObject): boolean | string {
  try {
    return evaluate(logic, view);
  } catch (error) {
    if (error instanceof ConditionError) return error.message;
    throw error;
  }
}

function groupsOf(rule: Rule, moment: Moment): JsonObject {
  if (rule.pattern === null) return {};
  const message = moment.scope.message as JsonObject | undefined;
  return matchPattern(rule.pattern, String(message?.text ?? "")) ?? {};
}

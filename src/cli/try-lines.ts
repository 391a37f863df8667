import { observe } from "../engine/observe.ts";
import { type Moment, momentsOf } from "../engine/occasions.ts";
import { HELD_BACK } from "../engine/reasons.ts";
import { buildView } from "../engine/view.ts";
import { ConditionError, evaluate } from "../language/logic/condition.ts";
import { matchPattern } from "../language/pattern/pattern.ts";
import type { Language } from "../types/issue.ts";
import type { JsonObject, Logic } from "../types/json.ts";
import type { Plan, Verdict } from "../types/plan.ts";
import type { Rule } from "../types/rule.ts";
import type { State } from "../types/state.ts";
import { stepLines } from "./step-lines.ts";
import { play, playShadow, type Trial } from "./try-play.ts";
import { type Say, sayIn } from "./words.ts";

/** Every rule in file order, with a tick or a cross beside each condition, why it was held back, and what each action would
 *  do or why not. */
export function tryLines(trial: Trial, language: Language): readonly string[] {
  const say = sayIn(language);
  const plan = play(trial);
  const observed = observe(trial.state, trial.event);
  const moments = momentsOf({ event: trial.event, before: trial.state, after: observed, rulebook: trial.rulebook });
  const rules = trial.rulebook.rules.flatMap((rule) =>
    ruleLines(rule, { ...trial, plan, observed, moments, say, language }),
  );
  const silent = plan.verdicts.every(({ outcome }) => outcome !== "fired");
  return silent ? [...rules, "", say("noRule")] : rules;
}

interface Judged extends Trial {
  readonly plan: Plan;
  readonly observed: State;
  readonly moments: readonly Moment[];
  readonly say: Say;
  readonly language: Language;
}

function ruleLines(rule: Rule, trial: Judged): readonly string[] {
  const verdict = trial.plan.verdicts.find(({ ruleId }) => ruleId === rule.id) ?? null;
  const place = `${rule.place.file}:${rule.place.line}`;
  return [
    `${mark(verdict?.outcome === "fired")} ${rule.name}  (${place})`,
    ...conditionLines(rule, trial, verdict).map((line) => `    ${line}`),
    ...(verdict === null ? [] : heldLines(verdict, trial).map((line) => `    ${line}`)),
    ...(verdict === null ? [] : doneLines(rule, trial, verdict).map((line) => `    → ${line}`)),
  ];
}

const mark = (holds: boolean) => (holds ? "✓" : "✗");

function conditionLines(rule: Rule, trial: Judged, verdict: Verdict | null): readonly string[] {
  const moment = trial.moments.find(({ on }) => on.includes(rule.on));
  if (moment === undefined) return [`✗ when: ${rule.on.replace(":", ": ")}`];
  const view = viewOf(rule, moment, trial);
  return rule.parts.map(({ label, logic }, index) => `${mark(holdsIn(verdict, index) ?? holds(logic, view))} ${label}`);
}

/** What the decision itself says about a part: those before the failed one held. Null: it did not get so far. */
function holdsIn(verdict: Verdict | null, index: number): boolean | null {
  if (verdict === null) return null;
  if (verdict.failed === null) return true;
  return index > verdict.failed ? null : index < verdict.failed;
}

function viewOf(rule: Rule, moment: Moment, { observed, rulebook, now }: Judged): JsonObject {
  const view = buildView({ state: observed, scope: moment.scope, rulebook, now });
  if (rule.pattern === null) return view;
  const message = moment.scope.message as JsonObject | undefined;
  return { ...view, match: matchPattern(rule.pattern, String(message?.text ?? "")) ?? {} };
}

function holds(logic: Logic, view: JsonObject): boolean {
  try {
    return evaluate(logic, view);
  } catch (error) {
    if (error instanceof ConditionError) return false;
    throw error;
  }
}

function heldLines({ outcome, error }: Verdict, { say, language }: Judged): readonly string[] {
  if (error !== undefined) return [say("unjudged", error)];
  const held = HELD_BACK[outcome];
  return held === null ? [] : [say("heldBack", held[language])];
}

function doneLines(rule: Rule, trial: Judged, verdict: Verdict): readonly string[] {
  const { say, language, state } = trial;
  const plan = verdict.outcome === "shadow" ? playShadow(trial, rule) : trial.plan;
  const { steps } = plan.verdicts.find(({ ruleId }) => ruleId === rule.id) ?? verdict;
  return stepLines({ say, language, directory: state.directory, plan, rule }, steps);
}

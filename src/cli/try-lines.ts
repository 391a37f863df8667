import { observe } from "../engine/observe.ts";
import { type Moment, momentsOf } from "../engine/occasions.ts";
import { buildView } from "../engine/view.ts";
import { ConditionError, evaluate } from "../language/condition.ts";
import { matchPattern } from "../language/pattern.ts";
import type { Event } from "../types/event.ts";
import type { JsonObject, Logic } from "../types/json.ts";
import type { Plan, Verdict } from "../types/plan.ts";
import type { Rule, Rulebook } from "../types/rule.ts";
import type { State } from "../types/state.ts";
import { callLine } from "./call-line.ts";

export interface Trial {
  readonly rulebook: Rulebook;
  /** Before the event. */
  readonly state: State;
  readonly event: Event;
  readonly plan: Plan;
  readonly now: number;
}

/** Every rule in file order, with a tick or a cross beside each condition, why it was held back, and what it would do. */
export function tryLines(trial: Trial): readonly string[] {
  const observed = observe(trial.state, trial.event);
  const moments = momentsOf({ event: trial.event, before: trial.state, after: observed, rulebook: trial.rulebook });
  const rules = trial.rulebook.rules.flatMap((rule) => ruleLines(rule, { ...trial, observed, moments }));
  const silent = trial.plan.verdicts.every(({ outcome }) => outcome !== "fired");
  return silent ? [...rules, "", "No rule would act."] : rules;
}

interface Judged extends Trial {
  readonly observed: State;
  readonly moments: readonly Moment[];
}

function ruleLines(rule: Rule, trial: Judged): readonly string[] {
  const verdict = trial.plan.verdicts.find(({ ruleId }) => ruleId === rule.id) ?? null;
  const place = `${rule.place.file}:${rule.place.line}`;
  const head = `${mark(verdict?.outcome === "fired")} ${rule.name}  (${place})`;
  const held = verdict === null ? null : HELD[verdict.outcome];
  return [
    head,
    ...conditionLines(rule, trial, verdict),
    ...(held === null ? [] : [`    held back: ${held}`]),
    ...(verdict === null ? [] : doneLines(verdict, trial)),
  ];
}

const mark = (holds: boolean) => (holds ? "✓" : "✗");

const HELD: Readonly<Record<Verdict["outcome"], string | null>> = {
  fired: null,
  condition: null,
  shadow: "mode: shadow (it only records what it would do)",
  once: "once_per or again_after",
  slot: "an earlier rule has answered",
  capped: "bot.answers_per_minute",
};

function conditionLines(rule: Rule, trial: Judged, verdict: Verdict | null): readonly string[] {
  const moment = trial.moments.find(({ on }) => on.includes(rule.on));
  if (moment === undefined) return [`    ✗ when: ${rule.on.replace(":", ": ")}`];
  const view = viewOf(rule, moment, trial);
  return rule.parts.map(
    ({ label, logic }, index) => `    ${mark(holdsIn(verdict, index) ?? holds(logic, view))} ${label}`,
  );
}

/** What the decision itself says about a part: those before the failed one held. Null: it did not get so far. */
function holdsIn(verdict: Verdict | null, index: number): boolean | null {
  if (verdict === null) return null;
  if (verdict.failed === null) return true;
  return index > verdict.failed ? null : index < verdict.failed;
}

function viewOf(rule: Rule, moment: Moment, { observed, now }: Judged): JsonObject {
  const view = buildView(observed, moment.scope, now);
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

/** What the rule would send, then the actions that did nothing or only changed what is remembered. */
function doneLines({ ruleId, steps }: Verdict, { plan, state }: Judged): readonly string[] {
  const calls = plan.calls.filter((call) => call.ruleId === ruleId).map(({ call }) => callLine(call, state.directory));
  const others = steps
    .filter(({ did }) => did === "nothing" || did === "change")
    .map(({ action, line, did, reason }) =>
      did === "change"
        ? `${action} (line ${line}) is remembered`
        : `${action} (line ${line}) does nothing: ${reason ?? "nothing to do"}`,
    );
  return [...calls, ...others].map((line) => `    → ${line}`);
}

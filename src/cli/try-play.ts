import { decide } from "../engine/decide.ts";
import { resume } from "../engine/resume.ts";
import type { Event } from "../types/event.ts";
import type { Json } from "../types/json.ts";
import type { Plan, PlannedCall, Run, StepTrace } from "../types/plan.ts";
import type { Rule, Rulebook } from "../types/rule.ts";
import type { State } from "../types/state.ts";

export interface Trial {
  readonly rulebook: Rulebook;
  /** Before the event. */
  readonly state: State;
  readonly event: Event;
  /** Unix ms. */
  readonly now: number;
}

/** A run waits once for each call whose answer it needs; more rounds than a rule has actions would be a fault of ours. */
const MOST_ROUNDS = 1000;

/** The event decided by the same engine as in the running bot, to the end: a run that waits for an answer gets a good one. */
export function play(trial: Trial): Plan {
  let plan = decide(trial);
  for (let round = 0; plan.runs.length > 0 && round < MOST_ROUNDS; round++) plan = goOn(trial, plan);
  return plan;
}

function goOn(trial: Trial, plan: Plan): Plan {
  const [run, ...others] = plan.runs;
  const rule = trial.rulebook.rules.find(({ id }) => id === run?.ruleId);
  const key = run?.waitsFor?.kind === "call" ? run.waitsFor.key : null;
  // What waits for a person, a time or another service ends the trial there.
  if (run === undefined || rule === undefined || key === null) return { ...plan, runs: others };
  const input = { kind: "result", key, at: trial.now, outcome: { ok: true, body: goodAnswer(plan, key) } } as const;
  const next = resume({ ...trial, rule, run, state: plan.state, input });
  return {
    verdicts: withSteps(plan, run, next.verdicts[0]?.steps ?? []),
    state: next.state,
    calls: [...plan.calls, ...next.calls],
    runs: [...others, ...next.runs],
    endedRunIds: [],
    timers: [],
  };
}

function withSteps({ verdicts }: Plan, { ruleId }: Run, steps: readonly StepTrace[]): Plan["verdicts"] {
  return verdicts.map((verdict) =>
    verdict.ruleId === ruleId && verdict.outcome === "fired"
      ? { ...verdict, steps: [...verdict.steps, ...steps] }
      : verdict,
  );
}

const NEW_DIALOG = 2;
const NEW_FILE = "00000000-0000-4000-8000-000000000000";

/** What the gateway would answer, as far as rules look at it: the id of what was made. */
function goodAnswer({ calls }: Plan, key: string): Json {
  const call = calls.find((planned) => planned.key === key)?.call;
  return { id: call?.operation === "uploadFileByUrl" ? NEW_FILE : NEW_DIALOG };
}

/** What a shadow rule would have done, were it live and alone. */
export function playShadow(trial: Trial, rule: Rule): Plan {
  return play({ ...trial, rulebook: { ...trial.rulebook, rules: [{ ...rule, mode: "live" }] } });
}

/** The calls that a rule's actions would make, in order. */
export const callsOf = ({ calls }: Plan, rule: Rule): readonly PlannedCall[] =>
  calls.filter(({ ruleId }) => ruleId === rule.id);

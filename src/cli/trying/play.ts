import { decide } from "../../engine/decide.ts";
import { resume } from "../../engine/resume.ts";
import type { Event } from "../../types/event.ts";
import type { Json } from "../../types/json.ts";
import type { Plan, Run, StepTrace } from "../../types/plan.ts";
import type { Rule, Rulebook } from "../../types/rule.ts";
import type { State } from "../../types/state.ts";

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

/** The event decided by the same engine as in the running bot, as far as it goes by itself: a run that waits for the gateway's
 *  answer to a call gets a good one. `runs` are those that wait for a person, a time, the CRM or another service. */
export function play(trial: Trial): Plan {
  let plan = decide(trial);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const run = plan.runs.find(({ waitsFor }) => waitsFor?.kind === "call");
    if (run === undefined) return plan;
    plan = goOn(trial, plan, run);
  }
  return plan;
}

function goOn(trial: Trial, plan: Plan, run: Run): Plan {
  const others = plan.runs.filter(({ id }) => id !== run.id);
  const rule = trial.rulebook.rules.find(({ id }) => id === run.ruleId);
  if (rule === undefined || run.waitsFor?.kind !== "call") return { ...plan, runs: others };
  const { key } = run.waitsFor;
  const input = { kind: "result", key, at: trial.now, outcome: { ok: true, body: goodAnswer(plan, key) } } as const;
  const next = resume({ ...trial, rule, run, state: plan.state, input });
  return { ...joined({ ...plan, runs: others }, next), verdicts: withSteps(plan, run, next.verdicts[0]?.steps ?? []) };
}

/** Two plans of one event, the second made in the state that the first left. */
export function joined(first: Plan, second: Plan): Plan {
  return {
    verdicts: [...first.verdicts, ...second.verdicts],
    state: second.state,
    calls: [...first.calls, ...second.calls],
    runs: [...first.runs, ...second.runs],
    endedRunIds: [...first.endedRunIds, ...second.endedRunIds],
    timers: [...first.timers, ...second.timers],
  };
}

function withSteps({ verdicts }: Plan, { ruleId }: Run, steps: readonly StepTrace[]): Plan["verdicts"] {
  return verdicts.map((verdict) =>
    verdict.ruleId === ruleId && verdict.outcome === "fired"
      ? { ...verdict, steps: [...verdict.steps, ...steps] }
      : verdict,
  );
}

const NEW_DIALOG = 1000;
const NEW_FILE = "00000000-0000-4000-8000-000000000000";

/** What the gateway would answer, as far as rules look at it: the id of what was made. */
function goodAnswer({ calls }: Plan, key: string): Json {
  const call = calls.find((planned) => planned.key === key)?.call;
  return { id: call?.operation === "uploadFileByUrl" ? NEW_FILE : NEW_DIALOG };
}

/** What a shadow rule would have done, were it live and alone, and the customer had said all. */
export function playShadow(trial: Trial, rule: Rule): Plan {
  const rules: readonly Rule[] = [{ ...rule, mode: "live", gatherMs: null }];
  return play({ ...trial, rulebook: { ...trial.rulebook, rules, gatherMs: null } });
}

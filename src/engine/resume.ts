import type { Plan, Run, RunInput, Verdict } from "../types/plan.ts";
import type { Rule, Rulebook } from "../types/rule.ts";
import type { State, WaitingRun } from "../types/state.ts";
import { advance } from "./advance.ts";
import { forgetOld } from "./kept.ts";
import { setSilenceTimers } from "./silence.ts";
import { countAnswer } from "./speech.ts";
import { endWaiting, keepWaiting, lastOfEach } from "./waiting.ts";

export interface ResumeInput {
  readonly rulebook: Rulebook;
  /** The rule of the version the run began with. */
  readonly rule: Rule;
  readonly run: Run;
  readonly state: State;
  readonly input: RunInput;
  readonly now: number;
}

/** The next actions of a run, once what it waits for is there: the end of a call or request, an answer, or the time. Silences
 *  that begin or end with them are counted from then on. */
export function resume(input: ResumeInput): Plan {
  const plan = goOn(input);
  const timed = setSilenceTimers(plan.state, input.rulebook);
  return { ...plan, state: timed.state, timers: lastOfEach([...plan.timers, ...timed.timers]) };
}

function goOn({ rulebook, rule, run, state, input, now }: ResumeInput): Plan {
  const done = advance({ rulebook, rule, run, state: forgetOld(state, { declared: rulebook, now }), now, input });
  const verdict: Verdict = {
    ruleId: rule.id,
    rule: rule.name,
    occasion: run.occasion,
    outcome: "fired",
    failed: null,
    steps: done.steps,
    resumed: true,
  };
  const acted: Plan = {
    verdicts: [verdict],
    state: done.spoke && rule.lane === "answer" ? countAnswer(done.state, now) : done.state,
    calls: done.calls,
    runs: [],
    endedRunIds: [],
    timers: [],
  };
  return done.run === null ? endWaiting(acted, run) : keepWaiting(acted, { run: done.run, rule });
}

/** Puts a waiting run's input to it, inside a decision. */
export function goOnWith(
  { rulebook, now }: Pick<ResumeInput, "rulebook" | "now">,
  plan: Plan,
  { run, rule, input: what }: WaitingRun & { readonly input: RunInput },
): Plan {
  const gone = endWaiting(plan, run);
  const next = goOn({ rulebook, rule, run, state: gone.state, input: what, now });
  const ended = next.runs.some(({ id }) => id === run.id) ? plan.endedRunIds : gone.endedRunIds;
  return {
    verdicts: [...plan.verdicts, ...next.verdicts],
    state: next.state,
    calls: [...plan.calls, ...next.calls],
    runs: [...plan.runs, ...next.runs],
    endedRunIds: [...ended, ...next.endedRunIds.filter((id) => id !== run.id)],
    timers: [...gone.timers, ...next.timers],
  };
}

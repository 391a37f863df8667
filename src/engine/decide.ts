import type { Event } from "../types/event.ts";
import type { Plan, PlannedCall, Run, RunInput, Verdict } from "../types/plan.ts";
import type { Rule, Rulebook } from "../types/rule.ts";
import type { State } from "../types/state.ts";
import { advance } from "./advance.ts";
import { type Judgement, judge, mayAnswer } from "./judge.ts";
import { mark } from "./marks.ts";
import { noteCall } from "./notes.ts";
import { observe } from "./observe.ts";
import { type Moment, momentsOf } from "./occasions.ts";
import { NOTES } from "./phrases.ts";
import { countAnswer } from "./speech.ts";

export interface DecideInput {
  readonly rulebook: Rulebook;
  readonly state: State;
  readonly event: Event;
  /** Unix ms. */
  readonly now: number;
}

/** What one event deserves, and why. Pure: same rulebook + state + event + clock = same plan. The state is observed first,
 *  then every rule of a moment is judged against it, then those that fired do their actions in file order. */
export function decide({ rulebook, state, event, now }: DecideInput): Plan {
  const observed = observe(state, event);
  const moments = momentsOf({ event, before: state, after: observed, rulebook });
  const start: Plan = { verdicts: [], state: observed, calls: [], runs: [] };
  const plan = moments.reduce((before, moment) => decideMoment({ rulebook, event, now, moment, before }), start);
  return { ...plan, state: settleOpening(plan.state, moments) };
}

/** Once a dialog has had a first message seen, its opening is over, whether rules were there for it or not. */
function settleOpening(state: State, moments: readonly Moment[]): State {
  const { dialog } = state;
  if (dialog === null || dialog.openedDone || !moments.some((moment) => moment.on.includes("message"))) return state;
  return { ...state, dialog: { ...dialog, openedDone: true } };
}

interface MomentInput {
  readonly rulebook: Rulebook;
  readonly event: Event;
  readonly now: number;
  readonly moment: Moment;
  readonly before: Plan;
}

function decideMoment(input: MomentInput): Plan {
  const { rulebook, moment, now, before } = input;
  const judgements = judge({ rulebook, state: before.state, moment, now });
  return judgements.reduce((plan, judgement) => act(input, plan, judgement), before);
}

/** Judged are all rules before any acts; only the cap on answers counts those that went before (`continue: yes`). */
function act(input: MomentInput, plan: Plan, judged: Judgement): Plan {
  const over = judged.outcome === "fired" && !mayAnswer(judged.rule, { ...input, state: plan.state });
  const judgement: Judgement = over ? { ...judged, outcome: "capped" } : judged;
  const { outcome } = judgement;
  if (outcome === "fired") return fire(input, plan, judgement);
  if (outcome === "shadow") return rehearse(input, plan, judgement);
  const verdicts = [...plan.verdicts, verdictOf(judgement, [])];
  return outcome === "capped" ? noteCap(input, { ...plan, verdicts }, judgement) : { ...plan, verdicts };
}

function fire(input: MomentInput, plan: Plan, judgement: Judgement): Plan {
  const { rulebook, now } = input;
  const { rule } = judgement;
  const run = newRun(input, judgement, plan.state);
  const done = advance({ rulebook, rule, run, state: mark(rule, plan.state, now), now, result: null });
  const answered = done.spoke && rule.lane === "answer";
  return {
    verdicts: [...plan.verdicts, verdictOf(judgement, done.steps)],
    state: answered ? countAnswer(done.state, now) : done.state,
    calls: [...plan.calls, ...done.calls],
    runs: done.run === null ? plan.runs : [...plan.runs, done.run],
  };
}

/** A shadow rule is decided and recorded; nothing it would do happens, and only its own marks are kept. */
function rehearse(input: MomentInput, plan: Plan, judgement: Judgement): Plan {
  const { rulebook, now } = input;
  const { rule } = judgement;
  const run = newRun(input, judgement, plan.state);
  const done = advance({ rulebook, rule, run, state: plan.state, now, result: null });
  return {
    ...plan,
    verdicts: [...plan.verdicts, verdictOf(judgement, done.steps)],
    state: mark(rule, plan.state, now),
  };
}

function newRun({ event, moment }: MomentInput, { rule, on, match }: Judgement, state: State): Run {
  const opening = on === "dialog:opened" ? "#opened" : "";
  return {
    id: `${event.key}${opening}|${rule.id}`,
    ruleId: rule.id,
    ruleVersion: rule.version,
    occasion: on,
    eventKey: event.key,
    chatId: state.chat?.id ?? null,
    dialogId: state.dialog?.id ?? null,
    position: [0],
    scope: { ...moment.scope, match },
    replyScope: moment.replyScope,
    counter: 0,
    inputAt: moment.at,
    waitsFor: null,
  };
}

/** The staff is told once per breach that the bot pauses here. */
function noteCap(input: MomentInput, plan: Plan, { rule }: Judgement): Plan {
  const { dialog, chat } = plan.state;
  if (dialog === null || chat === null || dialog.capNoted) return plan;
  const call: PlannedCall = {
    key: `${input.event.key}|${rule.id}|cap`,
    runId: `${input.event.key}|${rule.id}`,
    ruleId: rule.id,
    chatId: chat.id,
    dialogId: dialog.id,
    call: noteCall(chat.id, NOTES.capped, input.rulebook),
    needs: null,
    guard: null,
  };
  return { ...plan, calls: [...plan.calls, call], state: { ...plan.state, dialog: { ...dialog, capNoted: true } } };
}

function verdictOf({ rule, on, outcome, failed, error }: Judgement, steps: Verdict["steps"]): Verdict {
  const verdict: Verdict = { ruleId: rule.id, rule: rule.name, occasion: on, outcome, failed, steps };
  return error === null ? verdict : { ...verdict, error };
}

export interface ResumeInput {
  readonly rulebook: Rulebook;
  /** The rule of the version the run began with. */
  readonly rule: Rule;
  readonly run: Run;
  readonly state: State;
  readonly input: RunInput;
  readonly now: number;
}

/** The next actions of a run, once the call it waits for is final (or has been waited for long enough). */
export function resume({ rulebook, rule, run, state, input, now }: ResumeInput): Plan {
  const done = advance({ rulebook, rule, run, state, now, result: input.outcome });
  const verdict: Verdict = {
    ruleId: rule.id,
    rule: rule.name,
    occasion: run.occasion,
    outcome: "fired",
    failed: null,
    steps: done.steps,
  };
  return {
    verdicts: [verdict],
    state: done.spoke && rule.lane === "answer" ? countAnswer(done.state, now) : done.state,
    calls: done.calls,
    runs: done.run === null ? [] : [done.run],
  };
}

import type { Event, Occasion } from "../types/event.ts";
import type { Plan, PlannedCall, Run, Verdict } from "../types/plan.ts";
import type { Rulebook } from "../types/rule.ts";
import type { State } from "../types/state.ts";
import { advance } from "./advance.ts";
import { type Judgement, judge, mayAnswer } from "./judge.ts";
import { mark } from "./marks.ts";
import { noteCall } from "./notes.ts";
import type { Moment } from "./occasions.ts";
import { NOTES } from "./phrases.ts";
import { countAnswer } from "./speech.ts";
import { keepWaiting } from "./waiting.ts";

/** One moment of an event, and the plan so far. `now` is Unix ms. */
export interface MomentInput {
  readonly rulebook: Rulebook;
  readonly event: Event;
  readonly now: number;
  readonly moment: Moment;
  readonly before: Plan;
}

/** Judges all rules of a moment against the same state, then lets those that fired act, in file order. */
export function decideMoment(input: MomentInput): Plan {
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
  const verdicts = [...plan.verdicts, verdictOf(judgement, input.moment, [])];
  return outcome === "capped" ? noteCap(input, { ...plan, verdicts }, judgement) : { ...plan, verdicts };
}

function fire(input: MomentInput, plan: Plan, judgement: Judgement): Plan {
  const { rulebook, now } = input;
  const { rule } = judgement;
  const run = newRun(input, judgement, plan.state);
  const done = advance({ rulebook, rule, run, state: mark(rule, plan.state, now), now, input: null });
  const answered = done.spoke && rule.lane === "answer";
  const acted: Plan = {
    ...plan,
    verdicts: [...plan.verdicts, verdictOf(judgement, input.moment, done.steps)],
    state: answered ? countAnswer(done.state, now) : done.state,
    calls: [...plan.calls, ...done.calls],
  };
  return done.run === null ? acted : keepWaiting(acted, { run: done.run, rule });
}

/** A shadow rule is decided and recorded; nothing it would do happens, and only its own marks are kept. */
function rehearse(input: MomentInput, plan: Plan, judgement: Judgement): Plan {
  const { rulebook, now } = input;
  const { rule } = judgement;
  const run = newRun(input, judgement, plan.state);
  const done = advance({ rulebook, rule, run, state: plan.state, now, input: null });
  return {
    ...plan,
    verdicts: [...plan.verdicts, verdictOf(judgement, input.moment, done.steps)],
    state: mark(rule, plan.state, now),
  };
}

function newRun({ event, moment }: MomentInput, { rule, on, match }: Judgement, state: State): Run {
  return {
    id: `${event.key}${partOf(on, moment)}|${rule.id}`,
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
    heardAt: moment.at,
    changed: [],
    inner: [],
    waitsFor: null,
  };
}

/** One event can hold an opening, the end of a turn and a message of its own. */
function partOf(on: Occasion, { turn }: Moment): string {
  if (on === "dialog:opened") return "#opened";
  return turn === undefined ? "" : "#turn";
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

/** A judgement as it is kept, with what the rule's actions did. */
export function verdictOf(
  { rule, on, outcome, failed, error }: Judgement,
  { turn }: Moment,
  steps: Verdict["steps"],
): Verdict {
  const verdict: Verdict = { ruleId: rule.id, rule: rule.name, occasion: on, outcome, failed, steps };
  return { ...verdict, ...(error === null ? {} : { error }), ...(turn === undefined ? {} : { turn }) };
}

import { replyStep } from "../actions/reply.ts";
import type { Event } from "../types/event.ts";
import type { Plan, PlannedCall, Question, Run, RunInput, Verdict } from "../types/plan.ts";
import type { Rule, Rulebook } from "../types/rule.ts";
import type { State, WaitingRun } from "../types/state.ts";
import { advance } from "./advance.ts";
import { objectAt, textAt } from "./fields.ts";
import { type Judgement, judge, mayAnswer } from "./judge.ts";
import { stillHolds } from "./late.ts";
import { mark } from "./marks.ts";
import { noteCall } from "./notes.ts";
import { authorOf, isCommand, observe } from "./observe.ts";
import { type Moment, momentsOf } from "./occasions.ts";
import { CANCELLED, NOTES } from "./phrases.ts";
import { hasNoAnswer, leaves, openQuestion } from "./question.ts";
import { markSilence, setSilenceTimers, silenceDue, silenceKey } from "./silence.ts";
import { countAnswer } from "./speech.ts";
import { messageOf } from "./subjects.ts";
import { endWaiting, keepWaiting, lastOfEach, waitingIn } from "./waiting.ts";

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
  const start: Plan = {
    verdicts: [],
    state: observed,
    calls: [],
    runs: [],
    endedRunIds: [],
    timers: [],
  };
  const input = { rulebook, event, now };
  const plan = event.type === TIMER ? decideTimer(input, start) : decideNews(input, state, start);
  const timed = setSilenceTimers(plan.state, rulebook);
  return { ...plan, state: timed.state, timers: lastOfEach([...plan.timers, ...timed.timers]) };
}

type Input = Pick<DecideInput, "rulebook" | "event" | "now">;

function decideNews(input: Input, before: State, start: Plan): Plan {
  const moments = momentsOf({ ...input, before, after: start.state });
  const relieved = endPointless(input.event, start);
  const plan = moments.reduce((now, moment) => decideMessage({ ...input, moment, before: now }), relieved);
  return { ...plan, state: settleOpening(plan.state, moments) };
}

/** An open question takes the customer's next message; anything else is for the rules, and so is the message that was the
 *  cause of the question (it opened the dialog). */
function decideMessage(input: MomentInput): Plan {
  const asked = isCustomersMessage(input.moment) ? openQuestion(input.before.state) : null;
  if (asked === null || asked.run.eventKey === input.event.key) return decideMoment(input);
  const given = answerText(input.event, input.moment, asked.question);
  const known = input.rulebook.rules.some(({ id }) => id === asked.rule.id);
  const leaving = known ? leaves(given, asked.question, input.before.state, input.rulebook.cancelWords) : "left";
  if (leaving === null) {
    const message = input.moment.scope.message ?? null;
    const answer = { kind: "answer" as const, at: input.moment.at, text: given, message };
    return go(input, input.before, { ...asked, input: answer });
  }
  const left = endWaiting(input.before, asked.run);
  return leaving === "cancelled" ? sayCancelled(input, left, asked) : decideMoment({ ...input, before: left });
}

const isCustomersMessage = ({ on, scope }: Moment) =>
  on.includes("message") && objectAt(scope, "message")?.from === "customer";

/** A number typed for a listed choice stands for it, but where a number is asked for it is just that. */
function answerText(event: Event, { scope }: Moment, question: Question): string {
  const typed = textAt(messageOf(event) ?? undefined, "content") ?? "";
  return question.expect === "number" ? typed : (textAt(objectAt(scope, "message") ?? undefined, "text") ?? typed);
}

/** Ends what the event makes pointless: questions of a closed dialog, and those a manager has taken over. */
function endPointless(event: Event, plan: Plan): Plan {
  const message = messageOf(event);
  const byManager = message !== null && event.type === "message_new" && authorOf(message) === "manager";
  const tookOver = byManager && message.scope === "public" && !isCommand(message);
  const closed = event.type === "dialog_closed" || plan.state.dialog?.closedAt != null;
  const questions = waitingIn(plan.state).filter(({ run }) => run.waitsFor?.kind === "answer");
  const pointless = questions.filter((one) => closed || (tookOver && !hasNoAnswer(one)));
  return pointless.reduce((before, { run }) => endWaiting(before, run), plan);
}

function decideTimer(input: Input, start: Plan): Plan {
  const key = textAt(input.event.data, "timer") ?? "";
  const due = start.state.waiting.find(({ run }) => key === `run:${run.id}`);
  if (due !== undefined) return decideDue(input, start, due);
  const { dialog } = start.state;
  const rule = input.rulebook.rules.find(({ id }) => dialog !== null && key === silenceKey(dialog.id, id));
  return rule === undefined ? start : decideSilence(input, start, rule);
}

/** A run whose time has come goes on, if its rule is still there and its `if` still holds. A timer that rings too early was
 *  set for what the run waited for before. */
function decideDue(input: Input, start: Plan, { run, rule }: WaitingRun): Plan {
  const { rulebook, now } = input;
  if ((run.waitsFor?.until ?? Number.POSITIVE_INFINITY) > now) return start;
  const known = rulebook.rules.some(({ id }) => id === rule.id);
  const holds = run.waitsFor?.kind !== "time" || stillHolds(rule, run, start.state, rulebook, now);
  if (!known || !holds) return endWaiting(start, run);
  return go(input, start, { run, rule, input: { kind: "time", at: now } });
}

/** A silence rule is judged when its time is due by the present state; a timer that rings too early was set for another. */
function decideSilence(input: Input, start: Plan, rule: Rule): Plan {
  const due = silenceDue(rule, start.state, input.rulebook);
  if (due === null || due > input.now) return start;
  const moment: Moment = {
    on: [rule.on],
    words: [],
    scope: { event: {} },
    replyScope: "public",
    at: input.now,
    only: rule.id,
  };
  const before = { ...start, state: markSilence(rule, start.state) };
  return decideMoment({ ...input, moment, before });
}

/** Puts a waiting run's input to it. */
function go(input: Input, plan: Plan, { run, rule, input: what }: WaitingRun & { readonly input: RunInput }): Plan {
  const gone = endWaiting(plan, run);
  const next = resume({ rulebook: input.rulebook, rule, run, state: gone.state, input: what, now: input.now });
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

/** One sentence, in the voice of the rule that was left, that it was. */
function sayCancelled(input: Input, plan: Plan, { run, rule }: WaitingRun): Plan {
  const { rulebook, now } = input;
  const saying = { ...rule, do: [replyStep(rulebook.texts.cancelled ?? CANCELLED, rule.place)] };
  const own: Run = { ...run, id: `${input.event.key}|cancelled`, position: [0], inner: [], counter: 0, waitsFor: null };
  const heard: Run = { ...own, inputAt: now, heardAt: now };
  const done = advance({ rulebook, rule: saying, run: heard, state: plan.state, now, input: null });
  return { ...plan, state: done.state, calls: [...plan.calls, ...done.calls] };
}

/** The inbox row that a due timer makes; its `data` is `{timer: key, dialog_id}`. */
const TIMER = "timer";

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
  const done = advance({ rulebook, rule, run, state: mark(rule, plan.state, now), now, input: null });
  const answered = done.spoke && rule.lane === "answer";
  const acted: Plan = {
    ...plan,
    verdicts: [...plan.verdicts, verdictOf(judgement, done.steps)],
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
    heardAt: moment.at,
    changed: [],
    inner: [],
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
  const done = advance({ rulebook, rule, run, state, now, input });
  const verdict: Verdict = {
    ruleId: rule.id,
    rule: rule.name,
    occasion: run.occasion,
    outcome: "fired",
    failed: null,
    steps: done.steps,
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

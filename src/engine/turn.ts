import { ruleById } from "../rulebook/match.ts";
import type { Event } from "../types/event.ts";
import type { Plan, Verdict } from "../types/plan.ts";
import type { Rulebook } from "../types/rule.ts";
import type { Gathering, WaitingRun } from "../types/state.ts";
import { objectAt, textAt } from "./fields.ts";
import { gatheringIn, gatherKey, judgedAt, mayGather, pauseFor, pauseOf, turnMoment, withMessage } from "./gather.ts";
import { type Judgement, judge } from "./judge.ts";
import { decideMoment, type MomentInput, verdictOf } from "./moment.ts";
import type { Moment } from "./occasions.ts";
import { openQuestion } from "./question.ts";
import { goOnWith } from "./resume.ts";
import { endWaiting } from "./waiting.ts";

interface Input {
  readonly rulebook: Rulebook;
  readonly event: Event;
  /** Unix ms. */
  readonly now: number;
}

/** A message of the customer, for the open question that it answers or (`asked` null) for the rules. Where more may follow, it
 *  is kept until the customer pauses: nothing of it is judged yet but rules for the raw event. */
export function hear(input: MomentInput, asked: WaitingRun | null): Plan {
  const { rulebook, now, before } = input;
  const begins = gatheringIn(before.state) === null;
  const mayWait = asked === null ? mayGather(rulebook) : pauseOf(asked.rule, rulebook) > 0;
  if (before.state.dialog === null || (begins && !mayWait)) return decideAlone(input, asked);
  const turn = withMessage({ ...input, state: before.state, answers: asked?.run.id ?? null });
  const judged = asked === null ? judge({ rulebook, state: before.state, moment: turnMoment(turn), now }) : [];
  const pauseMs = asked === null ? pauseFor(judged, rulebook) : pauseOf(asked.rule, rulebook);
  const until = judgedAt(turn, pauseMs, now);
  if (until === null && begins) return decideAlone(input, asked);
  const told = asked === null ? decideMoment({ ...input, moment: rawPart(input.moment) }) : before;
  const kept = withTurn(told, { ...turn, until: until ?? now });
  if (until === null) return decideTurn(input, kept);
  const waiting = asked === null ? judged.map((one) => unjudged(one, turn)) : [unanswered(asked, turn)];
  return { ...kept, verdicts: [...kept.verdicts, ...waiting] };
}

const decideAlone = (input: MomentInput, asked: WaitingRun | null): Plan =>
  asked === null ? decideMoment(input) : answerWith(input, input.before, { asked, moment: input.moment });

/** Rules for the raw event see each message by itself, and at once. */
const rawPart = (moment: Moment): Moment => ({ ...moment, on: moment.on.filter((on) => on !== "message") });

/** The customer has paused, or the turn has to end here: it goes where it was meant for, once and as a whole. A question that is
 *  no longer open takes no answer: the rules have it then. */
export function decideTurn({ rulebook, event, now }: Input, plan: Plan): Plan {
  const turn = gatheringIn(plan.state);
  if (turn === null) return plan;
  const before = withTurn(plan, null);
  const moment = turnMoment(turn);
  const asked = turn.answers === null ? null : openQuestion(before.state);
  if (asked === null || asked.run.id !== turn.answers) return decideMoment({ rulebook, event, now, moment, before });
  if (ruleById(rulebook, asked.rule.id) !== null) return answerWith({ rulebook, now }, before, { asked, moment });
  return decideMoment({ rulebook, event, now, moment, before: endWaiting(before, asked.run) });
}

/** Gives a message, or a turn, to the open question as its answer. `text` where another reading of the words is meant. */
export function answerWith(
  input: Pick<Input, "rulebook" | "now">,
  plan: Plan,
  { asked, moment, text }: { readonly asked: WaitingRun; readonly moment: Moment; readonly text?: string },
): Plan {
  const message = objectAt(moment.scope, "message");
  const words = text ?? textAt(message ?? undefined, "text") ?? "";
  const answered = goOnWith(input, plan, { ...asked, input: { kind: "answer", at: moment.at, text: words, message } });
  const { turn } = moment;
  if (turn === undefined) return answered;
  const fresh = answered.verdicts.slice(plan.verdicts.length).map((verdict) => ({ ...verdict, turn }));
  return { ...answered, verdicts: [...plan.verdicts, ...fresh] };
}

/** The plan with the turn that is now being heard out (null: none) and its timer. */
export function withTurn(plan: Plan, turn: Gathering | null): Plan {
  const { dialog } = plan.state;
  if (dialog === null || (turn === null && gatheringIn(plan.state) === null)) return plan;
  const timer = { key: gatherKey(dialog.id), chatId: dialog.chatId, dialogId: dialog.id, at: turn?.until ?? null };
  return {
    ...plan,
    state: { ...plan.state, dialog: { ...dialog, gathering: turn } },
    timers: [...plan.timers, timer],
  };
}

function unjudged(judgement: Judgement, turn: Gathering): Verdict {
  const outcome = judgement.outcome === "fired" ? "gathers" : judgement.outcome;
  return verdictOf({ ...judgement, outcome }, turnMoment(turn), []);
}

function unanswered({ run, rule }: WaitingRun, turn: Gathering): Verdict {
  const base = { ruleId: rule.id, rule: rule.name, occasion: run.occasion, failed: null, steps: [] };
  return { ...base, outcome: "gathers", turn: turnMoment(turn).turn ?? [] };
}

import { replyStep } from "../actions/reply.ts";
import type { Event } from "../types/event.ts";
import type { Plan, Question, Run } from "../types/plan.ts";
import type { WaitingRun } from "../types/state.ts";
import { advance } from "./advance.ts";
import { objectAt, textAt } from "./fields.ts";
import { decideMoment, type MomentInput } from "./moment.ts";
import { authorOf, isCommand } from "./observe.ts";
import type { Moment } from "./occasions.ts";
import { CANCELLED } from "./phrases.ts";
import { hasNoAnswer, leaves, openQuestion } from "./question.ts";
import { goOnWith } from "./resume.ts";
import { messageOf } from "./subjects.ts";
import { endWaiting, waitingIn } from "./waiting.ts";

/** An open question takes the customer's next message; anything else is for the rules, and so is the message that was the
 *  cause of the question (it opened the dialog). */
export function decideMessage(input: MomentInput): Plan {
  const asked = isCustomersMessage(input.moment) ? openQuestion(input.before.state) : null;
  if (asked === null || asked.run.eventKey === input.event.key) return decideMoment(input);
  const given = answerText(input.event, input.moment, asked.question);
  const known = input.rulebook.rules.some(({ id }) => id === asked.rule.id);
  const leaving = known ? leaves(given, asked.question, input.before.state, input.rulebook.cancelWords) : "left";
  if (leaving === null) {
    const message = input.moment.scope.message ?? null;
    const answer = { kind: "answer" as const, at: input.moment.at, text: given, message };
    return goOnWith(input, input.before, { ...asked, input: answer });
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
export function endPointless(event: Event, plan: Plan): Plan {
  const message = messageOf(event);
  const byManager = message !== null && event.type === "message_new" && authorOf(message) === "manager";
  const tookOver = byManager && message.scope === "public" && !isCommand(message);
  const closed = event.type === "dialog_closed" || plan.state.dialog?.closedAt != null;
  const questions = waitingIn(plan.state).filter(({ run }) => run.waitsFor?.kind === "answer");
  const pointless = questions.filter((one) => closed || (tookOver && !hasNoAnswer(one)));
  return pointless.reduce((before, { run }) => endWaiting(before, run), plan);
}

/** One sentence, in the voice of the rule that was left, that it was. */
function sayCancelled(input: MomentInput, plan: Plan, { run, rule }: WaitingRun): Plan {
  const { rulebook, now } = input;
  const saying = { ...rule, do: [replyStep(rulebook.texts.cancelled ?? CANCELLED, rule.place)] };
  const own: Run = { ...run, id: `${input.event.key}|cancelled`, position: [0], inner: [], counter: 0, waitsFor: null };
  const heard: Run = { ...own, inputAt: now, heardAt: now };
  const done = advance({ rulebook, rule: saying, run: heard, state: plan.state, now, input: null });
  return { ...plan, state: done.state, calls: [...plan.calls, ...done.calls] };
}

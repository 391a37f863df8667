import { replyStep } from "../actions/reply.ts";
import { ruleById } from "../rulebook/match.ts";
import type { Event } from "../types/event.ts";
import type { Plan, Question, Run } from "../types/plan.ts";
import type { WaitingRun } from "../types/state.ts";
import { advance } from "./advance.ts";
import { objectAt, textAt } from "./fields.ts";
import { joinsTurn } from "./gather.ts";
import { decideMoment, type MomentInput } from "./moment.ts";
import { authorOf, isCommand } from "./observe.ts";
import type { Moment } from "./occasions.ts";
import { CANCELLED } from "./phrases.ts";
import { hasNoAnswer, type Leaving, leaves, openQuestion } from "./question.ts";
import { messageOf } from "./subjects.ts";
import { answerWith, decideTurn, hear, withTurn } from "./turn.ts";
import { endWaiting, waitingIn } from "./waiting.ts";

/** An open question takes the customer's next message; anything else is for the rules, and so is the message that was the
 *  cause of the question (it opened the dialog). A message that goes elsewhere than those before it lets them go first. */
export function decideMessage(input: MomentInput): Plan {
  const { moment, before } = input;
  if (!isCustomersMessage(moment)) return decideMoment(input);
  const asked = askedBefore(input);
  const leaving = asked === null ? null : leavingBy(input, asked);
  const answers = leaving === "left" ? null : (asked?.run.id ?? null);
  if (!joinsTurn({ state: before.state, moment, answers }))
    return decideMessage({ ...input, before: decideTurn(input, before) });
  if (asked === null) return hear(input, null);
  if (leaving === "left") return hear({ ...input, before: endWaiting(before, asked.run) }, null);
  if (leaving === "cancelled") return sayCancelled(input, endWaiting(withTurn(before, null), asked.run), asked);
  if (asked.question.expect === "text") return hear(input, asked);
  return answerWith(input, before, { asked, moment, text: answerText(input, asked.question) });
}

const isCustomersMessage = ({ on, scope }: Moment) =>
  on.includes("message") && objectAt(scope, "message")?.from === "customer";

type Asked = NonNullable<ReturnType<typeof openQuestion>>;

function askedBefore({ before, event }: MomentInput): Asked | null {
  const asked = openQuestion(before.state);
  return asked?.run.eventKey === event.key ? null : asked;
}

/** The question of a rule that is gone is left by whatever is said. */
function leavingBy(input: MomentInput, { rule, question }: Asked): Leaving {
  const { rulebook, before } = input;
  const known = ruleById(rulebook, rule.id) !== null;
  return known ? leaves(answerText(input, question), question, before.state, rulebook.cancelWords) : "left";
}

/** A number typed for a listed choice stands for it, but where a number is asked for it is just that. */
function answerText({ event, moment }: MomentInput, question: Question): string {
  const typed = textAt(messageOf(event) ?? undefined, "content") ?? "";
  return question.expect === "number"
    ? typed
    : (textAt(objectAt(moment.scope, "message") ?? undefined, "text") ?? typed);
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

/** The run that says that a question was left by a cancel word. */
export const cancelledRunId = ({ key }: Pick<Event, "key">) => `${key}|cancelled`;

/** One sentence, in the voice of the rule that was left, that it was. */
function sayCancelled(input: MomentInput, plan: Plan, { run, rule }: WaitingRun): Plan {
  const { rulebook, now } = input;
  const saying = { ...rule, do: [replyStep(rulebook.texts.cancelled ?? CANCELLED, rule.place)] };
  const own: Run = { ...run, id: cancelledRunId(input.event), position: [0], inner: [], counter: 0, waitsFor: null };
  const heard: Run = { ...own, inputAt: now, heardAt: now };
  const done = advance({ rulebook, rule: saying, run: heard, state: plan.state, now, input: null });
  return { ...plan, state: done.state, calls: [...plan.calls, ...done.calls] };
}

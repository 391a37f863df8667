import { tokenize } from "../language/text/words.ts";
import type { Event } from "../types/event.ts";
import type { JsonObject } from "../types/json.ts";
import type { Rule, Rulebook } from "../types/rule.ts";
import type { Gathering, State } from "../types/state.ts";
import { idAt, listAt, objectAt, textAt } from "./fields.ts";
import type { Judgement } from "./judge.ts";
import type { Moment } from "./occasions.ts";
import { openQuestion } from "./question.ts";

/** However quickly more messages come, so many pauses after the first one the turn is judged. */
const MOST_PAUSES = 5;
const MOST_MESSAGES = 20;
/** Words and patterns see no more of a text than 8,192 characters: every word of a turn has to be among them. */
const MOST_CHARS = 8000;

const KEY = "gather:";

/** The timer at which a dialog's turn is judged. */
export const gatherKey = (dialogId: number) => `${KEY}${dialogId}`;

/** Is the event the end of a customer's turn? */
export const endsTurn = ({ type, data }: Event): boolean =>
  type === "timer" && (textAt(data, "timer") ?? "").startsWith(KEY);

/** The turn that is being heard out in the dialog; null: none is. */
export const gatheringIn = ({ dialog }: State): Gathering | null => dialog?.gathering ?? null;

/** One more message of the customer. `answers` is the run whose question it answers; null: it is for the rules. */
export interface Heard {
  readonly moment: Moment;
  readonly event: Event;
  readonly state: State;
  readonly answers: string | null;
  /** Unix ms. */
  readonly now: number;
}

/** Is the message part of the turn that is being heard out? One that goes elsewhere is not, nor one that makes it too long.
 *  Where no turn is, it begins one. */
export function joinsTurn({ state, moment, answers }: Pick<Heard, "state" | "moment" | "answers">): boolean {
  const turn = gatheringIn(state);
  if (turn === null) return true;
  const question = openQuestion(state)?.run.id ?? null;
  const goesTo = question === turn.answers ? question : null;
  return goesTo === answers && textOf([...turn.messages, viewOf(moment)]).length <= MOST_CHARS;
}

/** The turn with one more message. It is not known yet how long the pause is: `until` is now. */
export function withMessage({ moment, event, state, answers, now }: Heard): Gathering {
  const turn = gatheringIn(state);
  return {
    since: turn?.since ?? now,
    until: now,
    at: moment.at,
    first: (turn?.first ?? false) || state.dialog?.customerMessages === 1,
    answers,
    messages: [...(turn?.messages ?? []), viewOf(moment)],
    event: event.data,
  };
}

const viewOf = ({ scope }: Moment): JsonObject => objectAt(scope, "message") ?? {};

/** When a turn whose last message came now is judged (Unix ms); null: now. */
export function judgedAt(turn: Gathering, pauseMs: number, now: number): number | null {
  const isFull = turn.messages.length >= MOST_MESSAGES || textOf(turn.messages).length >= MOST_CHARS;
  const until = Math.min(now + pauseMs, turn.since + MOST_PAUSES * pauseMs);
  return isFull || until <= now ? null : until;
}

/** A turn as the one message that rules are judged for: what was said last, with the words of all. */
export function turnMoment(turn: Gathering): Moment {
  const message = messageOfTurn(turn);
  return {
    on: ["message"],
    words: tokenize(String(message.text)),
    scope: { event: turn.event, message, ...(turn.first ? { dialog: { first: true } } : {}) },
    replyScope: "public",
    at: turn.at,
    turn: turn.messages.map((one) => idAt(one, "id")).filter((id) => id !== null),
  };
}

/** The last message with the texts and items of all. Kinds that differ stand side by side: a photo with a question under it is
 *  an image and a text. */
function messageOfTurn({ messages }: Gathering): JsonObject {
  const types = [...new Set(messages.map(({ type = null }) => type))];
  return {
    ...messages.at(-1),
    text: textOf(messages),
    type: types.length === 1 ? (types[0] ?? null) : types,
    items: messages.flatMap((one) => listAt(one, "items")),
  };
}

/** Texts a line each; what is said twice in a row counts once. */
function textOf(messages: readonly JsonObject[]): string {
  const texts = messages.map((one) => textAt(one, "text")).filter((text) => text !== null);
  return texts.filter((text, index) => text.trim() !== texts[index - 1]?.trim()).join("\n");
}

/** How long this rule lets the customer go on writing. Rules stored by an older version say nothing. */
export const pauseOf = ({ gatherMs }: Rule, rulebook: Rulebook): number => gatherMs ?? rulebook.gatherMs ?? 0;

/** How long to wait for more, as those rules want it that would act on what was said so far: the one that would answer, else
 *  the most patient. */
export function pauseFor(judged: readonly Judgement[], rulebook: Rulebook): number {
  const acting = judged.filter(({ outcome }) => outcome === "fired").map(({ rule }) => rule);
  const answering = acting.find(({ lane }) => lane === "answer");
  if (answering !== undefined) return pauseOf(answering, rulebook);
  return acting.length > 0 ? Math.max(...acting.map((rule) => pauseOf(rule, rulebook))) : (rulebook.gatherMs ?? 0);
}

/** By the list of rules, which many rulebooks share. */
const patient = new WeakMap<Rulebook["rules"], boolean>();

/** Does anything in the rulebook wait for more messages? */
export function mayGather({ gatherMs, rules }: Rulebook): boolean {
  if ((gatherMs ?? 0) > 0) return true;
  const known = patient.get(rules);
  if (known !== undefined) return known;
  const found = rules.some((rule) => (rule.gatherMs ?? 0) > 0);
  patient.set(rules, found);
  return found;
}

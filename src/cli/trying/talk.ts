import { gatherKey } from "../../engine/gather.ts";
import { observe } from "../../engine/observe.ts";
import { setSilenceTimers } from "../../engine/silence.ts";
import type { Event } from "../../types/event.ts";
import type { Plan, TimerChange } from "../../types/plan.ts";
import type { Rulebook } from "../../types/rule.ts";
import { newDialog, type State } from "../../types/state.ts";
import { joined, play, type Trial } from "./play.ts";
import { customerEvent, ownEvent, timerEvent } from "./scene.ts";

/** One input of a conversation and all that it makes the bot do. */
export interface Turn extends Trial {
  /** What happened: the first event, a further message of the customer, or a time that has come. */
  readonly kind: "first" | "answer" | "time";
  /** What the customer wrote in a further message. */
  readonly said: string | null;
  readonly plan: Plan;
  /** The bot waited for more messages before its rules were asked, until then (Unix ms); null: it did not. */
  readonly gatheredUntil: number | null;
}

/** A conversation up to here. `now` is Unix ms; `timers` are those that are set, by key. */
interface Talk {
  readonly rulebook: Rulebook;
  readonly turns: readonly Turn[];
  readonly state: State;
  readonly timers: ReadonlyMap<string, number>;
  readonly now: number;
  readonly messageId: number;
}

/** The customer takes this long to write again. */
const PAUSE_MS = 1_000;
/** Rules that ring each other for ever would be a fault of ours. */
const MOST_RINGS = 1_000;

/** The first event and then each of the customer's further messages, in one conversation, through the engine of the running bot.
 *  Nobody but the customer writes; time goes on by a second from message to message, and by what the bot waits for more of
 *  them. */
export function playTalk(first: Trial, answers: readonly string[]): readonly Turn[] {
  const { rulebook, state, now } = first;
  const start: Talk = { rulebook, turns: [], state, timers: new Map(), now, messageId: 1 };
  const begun = happen(start, { event: first.event, kind: "first", said: null, at: now });
  return answers.reduce(answer, begun).turns;
}

function answer(talk: Talk, said: string): Talk {
  const at = talk.now + PAUSE_MS;
  const rung = ringUntil(talk, at);
  const place = inOpenDialog(rung, at);
  const writing = { at, messageId: place.messageId, dialogId: place.state.dialog?.id ?? 1 };
  return happen(place, { event: customerEvent(writing, said), kind: "answer", said, at });
}

interface Happening {
  readonly event: Event;
  readonly kind: Turn["kind"];
  readonly said: string | null;
  /** Unix ms. */
  readonly at: number;
}

function happen(talk: Talk, { event, kind, said, at }: Happening): Talk {
  const trial: Trial = { rulebook: talk.rulebook, state: talk.state, event, now: at };
  const turn: Turn = { ...trial, kind, said, plan: play(trial), gatheredUntil: null };
  return settled({ ...talk, now: at }, gathered(turn));
}

/** A turn in which the bot waits for more messages is over when none has come. */
function gathered(turn: Turn): Turn {
  const { state, timers } = turn.plan;
  const dialogId = state.dialog?.id ?? null;
  const pause = timers.findLast(({ key }) => dialogId !== null && key === gatherKey(dialogId));
  if (pause === undefined || pause.at === null) return turn;
  const event = timerEvent(pause.key, pause.at, dialogId);
  const later = play({ rulebook: turn.rulebook, state, event, now: pause.at });
  return { ...turn, plan: joined(turn.plan, later), gatheredUntil: pause.at };
}

/** The conversation after a turn: the gateway has told the bot's own doings back, and all timers are set. */
function settled(talk: Talk, turn: Turn): Talk {
  const now = turn.gatheredUntil ?? talk.now;
  const spoken = turn.plan.calls.filter(({ call }) => call.operation === "sendMessage");
  const heard = spoken.reduce((state, { call, dialogId }, index) => {
    const writing = { at: now + 1, messageId: talk.messageId + 1 + index, dialogId: dialogId ?? 1 };
    return observe(state, ownEvent(writing, call.body ?? {}));
  }, turn.plan.state);
  const silences = setSilenceTimers(closedBy(turn.plan, heard, now), talk.rulebook);
  const timers = changedTimers(talk.timers, [...turn.plan.timers, ...silences.timers]);
  const { state } = silences;
  const told: Turn = { ...turn, plan: { ...turn.plan, state } };
  return { ...talk, turns: [...talk.turns, told], state, timers, now, messageId: talk.messageId + spoken.length + 1 };
}

/** Where the rules close the dialog its questions end. */
function closedBy({ calls }: Plan, state: State, at: number): State {
  const closes = calls.some(({ call }) => call.operation === "closeDialog");
  if (!closes || state.dialog === null) return state;
  const waiting = state.waiting.filter(({ run }) => run.waitsFor?.kind !== "answer");
  return { ...state, dialog: { ...state.dialog, closedAt: at }, waiting };
}

function changedTimers(
  timers: ReadonlyMap<string, number>,
  changes: readonly TimerChange[],
): ReadonlyMap<string, number> {
  const changed = new Map(timers);
  for (const { key, at } of changes) {
    if (at === null) changed.delete(key);
    else changed.set(key, at);
  }
  return changed;
}

/** Every timer that is due before `at` rings, in order. */
function ringUntil(talk: Talk, at: number): Talk {
  let rung = talk;
  for (let ring = 0; ring < MOST_RINGS; ring++) {
    const [due] = [...rung.timers].filter(([, dueAt]) => dueAt <= at).toSorted(([, left], [, right]) => left - right);
    if (due === undefined) return rung;
    const [key, dueAt] = due;
    const timers = new Map(rung.timers);
    timers.delete(key);
    const event = timerEvent(key, dueAt, rung.state.dialog?.id ?? null);
    rung = happen({ ...rung, timers }, { event, kind: "time", said: null, at: Math.max(dueAt, rung.now) });
  }
  return rung;
}

/** In a closed dialog nobody writes: the customer's next message begins another. */
function inOpenDialog(talk: Talk, at: number): Talk {
  const { dialog } = talk.state;
  if (dialog === null || dialog.closedAt === null) return talk;
  const opened = { ...newDialog(dialog.id + 1, dialog.chatId, at), beginMessageId: talk.messageId };
  return { ...talk, state: { ...talk.state, dialog: opened } };
}

import { isObject, type Json } from "../../src/types/json.ts";
import { playStep, type Step } from "./conversation.ts";
import { type House, type Moment, openHouse } from "./house.ts";
import type { Death } from "./mortal-store.ts";
import { restart, wake } from "./time.ts";
import { listenIn, type Transcript, transcriptOf } from "./transcript.ts";

/** One death in the middle of a step. `again`: the next life dies just before so many writing operations; null: it does not. */
export interface StepDeath extends Death {
  readonly step: number;
  readonly again: number | null;
}

/** What happens to the bot besides the conversation. `restarted`: before each step but the first it is ended, in good order or
 *  without a word, and started anew. `dies`: at most once in a step. */
export type Fate =
  | { readonly kind: "spared" }
  | { readonly kind: "restarted"; readonly how: "drained" | "dropped" }
  | { readonly kind: "dies"; readonly deaths: readonly StepDeath[] };

/** A conversation as it was played. */
export interface Played {
  readonly transcript: Transcript;
  /** How many writing operations each step took; only meaningful when the bot was spared. */
  readonly writes: readonly number[];
  /** How often the bot was started. */
  readonly lives: number;
  /** Moments (Unix ms) at which something began in a chat: people's acts; timers and turns of a queue. */
  readonly stirs: readonly Stir[];
  /** Its end, for people who look for a fault. */
  readonly log: string;
}

export interface Stir {
  readonly at: number;
  readonly chatId: number;
  readonly isTimer: boolean;
}

/** Plays the conversation from its beginning to long after its end, in a house of its own. */
export async function play(steps: readonly Step[], fate: Fate): Promise<Played> {
  const house = await openHouse();
  try {
    await wake(house);
    const said = listenIn(house.sandbox);
    const writes = await playAll(house, [...steps, AFTERWARDS], fate);
    const transcript = await transcriptOf(house, said);
    return { transcript, writes, lives: house.lives(), stirs: house.decided.flatMap(stirOf), log: house.log.text() };
  } finally {
    await house.close();
  }
}

/** Whatever still waits comes to its end. */
const AFTERWARDS: Step = { minutes: 180, acts: [] };

async function playAll(house: House, steps: readonly Step[], fate: Fate): Promise<readonly number[]> {
  const writes: number[] = [];
  let at = house.clock.now();
  for (const [index, step] of steps.entries()) {
    if (fate.kind === "restarted" && index > 0) await restart(house, fate.how);
    at += step.minutes * 60_000;
    const { mortal } = house.life();
    const death = fate.kind === "dies" ? fate.deaths.find((one) => one.step === index) : undefined;
    if (death !== undefined) house.doom(death);
    const before = mortal.writes();
    await playStep(house, step, at);
    writes.push(mortal.writes() - before);
  }
  return writes;
}

function stirOf({ at, event }: Moment): readonly Stir[] {
  const { type, chatId, data } = event;
  const isTimer = type === "timer" || type === "queue";
  if (chatId === null || (!isTimer && !isFromPeople(data.message))) return [];
  return [{ at, chatId, isTimer }];
}

function isFromPeople(message: Json | undefined): boolean {
  const from = isObject(message) ? message.from : null;
  return isObject(from) && from.type !== "bot";
}

/** A restart takes up to this long, which no rule may notice. */
const RESTART_MS = 60_000;

/** Did a timer of a chat ring so close to something else in it that a restart between them could change their order? Then
 *  nobody can say what the right messages are. */
export function hasCloseCalls({ stirs }: Played): boolean {
  return stirs.some(
    (timer, index) => timer.isTimer && stirs.some((other, at) => at !== index && isClose(timer, other)),
  );
}

const isClose = (timer: Stir, other: Stir) =>
  timer.chatId === other.chatId && Math.abs(timer.at - other.at) <= RESTART_MS;

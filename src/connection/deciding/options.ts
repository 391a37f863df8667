import type { Event } from "../../types/event.ts";
import type { CallOutcome, Verdict } from "../../types/plan.ts";
import type { Context } from "../context.ts";
import type { Mutexes } from "../lanes/mutexes.ts";
import type { Fetch } from "./fetch.ts";

/** What was decided about one event; for the terminal and, later, the console. */
export interface Decided {
  readonly connectionId: string;
  readonly event: Event;
  readonly verdicts: readonly Verdict[];
  /** The customer may go on: what was said is judged with what follows (`gather`). */
  readonly gathers: boolean;
}

export interface DecidingOptions extends Context {
  /** Fetches what a run asked for; null: given up, since the program ends. Never rejects. */
  readonly fetch: Fetch;
  /** Timers were set or taken back. */
  readonly timersChanged: () => void;
  /** An event has been decided, or given up. */
  readonly settled: (event: Event) => void;
  readonly onDecision: (decided: Decided) => void;
  /** Waits until it is this connection's turn to decide; left out: it always is. */
  readonly turn?: (() => Promise<void>) | undefined;
  /** These chats are gone: nothing of them is left to do. */
  readonly forget: (chatIds: readonly number[]) => Promise<void>;
}

/** What the parts of deciding share. */
export interface DecidingParts extends DecidingOptions {
  /** By customer: from loading the documents to the end of the commit nobody else decides about the same one, in whatever chat, or of two values that are
   *  set at once one would be lost. Taken inside a lane, and before the directory's desk. */
  readonly customers: Mutexes;
  /** By lane: what a request was answered with, until that is stored. */
  readonly answered: Map<number | null, Answered>;
}

/** The outcome of the request that a run waits for under `key`. */
export interface Answered {
  readonly runId: string;
  readonly key: string;
  readonly outcome: CallOutcome;
}

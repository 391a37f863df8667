import { ApiError } from "../../api/errors.ts";
import { pauseMs } from "../../api/http/retry.ts";
import { type Store, StoreError } from "../../store/store.ts";
import { type Filled, type FillOptions, fillGap, type Reader } from "./fill.ts";
import type { Holding, HoldingOptions } from "./holding.ts";
import { isLossless } from "./read-gap.ts";
import type { Readings } from "./readings.ts";
import type { Seen } from "./seen.ts";
import type { Opening, Standing } from "./standing.ts";
import type { Tally } from "./tally.ts";

export interface CatchUpOptions extends FillOptions, Omit<HoldingOptions, "store"> {
  readonly store: Pick<
    Store,
    "fact" | "saveFact" | "receive" | "heldLanes" | "release" | "dialog" | "saveDialogs" | "addDialogs"
  >;
  /** In [0, 1). */
  readonly random: () => number;
  /** Null: there is no session just now. */
  readonly reader: () => Reader | null;
  /** The socket is closed on purpose, since too much waits to be decided: what is stored is decided and answered all the same. */
  readonly isPressed: () => boolean;
  /** A gap is filled, and its events are where they will be decided. */
  readonly onFilled: () => void;
}

/** What goes on at the moment. */
export interface Progress {
  /** Why the gap is not filled yet, and since when no try has got any further: Unix ms, and by `Clock.elapsed`. */
  trouble: { readonly since: number; readonly sinceElapsed: number; readonly reason: string } | null;
  /** Up to where everything was found in order the last time. */
  checked: Seen | null;
  /** Aborted: the pause before the next try is cut short. */
  nap: AbortController;
}

/** Everything that filling gaps works with. */
export interface Parts {
  readonly options: CatchUpOptions;
  readonly standing: Standing;
  readonly holding: Holding;
  readonly tally: Tally;
  readonly progress: Progress;
  readonly readings: Readings;
}

/** So long everything is held while no try to read the lists gets any further; then the bot goes on without what it missed. */
const HOLD_MS = 60_000;

/** Fills the gap before this opening, if it is still there, and lets go what was held. A newer opening has a gap of its own before
 *  it: until that is filled, too, nothing is let go. Rejects with ApiError or StoreError: then it is to be done again. */
export async function fillBefore(parts: Parts, of: Opening): Promise<void> {
  const { options, standing, holding, progress } = parts;
  if (standing.hasGap()) await findAll(parts, of);
  const present = standing.opening();
  if (present !== null && present !== of) return;
  await holding.end();
  progress.trouble = null;
  options.onFilled();
}

async function findAll(parts: Parts, of: Opening): Promise<void> {
  const { standing, progress, readings } = parts;
  const before = await standing.seen();
  const filled = before === null ? null : await fillFrom(parts, of, before);
  progress.checked = await standing.settle(of, filled?.highest ?? 0);
  progress.trouble = null;
  readings.done();
  if (filled !== null) tell(parts, filled);
}

async function fillFrom({ options, readings }: Parts, of: Opening, seen: Seen): Promise<Filled> {
  const reader = options.reader();
  if (reader === null) throw new ApiError({ kind: "unavailable", sent: "no", message: "there is no session" });
  const way = readings.begin(reader.ask, (id) => id < of.lowest);
  return fillGap(options, { seen, reader: { ...reader, ...way }, heardFrom: () => of.lowest });
}

function tell({ options, tally }: Parts, { messages, lost }: Filled): void {
  tally.filled({ messages, lost, at: options.clock.now() });
  if (isLossless(lost)) options.log.info({ messages }, "a gap is filled");
  else options.log.warn({ messages, lost: { ...lost } }, "a gap is filled, but for what is lost");
}

/** Which try it was, from 1, and what cuts the pause after it short. */
export interface Attempt {
  readonly number: number;
  readonly nap: AbortSignal;
}

/** A try has failed: after too long a time the held events are let go all the same. Resolves when it is time to try again. */
export async function restAfter(parts: Parts, error: unknown, { number, nap }: Attempt): Promise<void> {
  const { options, holding, progress, readings } = parts;
  const { clock, log } = options;
  const isExpected = error instanceof ApiError || error instanceof StoreError;
  const before = readings.failed(error) ? null : progress.trouble;
  const since = before?.since ?? clock.now();
  const sinceElapsed = before?.sinceElapsed ?? clock.elapsed();
  progress.trouble = { since, sinceElapsed, reason: isExpected ? error.message : "a fault of the program" };
  const pause = pauseMs(number, error instanceof ApiError ? error.retryAfterMs : null, options.random());
  log.warn({ err: error, pauseMs: pause }, "what was missed cannot be found out; trying again");
  if (holding.isOn() && clock.elapsed() - sinceElapsed >= HOLD_MS) {
    log.error({ since: new Date(since).toISOString() }, "the bot goes on without knowing what it has missed");
    await holding.end().catch((cause) => log.error({ err: cause }, "held events cannot be let go"));
  }
  await clock.sleep(pause, nap).catch(() => {});
}

import type { Clock } from "../../clock.ts";
import { createBucket } from "./bucket.ts";
import { createPlaces } from "./places.ts";

export interface PaceOptions {
  /** Requests per second, and how many may go at once after a rest. */
  readonly perSecond: number;
  readonly burst: number;
  /** Requests under way at the same time. */
  readonly parallel: number;
  readonly clock: Clock;
}

/** One who waits for a turn. */
export interface Waiting {
  /** Gives up waiting. */
  readonly signal?: AbortSignal | undefined;
  /** Asked as soon as it is among the next ones, and again just before its turn. */
  readonly mayGo?: (() => void) | undefined;
  /** Passes all who wait for a place and do not say so. */
  readonly first?: boolean | undefined;
}

/** How fast one key or token may be used. Everything that speaks with it goes through `run`, in order of arrival. */
export interface Pace {
  /** Runs the task when its turn comes. Rejects with the signal's reason when it is aborted while waiting, or with what `mayGo`
   *  throws: nothing of the pace is used up then. */
  run<T>(task: () => Promise<T>, waiting?: Waiting): Promise<T>;
  /** The server said "too many": nothing more is sent for `holdMs`, and the rate is halved for a while. */
  slowDown(holdMs: number): void;
}

/** Pacing by a token bucket and a bound on parallel requests (reliability.md D7, P7). */
export function createPace({ perSecond, burst, parallel, clock }: PaceOptions): Pace {
  const bucket = createBucket({ perSecond, burst, clock });
  const places = createPlaces(parallel);
  return {
    async run(task, { signal, mayGo, first } = {}) {
      const leave = await places.enter(signal, first);
      try {
        mayGo?.();
        await bucket.take(signal, mayGo);
        return await task();
      } finally {
        leave();
      }
    },
    slowDown: bucket.slowDown,
  };
}

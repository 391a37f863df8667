import { createPlaces } from "../api/pace/places.ts";
import type { Clock } from "../clock.ts";

/** Lets connections begin a few at a time; one for the whole program, shared by all of them. A thousand that begin at once would all
 *  wait for each other: none would listen before every one of them had read its lists (reliability.md P22). */
export interface Starting {
  /** Waits for a place, first come first served; the function it gives frees the place. Rejects with the signal's reason when it is
   *  aborted while waiting. */
  enter(signal: AbortSignal): Promise<() => void>;
}

/** Enough to keep the gate of sockets busy (20 a second) with servers that take a third of a second for each answer. */
const AT_ONCE = 80;
/** A place is not kept longer: accounts whose CRM hangs must not hold up the others. */
const LONGEST_MS = 10_000;

/** All places are free. */
export function createStarting(clock: Clock): Starting {
  const places = createPlaces(AT_ONCE);
  return {
    async enter(signal) {
      const leave = await places.enter(signal);
      const cancel = clock.after(LONGEST_MS, leave);
      return () => {
        cancel();
        leave();
      };
    },
  };
}

/** The place of one connection. */
export interface Place {
  /** Resolves when it may begin; false: it was aborted before. */
  readonly taken: Promise<boolean>;
  /** It listens, or has to wait for something: the next one may begin. */
  leave(): void;
}

/** Asks for a place; without anybody to ask it is there at once. */
export function takePlace(starting: Starting | undefined, signal: AbortSignal): Place {
  let free = () => {};
  const entered = starting?.enter(signal).then((leave) => {
    free = leave;
  });
  return {
    taken: Promise.resolve(entered).then(
      () => true,
      () => false,
    ),
    leave: () => free(),
  };
}

import { settleOrAbort } from "./settle-or-abort.ts";

/** A bound on how many do something at once. `enter` waits for a free place, first come first served; the function it gives
 *  frees the place, once. Rejects with the signal's reason when it is aborted while waiting. */
export interface Places {
  /** `first`: before all who wait and did not say so. */
  enter(signal?: AbortSignal, first?: boolean): Promise<() => void>;
}

/** `count` places, all free. */
export function createPlaces(count: number): Places {
  let free = count;
  const urgent: (() => void)[] = [];
  const others: (() => void)[] = [];

  const release = () => {
    const next = urgent.shift() ?? others.shift();
    if (next) next();
    else free++;
  };
  const takePlace = () => {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      release();
    };
  };

  return {
    async enter(signal, first = false) {
      signal?.throwIfAborted();
      if (free > 0) {
        free--;
        return takePlace();
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      const waiting = first ? urgent : others;
      waiting.push(resolve);
      try {
        await settleOrAbort(promise, signal);
      } catch (error) {
        const at = waiting.indexOf(resolve);
        // Not in the row any more: the place was given to us in the same moment, so it is passed on.
        if (at === -1) release();
        else waiting.splice(at, 1);
        throw error;
      }
      return takePlace();
    },
  };
}

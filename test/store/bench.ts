import type { Clock } from "../../src/clock.ts";
import type { Store } from "../../src/store/store.ts";

/** The store of the present case: empty at its beginning. */
export type TheStore = () => Store;

/** The moment at which every store of the contract believes to be. */
export const CONTRACT_NOW = 10_000;

/** A clock that stands still at `now`; only `now` is ever asked by a store. */
export function clockAt(now: number): Clock {
  return {
    now: () => now,
    elapsed: () => now,
    sleep: () => Promise.reject(new Error("a store never sleeps")),
    after: () => () => {},
  };
}

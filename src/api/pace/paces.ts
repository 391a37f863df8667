import type { Clock } from "../../clock.ts";
import type { Pace } from "./pace.ts";

/** The paces of a whole program: whoever speaks with the same key shares one, however many clients there are. */
export interface Paces {
  /** The pace of a key; `make` gives one that nobody has yet. `leave` is called once by whoever needs it no more. */
  enter(key: string, make: () => Pace): { readonly pace: Pace; readonly leave: () => void };
}

/** A pace that nobody needs is remembered so long: the next client of its key must not begin with a full bucket. */
const KEPT_MS = 10_000;

interface Entry {
  readonly pace: Pace;
  users: number;
  leftAt: number;
}

export function createPaces(clock: Clock): Paces {
  const entries = new Map<string, Entry>();
  const forgetOld = () => {
    for (const [key, { users, leftAt }] of entries) {
      if (users === 0 && clock.elapsed() - leftAt >= KEPT_MS) entries.delete(key);
    }
  };
  return {
    enter(key, make) {
      forgetOld();
      const entry = entries.get(key) ?? { pace: make(), users: 0, leftAt: 0 };
      entries.set(key, entry);
      entry.users += 1;
      let isIn = true;
      const leave = () => {
        if (isIn) Object.assign(entry, { users: entry.users - 1, leftAt: clock.elapsed() });
        isIn = false;
      };
      return { pace: entry.pace, leave };
    },
  };
}

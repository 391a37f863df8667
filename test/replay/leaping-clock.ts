import type { Clock } from "../../src/clock.ts";

/** A virtual clock that stands still until it leaps. What falls due in a leap is run once, in order of its moment, as after
 *  a machine's sleep. */
export interface LeapingClock extends Clock {
  /** The earliest moment at which something is due (Unix ms); null: nothing is. */
  nextDue(): number | null;
  /** Moves time on to `moment` (never back) and begins what has fallen due. */
  leap(moment: number): void;
  /** A clock that shows this one's time until it is stopped; from then on nothing that waited for it ever happens. */
  branch(): { readonly clock: Clock; stop(): void };
}

interface Timer {
  readonly due: number;
  readonly task: () => void;
}

export function createLeapingClock(start: number): LeapingClock {
  let now = start;
  const timers = new Set<Timer>();

  const after = (ms: number, task: () => void) => {
    const timer = { due: now + ms, task };
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  const clock: Clock = { now: () => now, elapsed: () => now, after, sleep: sleepOn(after) };

  return {
    ...clock,
    nextDue: () => [...timers].reduce<number | null>((least, { due }) => Math.min(least ?? due, due), null),
    leap(moment) {
      now = Math.max(now, moment);
      const due = [...timers].filter((timer) => timer.due <= now).sort((left, right) => left.due - right.due);
      for (const timer of due) if (timers.delete(timer)) timer.task();
    },
    branch() {
      const own = new Set<() => void>();
      let stopped = false;
      const ownAfter = (ms: number, task: () => void) => {
        if (stopped) return () => {};
        const cancel = after(ms, () => {
          own.delete(cancel);
          task();
        });
        own.add(cancel);
        return cancel;
      };
      return {
        clock: { now: () => now, elapsed: () => now, after: ownAfter, sleep: sleepOn(ownAfter) },
        stop() {
          stopped = true;
          for (const cancel of own) cancel();
        },
      };
    },
  };
}

function sleepOn(after: Clock["after"]): Clock["sleep"] {
  return (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const cancel = after(ms, resolve);
      signal?.addEventListener("abort", () => {
        cancel();
        reject(signal.reason);
      });
    });
}

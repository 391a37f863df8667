import type { Clock } from "../../src/clock.ts";

export interface VirtualClock extends Clock {
  /** Sets what the clock on the wall shows forward or back (ms); no time passes. */
  set(byMs: number): void;
  /** Moves time on, running what falls due on the way, in order. */
  advance(ms: number): Promise<void>;
  /** Spans of all sleeps begun so far. */
  readonly slept: readonly number[];
  /** How many sleeps and timers are pending. */
  pending(): number;
}

interface Timer {
  readonly due: number;
  readonly task: () => void;
}

/** Lets everything that only waits for promises go as far as it can. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A clock that stands still until it is told to move. */
export function createVirtualClock(start = 1_782_807_000_000): VirtualClock {
  let now = start;
  let wrongBy = 0;
  const timers = new Set<Timer>();
  const slept: number[] = [];

  const after = (ms: number, task: () => void) => {
    const timer = { due: now + ms, task };
    timers.add(timer);
    return () => {
      timers.delete(timer);
    };
  };

  return {
    now: () => now + wrongBy,
    elapsed: () => now,
    set(byMs) {
      wrongBy += byMs;
    },
    after,
    sleep(ms, signal) {
      slept.push(ms);
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const cancel = after(ms, resolve);
        signal?.addEventListener("abort", () => {
          cancel();
          reject(signal.reason);
        });
      });
    },
    async advance(ms) {
      const end = now + ms;
      for (;;) {
        await settle();
        const next = [...timers].filter(({ due }) => due <= end).sort((left, right) => left.due - right.due)[0];
        if (!next) break;
        timers.delete(next);
        now = Math.max(now, next.due);
        next.task();
      }
      now = end;
      await settle();
    },
    slept,
    pending: () => timers.size,
  };
}

/** A clock on which every sleep is over at once and time has passed all the same; timers run on the real clock. */
export function createHastyClock(): Clock & { readonly slept: readonly number[] } {
  let skipped = 0;
  const slept: number[] = [];
  const now = () => Date.now() + skipped;
  return {
    now,
    elapsed: now,
    slept,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      slept.push(ms);
      skipped += ms;
    },
    after(ms, task) {
      const timer = setTimeout(task, ms);
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

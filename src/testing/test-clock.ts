import type { Clock } from "../clock.ts";

/** A clock that stands still until a test lets time pass. */
export interface TestClock extends Clock {
  /** Time goes on; what falls due on the way is only done by `runDue`. */
  pass(ms: number): void;
  /** Does what is due, in order. */
  runDue(): void;
  /** When the next task is due (Unix ms); null: none waits. */
  nextDue(): number | null;
}

interface Task {
  readonly due: number;
  readonly run: () => void;
}

/** `start` in Unix ms. */
export function createTestClock(start: number): TestClock {
  let now = start;
  const tasks = new Set<Task>();
  const next = () =>
    [...tasks].reduce<Task | null>((first, task) => (first && first.due <= task.due ? first : task), null);
  const after = (ms: number, run: () => void) => {
    const task = { due: now + ms, run };
    tasks.add(task);
    return () => void tasks.delete(task);
  };
  return {
    now: () => now,
    elapsed: () => now,
    after,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const cancel = after(ms, resolve);
        signal?.addEventListener("abort", () => {
          cancel();
          reject(signal.reason);
        });
      }),
    pass(ms) {
      now += ms;
    },
    runDue() {
      for (let task = next(); task !== null && task.due <= now; task = next()) {
        tasks.delete(task);
        task.run();
      }
    },
    nextDue: () => next()?.due ?? null,
  };
}

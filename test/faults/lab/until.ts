import { setTimeout as sleep } from "node:timers/promises";

/** How long a task takes, in ms. */
export async function timed(task: () => Promise<unknown>): Promise<number> {
  const beganAt = Date.now();
  await task();
  return Date.now() - beganAt;
}

/** Waits until it is so. Rejects when that takes longer than `withinMs` (a minute). */
export async function until(isSo: () => boolean | Promise<boolean>, withinMs = 60_000): Promise<void> {
  const endsAt = Date.now() + withinMs;
  while (!(await isSo())) {
    if (Date.now() > endsAt) throw new Error(`it did not become so within ${withinMs} ms`);
    await sleep(20);
  }
}

import type { Clock } from "../clock.ts";

/** Does the task with a signal that is aborted after so many milliseconds: a person waits, and others may wait for what the task holds. */
export async function within<T>(
  { clock, ms }: { readonly clock: Clock; readonly ms: number },
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const cancel = clock.after(ms, () => late.abort(new Error("the account takes too long")));
  return await task(late.signal).finally(cancel);
}

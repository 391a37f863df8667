/** Time as a parameter: the real one here, a virtual one in tests. All moments are Unix ms, all spans ms. */
export interface Clock {
  /** What the clock on the wall shows. It may be set, forward or back, while the program runs. */
  now(): number;
  /** Ms since some moment of this process: only differences tell something, and no setting of the clock changes them. For how long
   *  ago something happened in here; it means nothing to another process, so it is never stored. */
  elapsed(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Runs `task` once after `ms`; the returned function cancels it. Does not keep the process alive. */
  after(ms: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep(ms, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      }, ms);
      signal?.addEventListener("abort", stop, { once: true });
    });
  },
  after(ms, task) {
    const timer = setTimeout(task, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Waits for the task, but only so long, and whatever becomes of it. Never rejects. */
export async function atMost(ms: number, task: Promise<unknown>, clock: Clock): Promise<void> {
  const done = new AbortController();
  const late = clock.sleep(ms, done.signal);
  await Promise.race([task, late]).catch(() => {});
  done.abort();
  await late.catch(() => {});
}

import type { Clock } from "../clock.ts";
import type { StoreError } from "./store.ts";

/** How long to wait for a database that is not there yet: compose and the like start it together with the bot. */
export interface Patience {
  readonly forMs: number;
  /** Aborted: it is waited no longer. */
  readonly signal?: AbortSignal;
  /** Told once, when the waiting begins. */
  readonly onWait: (fault: StoreError) => void;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** Opens something, and tries again with growing pauses while `notYet` finds in its rejection what passes by itself. Rejects with the last rejection when
 *  the time is over or the signal aborted. */
export async function patiently<T>(
  open: () => Promise<T>,
  notYet: (error: unknown) => error is StoreError,
  { patience, clock }: { readonly patience: Patience; readonly clock: Clock },
): Promise<T> {
  const until = clock.elapsed() + patience.forMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
    try {
      return await open();
    } catch (error) {
      const leftMs = until - clock.elapsed();
      if (!notYet(error) || leftMs <= 0 || patience.signal?.aborted) throw error;
      if (pauseMs === FIRST_PAUSE_MS) patience.onWait(error);
      await clock.sleep(Math.min(pauseMs, leftMs), patience.signal).catch(() => {});
    }
  }
}

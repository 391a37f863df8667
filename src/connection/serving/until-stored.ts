import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { StoreError } from "../../store/store.ts";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Does something with the store, and waits while it can't be used (a full disk, a lock). Rejects with the StoreError only
 *  when the signal is aborted meanwhile; any other error comes through at once. */
export async function untilStored<T>(
  task: () => Promise<T>,
  { clock, log, signal }: { clock: Clock; log: Log; signal: AbortSignal },
): Promise<T> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof StoreError) || signal.aborted) throw error;
      log.error({ err: error, pauseMs }, "the store cannot be used; trying again");
      await clock.sleep(pauseMs, signal).catch(() => {});
    }
  }
}

import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";

export interface UpkeepOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** How long what has been handled is kept, in ms. */
  readonly keepMs: number;
}

const PRUNE_EVERY_MS = 3_600_000;

/** Removes what is older than it may be kept, every hour. The returned function ends that. */
export function startUpkeep({ store, clock, log, keepMs }: UpkeepOptions): () => void {
  let cancel = () => {};
  const again = () => {
    cancel = clock.after(PRUNE_EVERY_MS, () => {
      store.prune(clock.now() - keepMs).catch((error) => log.warn({ err: error }, "old rows could not be removed"));
      again();
    });
  };
  again();
  return () => cancel();
}

import type { Clock } from "../../clock.ts";
import { createFolders } from "./folders.ts";
import { createLook } from "./look.ts";

export interface WatchOptions {
  /** Absolute paths of files and folders (`Loaded.watched`). */
  readonly paths: readonly string[];
  /** Called when the content has changed; the next look waits for it. */
  onChange(): void | Promise<void>;
  readonly clock: Clock;
  /** How often to look even if the system reported nothing: network disks and some containers never report. */
  readonly pollMs?: number;
  /** How long the files must rest after a report: editors save in several steps. */
  readonly debounceMs?: number;
}

export interface ConfigWatch {
  /** Other files belong to the configuration now. */
  update(paths: readonly string[]): void;
  /** Resolves when no look is under way or due at once. */
  idle(): Promise<void>;
  stop(): void;
}

/** Calls back when what stands in the files has changed. Folders are watched rather than files: editors rename, Kubernetes
 *  swaps the `..data` link. Content decides, not time stamps. A file that has vanished is given until the second poll to come
 *  back, so that a save by "delete and write" never shows as a deletion. */
export function watchConfig({ paths, onChange, clock, pollMs = 10_000, debounceMs = 500 }: WatchOptions): ConfigWatch {
  const look = createLook(paths, onChange);
  let cancelDebounce = () => {};
  const lookOnceTheyRest = () => {
    cancelDebounce();
    cancelDebounce = clock.after(debounceMs, () => look.now(false));
  };
  const folders = createFolders(lookOnceTheyRest);
  let cancelPoll = () => {};
  function pollLater(): void {
    cancelPoll = clock.after(pollMs, () => {
      look.now(true);
      pollLater();
    });
  }
  pollLater();
  folders.watch(paths);
  return {
    update(next) {
      look.at(next);
      folders.watch(next);
      // They may have changed again while they were read; and may be changing still.
      lookOnceTheyRest();
    },
    idle: look.idle,
    stop() {
      look.stop();
      folders.watch([]);
      cancelPoll();
      cancelDebounce();
    },
  };
}

import { type FSWatcher, statSync, watch } from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "../clock.ts";
import { type Contents, contentsOf, lostFile, rebase, sameContents } from "./contents.ts";

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
  const folders = createFolders(() => {
    cancelDebounce();
    cancelDebounce = clock.after(debounceMs, () => look.now(false));
  });
  let cancelDebounce = () => {};
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

/** Compares the files with what they were, one look after the other. */
function createLook(start: readonly string[], onChange: WatchOptions["onChange"]) {
  let paths = start;
  let known: Contents = new Map();
  let lost: { readonly polls: number; readonly now: Contents } | null = null;
  let stopped = false;
  let busy: Promise<void> = contentsOf(paths).then((contents) => {
    known = contents;
  });

  async function look(polled: boolean): Promise<void> {
    const now = await contentsOf(paths);
    if (stopped) return;
    if (sameContents(known, now)) lost = null;
    else if (!lostFile(known, now) || isLostForGood(now, polled)) {
      lost = null;
      known = now;
      await onChange();
    }
  }

  /** Whether two polls in a row have seen the same files without the lost one. */
  function isLostForGood(now: Contents, polled: boolean): boolean {
    const before = lost !== null && sameContents(lost.now, now) ? lost.polls : 0;
    lost = { polls: before + Number(polled), now };
    return lost.polls >= 2;
  }

  function enqueue(step: () => Promise<void>): void {
    // What onChange throws is its caller's own; the next look must come all the same.
    busy = busy.then(() => (stopped ? undefined : step())).catch(() => undefined);
  }

  return {
    now: (polled: boolean) => enqueue(() => look(polled)),
    async idle(): Promise<void> {
      for (let last: Promise<void> | null = null; last !== busy; ) {
        last = busy;
        await last;
      }
    },
    at(next: readonly string[]) {
      enqueue(async () => {
        paths = next;
        known = rebase(known, await contentsOf(paths));
        await look(false);
      });
    },
    stop() {
      stopped = true;
    },
  };
}

/** Watches folders, each once; `onReport` comes for whatever may concern a file of the configuration. */
function createFolders(onReport: () => void) {
  let watchers = new Map<string, FSWatcher>();
  return {
    watch(paths: readonly string[]): void {
      const wanted = new Set(paths.map(folderOf));
      const next = new Map<string, FSWatcher>();
      for (const [folder, watcher] of watchers) wanted.has(folder) ? next.set(folder, watcher) : watcher.close();
      for (const folder of wanted) {
        const watcher = next.get(folder) ?? watchFolder(folder, onReport);
        if (watcher !== null) next.set(folder, watcher);
      }
      watchers = next;
    },
  };
}

function folderOf(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : dirname(path);
}

/** YAML, `.env`, links and folders; not the database or a log that happens to lie there and changes all the time. */
const CONCERNS_US = /\.ya?ml$|^\.env$|^\.\.|^[^.]+$/iu;

/** Null where the folder cannot be watched: then only the poll looks at it. */
function watchFolder(folder: string, onReport: () => void): FSWatcher | null {
  try {
    const watcher = watch(folder, { persistent: false }, (_event, name) => {
      if (name === null || CONCERNS_US.test(name)) onReport();
    });
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}

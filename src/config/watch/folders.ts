import { type FSWatcher, statSync, watch } from "node:fs";
import { dirname } from "node:path";

/** Watches folders, each once; `onReport` comes for whatever may concern a file of the configuration. */
export function createFolders(onReport: () => void) {
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
  return isFolder(path) ? path : dirname(path);
}

/** No, where nobody can say: a link to itself, a folder that may not be entered. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
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

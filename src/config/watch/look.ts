import { type Contents, contentsOf, lostFile, rebase, sameContents } from "./contents.ts";

/** Compares the files at `start` (absolute paths) with what they were, one look after the other. A poll (`now(true)`) is what
 *  counts for a lost file: reports come in bursts. */
export function createLook(start: readonly string[], onChange: () => void | Promise<void>) {
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
      });
    },
    stop() {
      stopped = true;
    },
  };
}

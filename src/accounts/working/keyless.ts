import { atMost, type Clock } from "../../clock.ts";
import { untilStored } from "../../connection/serving/until-stored.ts";
import type { Log } from "../../log.ts";
import type { Work } from "../../replica/hands.ts";

export interface KeylessOptions {
  /** Begins the work if there is a key by now; null: there is none. */
  readonly open: () => Promise<Work | null>;
  readonly clock: Clock;
  /** Of the connection. */
  readonly log: Log;
}

/** An opening under way ends at once, unless the store hangs. */
const TURN_MS = 500;

/** A connection to which nobody has a key: its work begins with the change that brings one. */
export function awaitKey({ open, clock, log }: KeylessOptions): Work {
  const stopping = new AbortController();
  const { signal } = stopping;
  let work: Work | null = null;
  let turn = Promise.resolve();
  const look = async () => {
    if (signal.aborted) return;
    // It may have changed once more while it was opened.
    if (work !== null) return work.changed();
    const opened = await untilStored(open, { clock, log, signal });
    // It was stopped while it was opened.
    if (signal.aborted) await opened?.drain();
    else work = opened;
  };
  return {
    changed() {
      turn = turn.then(look).catch((error) => {
        if (!signal.aborted) log.error({ err: error }, "the work on a connection that has a key now could not begin");
      });
    },
    async drain() {
      stopping.abort(new Error("the work ends"));
      await work?.drain();
      await atMost(TURN_MS, turn, clock);
    },
  };
}

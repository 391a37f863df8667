import type { Ending } from "../socket/fate.ts";

/** What has happened since the listener began. */
export interface ListenerCounts {
  readonly frames: number;
  /** Frames whose handler threw. */
  readonly handlerFailures: number;
  /** Sockets that came to be open. */
  readonly opened: number;
  /** Of these, how many ended in which way. */
  readonly ended: Readonly<Record<Ending["cause"], number>>;
}

export interface Tally {
  counts(): ListenerCounts;
  frame(): void;
  handlerFailed(): void;
  opened(): void;
  ended(cause: Ending["cause"]): void;
}

/** All counts at zero. */
export function createTally(): Tally {
  let counts: ListenerCounts = {
    frames: 0,
    handlerFailures: 0,
    opened: 0,
    ended: { dead: 0, oversized: 0, lost: 0, peer: 0, ours: 0 },
  };
  const add = (name: "frames" | "handlerFailures" | "opened") => {
    counts = { ...counts, [name]: counts[name] + 1 };
  };
  return {
    counts: () => counts,
    frame: () => add("frames"),
    handlerFailed: () => add("handlerFailures"),
    opened: () => add("opened"),
    ended(cause) {
      counts = { ...counts, ended: { ...counts.ended, [cause]: counts.ended[cause] + 1 } };
    },
  };
}

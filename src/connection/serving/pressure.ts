import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";

/** So many events may wait to be decided; with more the socket is closed on purpose, and what comes meanwhile is caught up with
 *  once half of them are done (reliability.md D8). */
const MOST_UNDECIDED = 5_000;
const ENOUGH_UNDECIDED = 2_500;
/** It is looked after this many events, and as often as this while the socket is closed. */
const LOOK_AFTER = 500;
const LOOK_EVERY_MS = 1_000;

export interface Pressure {
  /** So many events have been stored. */
  received(count: number): void;
  /** The socket is closed because too much waits. */
  isHigh(): boolean;
  /** The socket has opened, whatever closed it: it is not closed for this any more. */
  opened(): void;
  stop(): void;
}

export interface PressureOptions {
  /** Events that wait to be decided. */
  readonly undecided: () => Promise<number>;
  /** There is a socket that can be closed. */
  readonly isOpen: () => boolean;
  readonly onHigh: () => void;
  readonly onLow: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

export function createPressure({ undecided, isOpen, onHigh, onLow, clock, log }: PressureOptions): Pressure {
  let unseen = 0;
  let isHigh = false;
  let stopped = false;
  let cancel = () => {};

  const look = async () => {
    const count = await undecided();
    if (stopped || isHigh === count > (isHigh ? ENOUGH_UNDECIDED : MOST_UNDECIDED)) return;
    if (!isHigh && !isOpen()) {
      // Nothing to close. Once it is open again, the first event asks anew.
      unseen = LOOK_AFTER;
      return;
    }
    isHigh = !isHigh;
    log.warn({ undecided: count }, isHigh ? "too much waits: the socket is closed" : "the socket is opened again");
    if (isHigh) onHigh();
    else onLow();
  };
  const again = () => {
    cancel();
    look()
      .catch((error) => log.error({ err: error }, "it could not be seen how much waits"))
      .finally(() => {
        if (isHigh && !stopped) cancel = clock.after(LOOK_EVERY_MS, again);
      });
  };
  return {
    received(count) {
      unseen += count;
      if (unseen < LOOK_AFTER || isHigh || stopped) return;
      unseen = 0;
      again();
    },
    isHigh: () => isHigh,
    opened() {
      isHigh = false;
      cancel();
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}

import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Store } from "../../store/store.ts";

export interface Timers {
  /** A timer was set or taken back: the next look may be due at another moment. */
  changed(): void;
  stop(): void;
}

export interface TimersOptions {
  readonly connectionId: string;
  readonly store: Pick<Store, "fireTimers" | "nextTimer">;
  readonly clock: Clock;
  readonly log: Log;
  /** None fires while something may have been missed: the person it waits for may have spoken. `changed` tells of the end. */
  readonly mayFire: () => boolean;
  /** There is work in this lane. */
  readonly wake: (chatId: number | null) => void;
}

/** Timers are looked at when due and at least this often: a clock that was set, or a sleep of the machine, delays none. */
const LOOK_EVERY_MS = 30_000;
/** At most so many fire at once; the rest follow right after. */
const MOST_AT_ONCE = 500;

/** Turns timers that are due into events of their chats (spec 4.1 "Timers"). */
export function createTimers({ connectionId, store, clock, log, mayFire, wake }: TimersOptions): Timers {
  let cancel = () => {};
  let stopped = false;
  let isLooking = false;
  let again = false;

  const look = async (): Promise<void> => {
    if (!mayFire()) return;
    const fired = await store.fireTimers(connectionId, clock.now(), MOST_AT_ONCE);
    for (const chatId of new Set(fired.map((event) => event.chatId))) wake(chatId);
  };
  const schedule = async () => {
    if (stopped) return;
    const next = await store.nextTimer(connectionId);
    const soonest = next === null || !mayFire() ? LOOK_EVERY_MS : Math.max(0, next - clock.now());
    const pauseMs = Math.min(LOOK_EVERY_MS, soonest);
    cancel();
    if (!stopped) cancel = clock.after(pauseMs, turn);
  };
  const turn = () => {
    if (stopped) return;
    if (isLooking) {
      again = true;
      return;
    }
    isLooking = true;
    look()
      .then(schedule)
      .catch((error) => {
        if (stopped) return;
        log.error({ err: error }, "timers could not be looked at");
        cancel();
        cancel = clock.after(LOOK_EVERY_MS, turn);
      })
      .finally(() => {
        isLooking = false;
        if (!again) return;
        again = false;
        turn();
      });
  };
  turn();
  return {
    changed: turn,
    stop() {
      stopped = true;
      cancel();
    },
  };
}

import type { Clock } from "../../clock.ts";
import { decodeFrame, FrameError } from "../../gateway/frame.ts";
import type { Log } from "../../log.ts";
import { LeaseLost } from "../../store/leases.ts";
import type { ReceiveOptions, Store } from "../../store/store.ts";
import type { Event } from "../../types/event.ts";
import { messageIdOf, type NewestMessages } from "../performing/newest-messages.ts";

/** From the socket into the inbox: nothing is decided before it is committed (reliability.md D1). */
export interface Intake {
  /** One raw frame from the socket. */
  frame(frame: string | Uint8Array): void;
  /** Resolves when everything taken so far is in the store (or the intake was stopped while the store refused). */
  flush(): Promise<void>;
  /** Does something to the inbox between two commits: while it lasts, no event is stored. Rejects with what the task does. */
  turn<T>(task: () => Promise<T>): Promise<T>;
  /** No more retries. */
  stop(): void;
  counts(): IntakeCounts;
}

/** `bad`: frames that could not be read. `doubles`: events that were known already. */
export interface IntakeCounts {
  readonly frames: number;
  readonly bad: number;
  readonly doubles: number;
  readonly lastFrameAt: number | null;
}

export interface IntakeOptions {
  readonly connectionId: string;
  readonly store: Pick<Store, "receive">;
  readonly clock: Clock;
  readonly log: Log;
  readonly newest: NewestMessages;
  readonly wake: (chatId: number | null) => void;
  /** How these events are to be stored. Asked just before they are. */
  readonly receiving: (events: readonly Event[]) => ReceiveOptions;
  /** The store refuses: no more may be taken in until `onStoreBack`. */
  readonly onStoreFailed: (error: unknown) => void;
  readonly onStoreBack: () => void;
  /** So many new events are in the store. */
  readonly onKept: (count: number) => void;
}

const GROUP_MS = 20;
const GROUP_SIZE = 100;
const RETRY_FIRST_MS = 1_000;
const RETRY_LONGEST_MS = 30_000;

/** Commits events in groups: each waits at most 20 ms. While the store refuses, what was taken stays in hand and is tried again;
 *  the socket is closed meanwhile, so it can't grow without end. */
export function createIntake(options: IntakeOptions): Intake {
  const { clock, log, connectionId } = options;
  const counts = { frames: 0, bad: 0, doubles: 0, lastFrameAt: null as number | null };
  let group: Event[] = [];
  let cancelTimer: (() => void) | null = null;
  let last: Promise<void> = Promise.resolve();
  const stopping = new AbortController();

  const commit = () => {
    cancelTimer?.();
    cancelTimer = null;
    if (group.length === 0) return;
    const events = group;
    group = [];
    last = last.then(() => keep(events));
  };

  const keep = async (events: readonly Event[]) => {
    for (let pauseMs = RETRY_FIRST_MS; !stopping.signal.aborted; pauseMs = Math.min(RETRY_LONGEST_MS, pauseMs * 2)) {
      try {
        const fresh = await options.store.receive(connectionId, events, clock.now(), options.receiving(events));
        counts.doubles += events.length - fresh.length;
        if (pauseMs > RETRY_FIRST_MS) options.onStoreBack();
        for (const chatId of new Set(fresh.map((event) => event.chatId))) options.wake(chatId);
        options.onKept(fresh.length);
        return;
      } catch (error) {
        // Whoever has the connection now catches up with what it missed.
        if (error instanceof LeaseLost) return;
        if (pauseMs === RETRY_FIRST_MS) options.onStoreFailed(error);
        log.error({ err: error, pauseMs }, "events cannot be stored; trying again");
        await clock.sleep(pauseMs, stopping.signal).catch(() => {});
      }
    }
  };

  const take = (event: Event) => {
    const messageId = messageIdOf(event);
    if (event.chatId !== null && messageId !== null) options.newest.note(event.chatId, messageId);
    group.push(event);
    if (group.length >= GROUP_SIZE) commit();
    else cancelTimer ??= clock.after(GROUP_MS, commit);
  };

  return {
    frame(frame) {
      counts.frames += 1;
      counts.lastFrameAt = clock.now();
      try {
        take(decodeFrame(frame, clock.now()));
      } catch (error) {
        if (!(error instanceof FrameError)) throw error;
        counts.bad += 1;
        // Its text is a customer's words: only what was wrong is logged.
        log.warn({ reason: error.message, length: frame.length }, "a frame could not be read");
      }
    },
    flush() {
      commit();
      return last;
    },
    turn(task) {
      const turn = last.then(task);
      last = turn.then(
        () => {},
        () => {},
      );
      return turn;
    },
    stop: () => stopping.abort(),
    counts: () => ({ ...counts }),
  };
}

import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Store } from "../../store/store.ts";
import { createMutex } from "./mutex.ts";
import { createPump, type Pump } from "./pump.ts";

/** The work of one chat (`null`: events and calls of no chat). Deciding and performing go on side by side, each strictly in
 *  order; what either does to the stored documents is done under `exclusive`, so that none overwrites the other's. */
export interface Lane {
  readonly chatId: number | null;
  exclusive<T>(task: () => Promise<T>): Promise<T>;
}

/** One round of work on a lane: everything that can be done now. Gives ms after which to look again; null: on news only. */
export type LaneRound = (lane: Lane) => Promise<number | null>;

export interface Lanes {
  /** Something new in this lane: an event, or a call that has ended. */
  wake(chatId: number | null): void;
  /** Wakes every lane that has work in the store. The store is the queue: this finds whatever a wake-up missed. */
  sweep(): Promise<void>;
  /** No further round begins; resolves when the present ones have ended. */
  stop(): Promise<void>;
  /** Does something to the documents of a chat while none of its own work does. */
  exclusive<T>(chatId: number, task: () => Promise<T>): Promise<T>;
  /** Lanes in memory. */
  count(): number;
}

export interface LanesOptions {
  readonly connectionId: string;
  readonly store: Pick<Store, "busyLanes">;
  readonly decide: LaneRound;
  readonly perform: LaneRound;
  readonly clock: Clock;
  readonly log: Log;
}

/** The table is looked through this often for work that no wake-up announced. */
const SWEEP_MS = 5_000;

interface Entry {
  readonly lane: Lane;
  readonly deciding: Pump;
  readonly performing: Pump;
}

/** Chats in parallel, each in order (reliability.md D3). A lane exists in memory only while it has something to do. */
export function createLanes(options: LanesOptions): Lanes {
  const { connectionId, store, clock, log } = options;
  const entries = new Map<number | null, Entry>();
  let stopped = false;
  let cancelSweep: (() => void) | null = null;

  const failed = (chatId: number | null) => (error: unknown) => {
    log.error({ chat: chatId, err: error }, "work on a chat failed; it is tried again");
    return SWEEP_MS;
  };

  const open = (chatId: number | null): Entry => {
    const mutex = createMutex();
    const lane: Lane = { chatId, exclusive: mutex.run };
    const rested = () => {
      const entry = entries.get(chatId);
      if (entry?.deciding.idle() && entry.performing.idle() && mutex.idle()) entries.delete(chatId);
    };
    const pump = (round: LaneRound) => createPump({ round: () => round(lane), failed: failed(chatId), rested, clock });
    const entry = { lane, deciding: pump(options.decide), performing: pump(options.perform) };
    entries.set(chatId, entry);
    return entry;
  };

  const wake = (chatId: number | null) => {
    if (stopped) return;
    const { deciding, performing } = entries.get(chatId) ?? open(chatId);
    deciding.poke();
    performing.poke();
  };

  const sweep = async () => {
    cancelSweep?.();
    if (stopped) return;
    try {
      for (const chatId of await store.busyLanes(connectionId)) wake(chatId);
    } catch (error) {
      log.error({ err: error }, "the store cannot be read; it is tried again");
    }
    cancelSweep?.();
    if (!stopped) cancelSweep = clock.after(SWEEP_MS, sweep);
  };

  return {
    wake,
    sweep,
    // A lane that is not in memory does nothing just now, but may begin to: it is opened for the time of the task.
    exclusive(chatId, task) {
      const { lane } = entries.get(chatId) ?? open(chatId);
      const turn = lane.exclusive(task);
      const leave = () => wake(chatId);
      turn.then(leave, leave);
      return turn;
    },
    count: () => entries.size,
    async stop() {
      stopped = true;
      cancelSweep?.();
      const pumps = [...entries.values()].flatMap(({ deciding, performing }) => [deciding, performing]);
      await Promise.all(pumps.map((pump) => pump.stop()));
      entries.clear();
    },
  };
}

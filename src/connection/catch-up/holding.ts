import type { Store } from "../../store/store.ts";
import type { Event } from "../../types/event.ts";
import { inTimeOrder } from "./arrange.ts";

/** Holds back what comes in, and all work of the connection, while it is not known what came before. */
export interface Holding {
  /** Nothing may be decided or sent. */
  isOn(): boolean;
  /** Lanes are still being let go. */
  isEnding(): boolean;
  /** Is this event kept back? Asked between two commits of the inbox. */
  holds(event: Event): boolean;
  begin(): void;
  /** Work begins again, and every lane gets its held events in the order in which they happened: lane by lane, so that the
   *  first need not wait for the last. Rejects with StoreError; calling it again goes on where it stopped. */
  end(): Promise<void>;
  /** Puts these events in as held ones, then lets their lanes go. Gives those that were new. */
  slipIn(events: readonly Event[], at: number): Promise<readonly Event[]>;
}

export interface HoldingOptions {
  readonly connectionId: string;
  readonly store: Pick<Store, "receive" | "heldLanes" | "release">;
  /** Does something between two commits of the inbox. */
  readonly turn: <T>(task: () => Promise<T>) => Promise<T>;
  /** There is work in this lane. */
  readonly wake: (chatId: number | null) => void;
  /** Work may begin again: whatever waits in the store is looked for. */
  readonly sweep: () => Promise<void>;
}

export function createHolding({ connectionId, store, turn, wake, sweep }: HoldingOptions): Holding {
  let isOn = true;
  /** Lanes that still have held events: what comes in for them now must not overtake those. */
  const closed = new Set<number | null>();

  const letGo = async () => {
    for (const chatId of [...closed]) {
      await turn(async () => {
        await store.release(connectionId, chatId, inTimeOrder);
        closed.delete(chatId);
      });
      wake(chatId);
    }
  };
  const close = (chatIds: readonly (number | null)[]) => {
    for (const chatId of chatIds) closed.add(chatId);
  };

  return {
    isOn: () => isOn,
    isEnding: () => closed.size > 0,
    holds: ({ chatId }) => isOn || closed.has(chatId),
    begin() {
      isOn = true;
    },
    async end() {
      await turn(async () => {
        close(await store.heldLanes(connectionId));
        isOn = false;
      });
      await sweep();
      await letGo();
    },
    async slipIn(events, at) {
      const fresh = await turn(async () => {
        const isNew = await store.receive(connectionId, events, at, { held: () => true });
        close(isNew.map(({ chatId }) => chatId));
        return isNew;
      });
      await letGo();
      return fresh;
    },
  };
}

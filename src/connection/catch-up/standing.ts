import type { Clock } from "../../clock.ts";
import type { Store } from "../../store/store.ts";
import type { Event } from "../../types/event.ts";
import type { JsonObject } from "../../types/json.ts";
import { advanced, firstSeen, highestMessage, newMessageId, readSeen, SEEN, type Seen, seenFact } from "./seen.ts";

/** One opening of the socket: when it was (Unix ms), and between which ids its messages are. */
export interface Opening {
  readonly at: number;
  /** 0: it has brought none. */
  highest: number;
  /** Infinity: it has brought none. */
  lowest: number;
}

/** Where a connection stands in the stream of events, on disk and in memory. */
export interface Standing {
  /** The present opening; null: there is no socket. */
  opening(): Opening | null;
  /** Something may have been missed. */
  hasGap(): boolean;
  open(): void;
  lose(): void;
  /** When the socket was last known to be good (Unix ms), as far as this process has learnt; null: it has not. */
  lastGoodAt(): number | null;
  /** What is stored; null: the connection has never listened. Rejects with StoreError. */
  seen(): Promise<Seen | null>;
  /** Events of the socket are about to be stored: the facts to store with them. */
  pass(events: readonly Event[]): JsonObject;
  /** Everything before this opening is in the inbox now, up to this id and up to what the opening has brought. The gap is gone
   *  unless the socket has changed meanwhile. Rejects with StoreError. */
  settle(of: Opening, highest: number): Promise<Seen>;
  /** The socket is good at this moment. Does nothing while there is a gap. Rejects with StoreError. */
  hear(): Promise<void>;
}

export interface StandingOptions {
  readonly connectionId: string;
  readonly store: Pick<Store, "fact" | "saveFact">;
  readonly clock: Clock;
  /** Does something between two commits of the inbox. */
  readonly turn: <T>(task: () => Promise<T>) => Promise<T>;
}

/** There is no socket yet, and nobody knows what happened before. */
export function createStanding({ connectionId, store, clock, turn }: StandingOptions): Standing {
  let opening: Opening | null = null;
  let hasGap = true;
  let seen: Seen | null = null;
  /** What is stored has been read: no `seen` means that there never was one. */
  let isRead = false;

  const load = async () => {
    seen ??= readSeen(await store.fact(connectionId, SEEN));
    isRead = true;
    return seen;
  };
  const save = async (changed: Seen) => {
    await store.saveFact(connectionId, SEEN, seenFact(changed));
    seen = changed;
  };

  return {
    opening: () => opening,
    hasGap: () => hasGap,
    lastGoodAt: () => seen?.at ?? null,
    seen: load,
    open() {
      hasGap = true;
      opening = { at: clock.now(), highest: 0, lowest: Number.POSITIVE_INFINITY };
    },
    lose() {
      hasGap = true;
      opening = null;
    },
    pass(events) {
      if (opening !== null) note(opening, events);
      // A crash before the very first opening is settled must not be taken for a connection that never listened.
      if (seen === null && isRead && opening !== null) return { [SEEN]: seenFact(firstSeen(opening.at)) };
      // While there is a gap, what comes after it says nothing about where it began.
      if (hasGap || seen === null) return {};
      seen = advanced(seen, { messageId: highestMessage(events), at: clock.now() });
      return { [SEEN]: seenFact(seen) };
    },
    settle: (of, highest) =>
      turn(async () => {
        const isCurrent = opening === of;
        const before = (await load()) ?? firstSeen(of.at);
        const at = isCurrent ? clock.now() : of.at;
        const now = advanced(before, { messageId: Math.max(highest, of.highest), at });
        await save(now);
        if (isCurrent && opening === of) hasGap = false;
        return now;
      }),
    async hear() {
      if (hasGap || seen === null) return;
      const heard = advanced(seen, { messageId: 0, at: clock.now() });
      seen = heard;
      await turn(() => save(seen ?? heard));
    },
  };
}

function note(opening: Opening, events: readonly Event[]): void {
  for (const event of events) {
    const id = newMessageId(event);
    if (id === null) continue;
    opening.highest = Math.max(opening.highest, id);
    opening.lowest = Math.min(opening.lowest, id);
  }
}

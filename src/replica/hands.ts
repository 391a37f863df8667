import { atMost, type Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Lease } from "../store/leases.ts";
import type { Store } from "../store/store.ts";
import { watchedStore } from "./watched-store.ts";

/** A connection at work. */
export interface Work {
  /** What is wanted of the connection has changed in the store, or somebody hints that it may have changed in the CRM. */
  changed(): void;
  /** Ends what is under way. Never rejects. */
  drain(): Promise<void>;
}

/** One connection that this replica is to work on. */
export interface Assigned {
  readonly connectionId: string;
  /** Refuses every change once somebody else has taken the connection over. */
  readonly store: Store;
  /** False: the lease could not be renewed in time, so somebody else may act by now. */
  mayAct(): boolean;
}

export interface HandsOptions {
  readonly store: Store;
  /** A name that no other process ever has. */
  readonly owner: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Begins the work on a connection. A rejection gives it back. */
  begin(assigned: Assigned): Promise<Work>;
}

/** The connections in the hands of this replica. */
export interface Hands {
  ids(): readonly string[];
  /** Takes a connection that is free, and begins to work on it; after `stop` nothing is taken. `revision` is what the store told of it before. */
  take(connectionId: string, revision: number): Promise<void>;
  /** Tells the work on a connection that it has changed, if it has. */
  see(connectionId: string, revision: number): void;
  /** Ends the work on a connection, then lets others have it. */
  giveBack(connectionId: string): Promise<void>;
  /** Extends what is held, if it is time to; what is lost is let go. */
  renew(): Promise<void>;
  /** The store says that we do not hold these: those that can't be renewed are let go. So is a connection that was removed, also when it is there
   *  again by now: it is another one. */
  doubt(connectionIds: readonly string[]): Promise<void>;
  /** Lets go what could not be renewed for so long that somebody else may act. */
  watch(): void;
  /** Takes nothing more, and gives back all there is. Resolves when that, and all that was let go before, has come to an end. */
  stop(): Promise<void>;
}

/** Reliability.md D9: a lease lasts 15 s, is renewed every 5 s, and nobody acts on one that was not renewed for 10 s. */
export const TTL_MS = 15_000;
const RENEW_MS = 5_000;
const STOP_MS = 10_000;

interface Held {
  readonly lease: Lease;
  /** By `elapsed` of the clock, from before the database was asked: a clock that is set must neither end leases nor prolong them. */
  renewedAt: number;
  /** Seen overdue at the last watch. A stall of the whole process must not count: the renewal is only about to be made. */
  overdue: boolean;
  revision: number;
  /** Null: it has not begun yet. */
  work: Work | null;
  /** Resolves when it has begun, or can't: then `false`. */
  begun: Promise<boolean>;
}

export function createHands(options: HandsOptions): Hands {
  const { store, owner, clock, log } = options;
  const { leases } = store;
  const held = new Map<string, Held>();
  const leaving = new Map<string, Promise<void>>();
  let askedAt = Number.NEGATIVE_INFINITY;
  let isStopping = false;

  const isHeld = (one: Held) => held.get(one.lease.connectionId) === one;
  const isOverdue = ({ renewedAt }: Held) => leases.shared && clock.elapsed() - renewedAt >= STOP_MS;

  const leave = (one: Held, isOurs: boolean): Promise<void> => {
    const id = one.lease.connectionId;
    held.delete(id);
    const end = async () => {
      // What is still beginning ends as soon as it has begun.
      await inTime(one.begun, clock);
      await one.work?.drain();
      if (isOurs) await inTime(leases.giveBack([one.lease]), clock);
      leaving.delete(id);
    };
    const left = end();
    leaving.set(id, left);
    return left;
  };
  const lose = (one: Held, why: string) => {
    if (!isHeld(one)) return;
    log.warn(
      { connection: one.lease.connectionId, why },
      "the work on a connection ends here: another replica may have it, or it was removed",
    );
    void leave(one, false);
  };
  const renewed = async (asked: readonly Held[]): Promise<void> => {
    const now = clock.elapsed();
    const still = new Set(await leases.renew(asked.map(({ lease }) => lease)));
    for (const one of asked) {
      if (still.has(one.lease)) Object.assign(one, { renewedAt: now, overdue: false });
      else lose(one, "it was taken");
    }
  };
  const begin = async (one: Held): Promise<boolean> => {
    const { connectionId: id } = one.lease;
    try {
      const work = await options.begin({
        connectionId: id,
        store: watchedStore(store.under(one.lease), () => lose(one, "it was taken")),
        mayAct: () => isHeld(one) && !isOverdue(one),
      });
      if (isHeld(one)) one.work = work;
      // It was lost or given back while it began.
      else await work.drain();
      return true;
    } catch (error) {
      log.error({ connection: id, err: error }, "the work on a connection could not begin; it is tried again");
      return false;
    }
  };

  return {
    ids: () => [...held.keys()].sort(),
    async take(id, revision) {
      if (isStopping || held.has(id) || leaving.has(id)) return;
      const renewedAt = clock.elapsed();
      const lease = await leases.claim(id, owner, TTL_MS);
      if (lease === null) return;
      if (isStopping) return await inTime(leases.giveBack([lease]), clock);
      const one: Held = { lease, renewedAt, overdue: false, revision, work: null, begun: NOT_YET };
      held.set(id, one);
      one.begun = begin(one);
      const hasBegun = await one.begun;
      if (!hasBegun && isHeld(one)) await leave(one, true);
    },
    see(id, revision) {
      const one = held.get(id);
      // What is still beginning is told at the next look.
      if (one === undefined || one.work === null || one.revision === revision) return;
      one.revision = revision;
      one.work.changed();
    },
    async giveBack(id) {
      const one = held.get(id);
      await (one === undefined ? leaving.get(id) : leave(one, true));
    },
    async renew() {
      const now = clock.elapsed();
      if (now - askedAt < RENEW_MS) return;
      await renewed([...held.values()]);
      askedAt = now;
    },
    async doubt(ids) {
      const doubted = ids.flatMap((id) => held.get(id) ?? []);
      if (doubted.length > 0) await renewed(doubted);
    },
    watch() {
      for (const one of held.values()) {
        const wasOverdue = one.overdue;
        one.overdue = isOverdue(one);
        if (wasOverdue && one.overdue) lose(one, "its lease could not be renewed");
      }
    },
    async stop() {
      isStopping = true;
      for (const one of [...held.values()]) void leave(one, true);
      await Promise.all(leaving.values());
    },
  };
}

const NOT_YET = Promise.resolve(false);

/** Leaving in good order is a courtesy: a store that does not answer is not waited for, and the lease then ends by itself. */
const COURTESY_MS = 1_500;

/** Waits for the task, but not long, and whatever becomes of it. */
export const inTime = (task: Promise<unknown>, clock: Clock): Promise<void> => atMost(COURTESY_MS, task, clock);

import type { Clock } from "../clock.ts";
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
  /** Takes a connection that is free, and begins to work on it. `revision` is what the store told of it before. */
  take(connectionId: string, revision: number): Promise<void>;
  /** Tells the work on a connection that it has changed, if it has. */
  see(connectionId: string, revision: number): void;
  /** Ends the work on a connection, then lets others have it. */
  giveBack(connectionId: string): Promise<void>;
  /** Extends what is held, if it is time to; what is lost is let go. */
  renew(): Promise<void>;
  /** Lets go what could not be renewed for so long that somebody else may act. */
  watch(): void;
  /** Resolves when all that was let go has come to an end. */
  settled(): Promise<void>;
}

/** Reliability.md D9: a lease lasts 15 s, is renewed every 5 s, and nobody acts on one that was not renewed for 10 s. */
export const TTL_MS = 15_000;
const RENEW_MS = 5_000;
const STOP_MS = 10_000;

interface Held {
  readonly lease: Lease;
  /** Unix ms, from before the database was asked. */
  renewedAt: number;
  /** Seen overdue at the last watch. A stall of the whole process must not count: the renewal is only about to be made. */
  overdue: boolean;
  revision: number;
  work: Work | null;
}

export function createHands(options: HandsOptions): Hands {
  const { store, owner, clock, log } = options;
  const { leases } = store;
  const held = new Map<string, Held>();
  const leaving = new Map<string, Promise<void>>();
  let askedAt = Number.NEGATIVE_INFINITY;

  const isOverdue = ({ renewedAt }: Held) => leases.shared && clock.now() - renewedAt >= STOP_MS;

  const leave = (id: string, one: Held, isOurs: boolean): Promise<void> => {
    held.delete(id);
    const end = async () => {
      await one.work?.drain();
      if (isOurs) await inTime(leases.giveBack([one.lease]), clock);
      leaving.delete(id);
    };
    const left = end();
    leaving.set(id, left);
    return left;
  };
  const lose = (id: string, why: string) => {
    const one = held.get(id);
    if (one === undefined) return;
    log.warn({ connection: id, why }, "the work on a connection ends here: another replica may have it");
    void leave(id, one, false);
  };
  const begin = async (one: Held): Promise<void> => {
    const { connectionId: id } = one.lease;
    const assigned: Assigned = {
      connectionId: id,
      store: watchedStore(store.under(one.lease), () => lose(id, "it was taken")),
      mayAct: () => held.get(id) === one && !isOverdue(one),
    };
    try {
      one.work = await options.begin(assigned);
      // It was lost or given back while it began.
      if (held.get(id) !== one) await one.work.drain();
    } catch (error) {
      log.error({ connection: id, err: error }, "the work on a connection could not begin; it is tried again");
      await leave(id, one, true);
    }
  };

  return {
    ids: () => [...held.keys()].sort(),
    async take(id, revision) {
      if (held.has(id) || leaving.has(id)) return;
      const renewedAt = clock.now();
      const lease = await leases.claim(id, owner, TTL_MS);
      if (lease === null) return;
      const one: Held = { lease, renewedAt, overdue: false, revision, work: null };
      held.set(id, one);
      await begin(one);
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
      await (one === undefined ? leaving.get(id) : leave(id, one, true));
    },
    async renew() {
      const now = clock.now();
      if (now - askedAt < RENEW_MS) return;
      const asked = [...held.values()];
      const still = new Set(await leases.renew(asked.map(({ lease }) => lease)));
      askedAt = now;
      for (const one of asked) {
        if (still.has(one.lease)) Object.assign(one, { renewedAt: now, overdue: false });
        else lose(one.lease.connectionId, "it was taken");
      }
    },
    watch() {
      for (const [id, one] of held) {
        const wasOverdue = one.overdue;
        one.overdue = isOverdue(one);
        if (wasOverdue && one.overdue) lose(id, "its lease could not be renewed");
      }
    },
    async settled() {
      await Promise.all(leaving.values());
    },
  };
}

/** Leaving in good order is a courtesy: a store that does not answer is not waited for, and the lease then ends by itself. */
const COURTESY_MS = 1_500;

/** Waits for the task, but not long, and whatever becomes of it. */
export async function inTime(task: Promise<unknown>, clock: Clock): Promise<void> {
  const done = new AbortController();
  const late = clock.sleep(COURTESY_MS, done.signal);
  await Promise.race([task, late]).catch(() => {});
  done.abort();
  await late.catch(() => {});
}

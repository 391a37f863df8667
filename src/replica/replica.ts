import { atMost, type Clock } from "../clock.ts";
import { inParts } from "../in-parts.ts";
import { shareOut } from "../store/share-out.ts";
import { createHands, type Hands, type HandsOptions, inTime, TTL_MS } from "./hands.ts";

export interface ReplicaOptions extends HandsOptions {
  /** Connections to work on that the store may not know yet. */
  readonly known: readonly string[];
  /** The program has been asked to end, maybe before it has quite begun: nothing more is taken. `stop` follows. */
  readonly stopping?: AbortSignal;
}

/** This process among those that share one store: which connections it works on. With a store of its own it has them all. */
export interface Replica {
  /** The connections it works on, by id. */
  holds(): readonly string[];
  /** The store has answered of late. */
  isStoreUsable(): boolean;
  /** Looks now who is there, what is free and what has changed, instead of at the next turn. Never rejects. */
  look(): Promise<void>;
  /** Ends all work, and leaves the connections to whoever else is there: within 7 s, also when the store hangs. Never rejects. */
  stop(): Promise<void>;
}

/** How often it is looked who is there and what is free: a connection that is given back is taken within this. */
const LOOK_MS = 2_000;
const WATCH_MS = 1_000;
/** The whole program has 8 s to end (reliability.md P9). What is not given back by then ends by itself. */
const STOP_MS = 7_000;
/** A store that has not answered for so long cannot be used. */
const SILENT_MS = 3 * LOOK_MS;

/** Looks at once; resolves after this first look, or as soon as the program is asked to end. Fair sharing as replicas come and go: reliability.md D9. */
export async function startReplica(options: ReplicaOptions): Promise<Replica> {
  const { store, owner, clock } = options;
  const hands = createHands(options);
  const stopping = new AbortController();
  const signal = AbortSignal.any([stopping.signal, options.stopping ?? stopping.signal]);
  const witness = createWitness(options, signal);
  let last = Promise.resolve();
  const task = () => {
    last = last.then(() => look(options, hands, signal)).then(witness.answered, witness.failed);
    return last;
  };
  // Taking may take long: what is held already is renewed and watched all the while.
  const keeping = [
    repeat(() => hands.renew().catch(witness.failed), WATCH_MS, { clock, signal }),
    repeat(async () => hands.watch(), WATCH_MS, { clock, signal }),
  ];
  await untilAborted(task(), signal);
  const ended = Promise.all([...keeping, repeat(task, LOOK_MS, { clock, signal })]);
  const leave = async () => {
    await hands.stop();
    // A look under way is the last one; it must not tell again that this replica is there.
    await inTime(Promise.all([ended, last]), clock);
    await inTime(store.leases.present(owner, 0), clock);
  };
  return {
    holds: hands.ids,
    isStoreUsable: witness.isUsable,
    look: task,
    async stop() {
      stopping.abort(new Error("the program ends"));
      await atMost(STOP_MS, leave(), clock);
    },
  };
}

async function untilAborted(task: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  signal.addEventListener("abort", () => resolve(), { once: true });
  await Promise.race([task, promise]);
}

async function look({ store, owner, known }: ReplicaOptions, hands: Hands, signal: AbortSignal): Promise<void> {
  const replicas = await store.leases.present(owner, TTL_MS);
  const stored = await store.leases.holdings();
  const revisions = new Map(stored.map(({ connectionId, revision }) => [connectionId, revision]));
  const unknown = known.filter((id) => !revisions.has(id));
  const all = [...stored, ...unknown.map((connectionId) => ({ connectionId, owner: null }))];
  const share = shareOut(all, replicas)[owner];
  if (signal.aborted) return;
  const removed = hands.ids().filter((id) => !revisions.has(id) && !known.includes(id));
  for (const id of [...(share?.giveBack ?? []), ...removed]) void hands.giveBack(id);
  await hands.doubt(stored.filter((one) => one.owner !== owner).map(({ connectionId }) => connectionId));
  for (const [id, revision] of revisions) hands.see(id, revision);
  // With SQLite taking never waits for anything, and those taken first are to begin while others are taken.
  await inParts(share?.claim ?? [], TAKEN_AT_ONCE, async (id) => {
    if (!signal.aborted) await hands.take(id, revisions.get(id) ?? 0);
  });
}

const TAKEN_AT_ONCE = 50;

/** Knows whether the store can be used. While it cannot, nobody can take anything either; it is looked again. */
function createWitness({ clock, log }: ReplicaOptions, signal: AbortSignal) {
  let answeredAt = clock.elapsed();
  let hasFailed = false;
  return {
    answered() {
      if (hasFailed) log.info("the store can be used again");
      answeredAt = clock.elapsed();
      hasFailed = false;
    },
    failed(error: unknown) {
      if (!hasFailed && !signal.aborted) log.error({ err: error }, "the store cannot be used; trying again");
      hasFailed = true;
    },
    isUsable: () => !hasFailed && clock.elapsed() - answeredAt < SILENT_MS,
  };
}

async function repeat(
  task: () => Promise<void>,
  everyMs: number,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(everyMs, signal).catch(() => {});
    if (!signal.aborted) await task();
  }
}

import type { Holding } from "./leases.ts";

/** What one replica should do now: connections to take, and to give back so that others can. */
export interface Share {
  readonly claim: readonly string[];
  readonly giveBack: readonly string[];
}

/** Nobody gives back more than this at once: a connection is without its socket until the next one has opened it, and sockets are
 *  opened at 20 a second. */
const MOST_GIVEN_BACK = 20;

/** Deals connections out fairly among the replicas that are there: within one of each other, or within a tenth where they have many
 *  (so that a single account more or less moves none). Pure: every replica works out the same from the same lists, and
 *  does its own part. What is held by a replica that is no longer there is dealt out, too: its lease runs out. */
export function shareOut(connections: readonly Held[], replicas: readonly string[]): Readonly<Record<string, Share>> {
  const names = [...new Set(replicas)].sort();
  const held = heldBy(connections, names);
  const richestFirst = names.toSorted((left, right) => countOf(held, right) - countOf(held, left));
  const givenBack = new Map(
    richestFirst.map((name, rank) => [name, surplus(held.get(name) ?? [], fairShare(connections.length, names, rank))]),
  );
  const free = connections.filter(({ owner }) => owner === null || !held.has(owner)).map((one) => one.connectionId);
  const claimed = dealt(free.toSorted(), held);
  return Object.fromEntries(
    names.map((name) => [name, { claim: claimed.get(name) ?? [], giveBack: givenBack.get(name) ?? [] }]),
  );
}

type Held = Pick<Holding, "connectionId" | "owner">;

type Hands = ReadonlyMap<string, readonly string[]>;

const countOf = (hands: Hands, name: string) => hands.get(name)?.length ?? 0;

function heldBy(connections: readonly Held[], names: readonly string[]): Hands {
  const byOwner = Map.groupBy(connections, ({ owner }) => owner);
  const idsOf = (name: string) => (byOwner.get(name) ?? []).map(({ connectionId }) => connectionId).toSorted();
  return new Map(names.map((name) => [name, idsOf(name)]));
}

/** All have the same, but for a rest that stays with those who have the most already. */
function fairShare(count: number, names: readonly string[], rank: number): number {
  return Math.floor(count / names.length) + (rank < count % names.length ? 1 : 0);
}

/** What is above the fair share, if that is more than a tenth. */
function surplus(own: readonly string[], share: number): readonly string[] {
  const isMuch = own.length > share + Math.floor(share / 10);
  return isMuch ? own.slice(Math.max(share, own.length - MOST_GIVEN_BACK)) : [];
}

/** Each goes to whoever has the fewest by then. */
function dealt(free: readonly string[], held: Hands): Hands {
  const claimed = new Map([...held.keys()].map((name) => [name, [] as string[]]));
  const total = (name: string) => countOf(held, name) + countOf(claimed, name);
  for (const connectionId of free) {
    const poorest = [...held.keys()].reduce<string | null>(
      (best, name) => (best === null || total(name) < total(best) ? name : best),
      null,
    );
    if (poorest !== null) claimed.get(poorest)?.push(connectionId);
  }
  return claimed;
}

import { afterEach, describe, expect, it } from "vitest";
import type { Assigned } from "../../src/replica/hands.ts";
import { type Replica, startReplica } from "../../src/replica/replica.ts";
import { LeaseLost, type Leases } from "../../src/store/leases.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { createTestLog } from "../helpers/test-log.ts";
import { createVirtualClock, type VirtualClock } from "../helpers/virtual-clock.ts";
import { connectionRecord } from "../store/builders.ts";

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A store that several replicas share, with so many connections. */
async function sharedStore(count: number): Promise<{ store: Store; clock: VirtualClock }> {
  const clock = createVirtualClock();
  const store = await openStore(":memory:", { clock });
  for (let index = 1; index <= count; index++) {
    await store.addConnection(connectionRecord(`shop-${index}`));
  }
  stops.push(() => store.close());
  return { store: { ...store, leases: { ...store.leases, shared: true } }, clock };
}

interface Watched {
  readonly replica: Replica;
  readonly log: ReturnType<typeof createTestLog>;
  /** What was begun, oldest first. */
  readonly begun: Assigned[];
  readonly drained: string[];
  /** Those that were told of a change, in order. */
  readonly changed: string[];
}

async function replicaOn(
  { store, clock }: { store: Store; clock: VirtualClock },
  owner: string,
  over: {
    leases?: Partial<Leases>;
    known?: readonly string[];
    begin?: () => Promise<void>;
    drain?: (id: string) => Promise<void>;
    stopping?: AbortSignal;
  } = {},
): Promise<Watched> {
  const log = createTestLog();
  const begun: Assigned[] = [];
  const drained: string[] = [];
  const changed: string[] = [];
  const replica = await startReplica({
    store: { ...store, leases: { ...store.leases, ...over.leases } },
    owner,
    known: over.known ?? [],
    ...(over.stopping !== undefined && { stopping: over.stopping }),
    clock,
    log: log.log,
    async begin(assigned) {
      await over.begin?.();
      begun.push(assigned);
      return {
        changed: () => void changed.push(assigned.connectionId),
        async drain() {
          await over.drain?.(assigned.connectionId);
          drained.push(assigned.connectionId);
        },
      };
    },
  });
  stops.push(async () => {
    const stopping = replica.stop();
    await clock.advance(10_000);
    await stopping;
  });
  return { replica, log, begun, drained, changed };
}

it("a replica alone works on every connection at once, and on one that is not stored yet", async () => {
  const shared = await sharedStore(3);
  const { replica } = await replicaOn(shared, "a", { known: ["new-shop", "shop-1"] });
  expect(replica.holds()).toEqual(["new-shop", "shop-1", "shop-2", "shop-3"]);
});

it("a second one gets its share, without any connection ever being in two hands", async () => {
  const shared = await sharedStore(10);
  const first = await replicaOn(shared, "a");
  const second = await replicaOn(shared, "b");
  for (let index = 0; index < 10; index++) {
    await shared.clock.advance(1_000);
    const both = first.replica.holds().filter((id) => second.replica.holds().includes(id));
    expect(both).toEqual([]);
  }
  expect([first.replica.holds().length, second.replica.holds().length]).toEqual([5, 5]);
  expect(first.drained).toHaveLength(5);
});

it("one that stops in good order is followed within three seconds", async () => {
  const shared = await sharedStore(4);
  const first = await replicaOn(shared, "a");
  const second = await replicaOn(shared, "b");
  await shared.clock.advance(6_000);
  const stopping = first.replica.stop();
  await shared.clock.advance(3_000);
  await stopping;
  expect(second.replica.holds()).toHaveLength(4);
});

it("one that dies is followed within twenty seconds, and not before its leases have ended", async () => {
  const shared = await sharedStore(4);
  let isDead = false;
  const never = new Promise<never>(() => {});
  const { present, renew, claim } = shared.store.leases;
  const first = await replicaOn(shared, "a", {
    leases: {
      present: (...given) => (isDead ? never : present(...given)),
      renew: (...given) => (isDead ? never : renew(...given)),
      claim: (...given) => (isDead ? never : claim(...given)),
    },
  });
  isDead = true;
  const second = await replicaOn(shared, "b");
  await shared.clock.advance(14_000);
  expect(second.replica.holds()).toEqual([]);
  await shared.clock.advance(6_000);
  expect(second.replica.holds()).toHaveLength(4);
  expect(first.begun.map((assigned) => assigned.mayAct())).toEqual([false, false, false, false]);
  isDead = false;
});

it("fails without the stop of a late owner: nobody acts on a lease that was not renewed for ten seconds, and the work ends", async () => {
  const shared = await sharedStore(1);
  let isDown = false;
  const down = async (): Promise<never> => {
    throw new Error("the database is away");
  };
  const { present, renew, holdings } = shared.store.leases;
  const leases: Partial<Leases> = {
    present: (...given) => (isDown ? down() : present(...given)),
    renew: (...given) => (isDown ? down() : renew(...given)),
    holdings: () => (isDown ? down() : holdings()),
  };
  const { replica, begun, drained, log } = await replicaOn(shared, "a", { leases });
  await shared.clock.advance(6_500);
  isDown = true;
  await shared.clock.advance(8_000);
  expect(begun[0]?.mayAct()).toBe(true);
  expect(replica.isStoreUsable()).toBe(false);
  while (begun[0]?.mayAct()) await shared.clock.advance(250);
  // Ending the work takes a while; nothing is done in it.
  expect(replica.holds()).toEqual(["shop-1"]);
  await shared.clock.advance(6_000);
  expect(begun[0]?.mayAct()).toBe(false);
  expect(replica.holds()).toEqual([]);
  expect(drained).toEqual(["shop-1"]);
  expect(log.text()).toContain("its lease could not be renewed");
  isDown = false;
  await shared.clock.advance(3_000);
  expect(replica.holds()).toEqual(["shop-1"]);
  expect(replica.isStoreUsable()).toBe(true);
  expect(begun).toHaveLength(2);
});

it("the work ends as soon as the store says that somebody else has taken the connection", async () => {
  const shared = await sharedStore(1);
  const { replica, begun, drained } = await replicaOn(shared, "a");
  // "a" slept, and its lease went to "b" meanwhile.
  const [lease] = await shared.store.leases.renew([await claimOf(shared.store, "a")]);
  if (lease === undefined) throw new Error("it is held");
  await shared.store.leases.giveBack([lease]);
  await shared.store.leases.claim("shop-1", "b", 60_000);
  await expect(begun[0]?.store.saveFact("shop-1", "x", 1)).rejects.toBeInstanceOf(LeaseLost);
  expect(begun[0]?.mayAct()).toBe(false);
  await shared.clock.advance(100);
  expect([replica.holds(), drained]).toEqual([[], ["shop-1"]]);
});

async function claimOf(store: Store, owner: string) {
  const lease = await store.leases.claim("shop-1", owner, 15_000);
  if (lease === null) throw new Error("it is held by another");
  return lease;
}

it("work that can't begin is tried again, and harms no other connection", async () => {
  const shared = await sharedStore(2);
  let attempts = 0;
  const { replica, begun } = await replicaOn(shared, "a", {
    async begin() {
      attempts += 1;
      if (attempts === 1) throw new Error("not today");
    },
  });
  expect(begun).toHaveLength(1);
  await shared.clock.advance(3_000);
  expect(replica.holds()).toEqual(["shop-1", "shop-2"]);
});

it("with a store of its own a replica that stood still for a minute goes on as before", async () => {
  const clock = createVirtualClock();
  const store = await openStore(":memory:", { clock });
  stops.push(() => store.close());
  const { replica, begun, drained } = await replicaOn({ store, clock }, "a", { known: ["shop-1"] });
  await clock.advance(60_000);
  expect([replica.holds(), begun.length, drained]).toEqual([["shop-1"], 1, []]);
  expect(begun[0]?.mayAct()).toBe(true);
});

it("tells the work on a connection of a change, once, within its next look", async () => {
  const shared = await sharedStore(2);
  const { changed } = await replicaOn(shared, "a");
  await shared.store.changeConnection("shop-2", { paused: true });
  await shared.clock.advance(6_000);
  expect(changed).toEqual(["shop-2"]);
});

it("takes a new connection and lets go of a removed one at once when it is asked to look", async () => {
  const shared = await sharedStore(1);
  const { replica, drained } = await replicaOn(shared, "a");
  await shared.store.addConnection(connectionRecord("shop-9"));
  await shared.store.removeConnection("shop-1");
  await replica.look();
  expect(replica.holds()).toEqual(["shop-9"]);
  expect(drained).toEqual(["shop-1"]);
});

it("fails without a doubt: begins anew with a connection that was removed and is there again before it has looked", async () => {
  const shared = await sharedStore(2);
  const { replica, begun, drained, changed } = await replicaOn(shared, "a");
  await shared.store.removeConnection("shop-1");
  await shared.store.addConnection(connectionRecord("shop-1"));
  await shared.store.touchConnection("shop-1");
  await replica.look();
  expect([begun[0]?.mayAct(), drained, changed]).toEqual([false, ["shop-1"], []]);
  await shared.clock.advance(2_000);
  expect(begun.map(({ connectionId }) => connectionId)).toEqual(["shop-1", "shop-2", "shop-1"]);
  expect([begun[2]?.mayAct(), begun[1]?.mayAct()]).toEqual([true, true]);
});

it("fails without the renewal beside the taking: connections are kept while others take long to begin", async () => {
  const shared = await sharedStore(1);
  const slow = Promise.withResolvers<void>();
  let isSlow = false;
  const { replica, begun, log } = await replicaOn(shared, "a", {
    begin: () => (isSlow ? slow.promise : Promise.resolve()),
  });
  isSlow = true;
  await shared.store.addConnection(connectionRecord("shop-2"));
  for (let second = 0; second < 40; second++) {
    await shared.clock.advance(1_000);
    expect(begun[0]?.mayAct()).toBe(true);
  }
  slow.resolve();
  await shared.clock.advance(1_000);
  expect(replica.holds()).toEqual(["shop-1", "shop-2"]);
  expect(begun).toHaveLength(2);
  expect(log.text()).not.toContain("ends here");
});

it("one that is renewed while it is given back and taken again is not taken for lost", async () => {
  const shared = await sharedStore(1);
  const answered = Promise.withResolvers<void>();
  let isHeldUp = false;
  const { renew } = shared.store.leases;
  const { replica, begun, log } = await replicaOn(shared, "a", {
    leases: {
      async renew(leases) {
        const still = await renew(leases);
        if (!isHeldUp) return still;
        await answered.promise;
        return [];
      },
    },
  });
  isHeldUp = true;
  await shared.clock.advance(6_000);
  // Removed and connected anew: the answer that is on its way is about the lease before.
  await shared.store.removeConnection("shop-1");
  await replica.look();
  await shared.clock.advance(100);
  await shared.store.addConnection(connectionRecord("shop-1"));
  await replica.look();
  answered.resolve();
  await shared.clock.advance(100);
  expect(replica.holds()).toEqual(["shop-1"]);
  expect(begun.map((assigned) => assigned.mayAct())).toEqual([false, true]);
  expect(log.text()).not.toContain("it was taken");
});

describe("a clock that is set", () => {
  const HOUR_MS = 3_600_000;

  it.each([
    { way: "back", byMs: -HOUR_MS },
    { way: "forward", byMs: HOUR_MS },
  ])("$way neither ends leases nor keeps them from being renewed", async ({ byMs }) => {
    const shared = await sharedStore(1);
    const renewed: number[] = [];
    const { renew } = shared.store.leases;
    const { replica, begun, drained } = await replicaOn(shared, "a", {
      leases: {
        renew(leases) {
          renewed.push(leases.length);
          return renew(leases);
        },
      },
    });
    shared.clock.set(byMs);
    expect([begun[0]?.mayAct(), replica.isStoreUsable()]).toEqual([true, true]);
    await shared.clock.advance(12_000);
    expect([begun[0]?.mayAct(), drained]).toEqual([true, []]);
    expect(renewed.length).toBeGreaterThanOrEqual(2);
  });
});

describe("a replica that is to stop", () => {
  it("fails without the end of taking: takes nothing more, and gives back what it was about to take", async () => {
    const shared = await sharedStore(0);
    const claimed = Promise.withResolvers<void>();
    const { claim } = shared.store.leases;
    const { replica, begun } = await replicaOn(shared, "a", {
      leases: {
        async claim(...given) {
          await claimed.promise;
          return claim(...given);
        },
      },
    });
    for (let index = 1; index <= 120; index++) await shared.store.addConnection(connectionRecord(`shop-${index}`));
    const looking = replica.look();
    await shared.clock.advance(0);
    const stopping = replica.stop();
    claimed.resolve();
    await shared.clock.advance(10_000);
    await Promise.all([looking, stopping]);
    expect([begun, replica.holds()]).toEqual([[], []]);
    const held = (await shared.store.leases.holdings()).filter(({ owner }) => owner !== null);
    expect(held).toEqual([]);
  });

  it("while it still takes its first connections does not take them all before", async () => {
    const shared = await sharedStore(120);
    const asked = new AbortController();
    const { replica, begun } = await replicaOn(shared, "a", {
      stopping: asked.signal,
      async begin() {
        asked.abort(new Error("the program is asked to end"));
      },
    });
    const stopping = replica.stop();
    await shared.clock.advance(10_000);
    await stopping;
    expect(begun.length).toBe(50);
    expect(replica.holds()).toEqual([]);
  });

  it("ends what was only beginning", async () => {
    const shared = await sharedStore(1);
    const slow = Promise.withResolvers<void>();
    let isSlow = false;
    const drained = Promise.withResolvers<void>();
    const { replica } = await replicaOn(shared, "a", {
      begin: () => (isSlow ? slow.promise : Promise.resolve()),
      drain: (id) => (id === "shop-2" ? drained.promise : Promise.resolve()),
    });
    isSlow = true;
    await shared.store.addConnection(connectionRecord("shop-2"));
    const looking = replica.look();
    await shared.clock.advance(0);
    let isGone = false;
    const stopping = replica.stop().then(() => {
      isGone = true;
    });
    slow.resolve();
    await shared.clock.advance(2_000);
    expect(isGone).toBe(false);
    drained.resolve();
    await shared.clock.advance(0);
    await Promise.all([looking, stopping]);
  });

  it("fails without the limit of the end: is gone after seven seconds although the store answers nothing any more", async () => {
    const shared = await sharedStore(1);
    let isDead = false;
    const orNever =
      <Given extends readonly unknown[], T>(ask: (...given: Given) => Promise<T>) =>
      (...given: Given) =>
        isDead ? new Promise<never>(() => {}) : ask(...given);
    const { present, giveBack, holdings, renew } = shared.store.leases;
    const { replica } = await replicaOn(shared, "a", {
      leases: {
        present: orNever(present),
        giveBack: orNever(giveBack),
        holdings: orNever(holdings),
        renew: orNever(renew),
      },
      drain: () => (isDead ? new Promise<never>(() => {}) : Promise.resolve()),
    });
    isDead = true;
    let isGone = false;
    void replica.stop().then(() => {
      isGone = true;
    });
    await shared.clock.advance(7_000);
    expect(isGone).toBe(true);
  });
});

import { describe, expect, it } from "vitest";
import { type Lease, LeaseLost } from "../../../src/store/leases.ts";
import type { Store } from "../../../src/store/store.ts";
import type { TheStore } from "../bench.ts";
import {
  call,
  channel,
  chat,
  commit,
  connectionRecord,
  decided,
  dialog,
  event,
  OURS,
  person,
  run,
  THEIRS,
} from "../builders.ts";

/** So long that no test sees its end. */
const LONG_MS = 600_000;
/** A lease whose time is over as soon as it is given. */
const OVER_MS = 0;

export function describeLeases(store: TheStore): void {
  const claim = (owner: string, ttlMs = LONG_MS, connectionId = OURS) =>
    store().leases.claim(connectionId, owner, ttlMs);
  const claimed = async (owner: string, ttlMs = LONG_MS): Promise<Lease> => {
    const lease = await claim(owner, ttlMs);
    if (lease === null) throw new Error("the connection is taken");
    return lease;
  };

  describe("leases", () => {
    it("are given for a connection that nobody holds", async () => {
      expect(await claim("a")).toEqual({ connectionId: OURS, owner: "a", epoch: 1, ttlMs: LONG_MS });
    });

    it("are given to one at a time, and per connection", async () => {
      await claim("a");

      expect(await claim("b")).toBeNull();
      expect(await claim("b", LONG_MS, THEIRS)).toMatchObject({ owner: "b", epoch: 1 });
    });

    it("are given again to who holds them, in the same epoch: its first answer may have been lost", async () => {
      await claim("a");

      expect(await claim("a")).toMatchObject({ owner: "a", epoch: 1 });
    });

    it("are taken over once their time is over, in the next epoch", async () => {
      await claim("a", OVER_MS);

      expect(await claim("b")).toMatchObject({ owner: "b", epoch: 2 });
      expect(await claim("a")).toBeNull();
    });

    it("go to one of several that want to take over", async () => {
      await claim("a", OVER_MS);
      const wanted = await Promise.all(["b", "c", "d", "e"].map((owner) => claim(owner)));

      // Who comes while another is being served may be sent away with nothing; never do two get it.
      expect(wanted.filter((lease) => lease !== null).length).toBeLessThanOrEqual(1);
      const holder = wanted.find((lease) => lease !== null) ?? (await claim("f"));
      expect(holder?.epoch).toBe(2);
    });

    it("can be taken at once when they are given back, in the next epoch, also by who gave them back", async () => {
      await store().leases.giveBack([await claimed("a")]);
      const second = await claimed("b");
      expect(second.epoch).toBe(2);

      await store().leases.giveBack([second]);
      expect((await claimed("b")).epoch).toBe(3);
    });

    it("that are lost can't be given back", async () => {
      const lost = await claimed("a", OVER_MS);
      await claimed("b");
      await store().leases.giveBack([lost]);

      expect(await claim("c")).toBeNull();
    });

    it("are renewed while nobody else has taken them, also when their time is over", async () => {
      const lease = { ...(await claimed("a", OVER_MS)), ttlMs: LONG_MS };

      expect(await store().leases.renew([lease])).toEqual([lease]);
      expect(await claim("b")).toBeNull();
    });

    it("are not renewed when another has taken them, when they were given back, or when there never were any", async () => {
      const lost = await claimed("a", OVER_MS);
      const held = await claimed("b");
      const given = await store().leases.claim(THEIRS, "a", LONG_MS);
      if (given !== null) await store().leases.giveBack([given]);
      const leases = [lost, held, ...(given === null ? [] : [given]), { ...held, connectionId: "nobody's" }];

      expect(await store().leases.renew(leases)).toEqual([held]);
      expect(await store().leases.renew([])).toEqual([]);
    });

    it("are renewed by the thousand", async () => {
      const ids = Array.from({ length: 1_000 }, (_, n) => `crm-${n}`);
      const leases = await Promise.all(ids.map((id) => claim("a", OVER_MS, id)));
      const held = leases.filter((lease) => lease !== null).map((lease) => ({ ...lease, ttlMs: LONG_MS }));
      expect(held).toHaveLength(1_000);

      expect(await store().leases.renew(held)).toEqual(held);
      expect(await Promise.all(["crm-0", "crm-999"].map((id) => claim("b", LONG_MS, id)))).toEqual([null, null]);
    });

    it("show who works on which stored connection", async () => {
      for (const id of [THEIRS, OURS, "crm-3"]) await store().addConnection(connectionRecord(id));
      await claim("a");
      await claim("b", OVER_MS, THEIRS);
      await claim("b", LONG_MS, "not stored");

      expect(await store().leases.holdings()).toEqual([
        { connectionId: OURS, owner: "a", revision: 0 },
        { connectionId: THEIRS, owner: null, revision: 0 },
        { connectionId: "crm-3", owner: null, revision: 0 },
      ]);
    });
  });

  describe("replicas", () => {
    it("know of each other while they are there", async () => {
      const { present } = store().leases;
      expect(await present("b", LONG_MS)).toEqual(["b"]);
      expect(await present("a", LONG_MS)).toEqual(["a", "b"]);
      expect(await present("a", LONG_MS)).toEqual(["a", "b"]);
    });

    it("are forgotten when they leave, and when they are silent", async () => {
      const { present } = store().leases;
      await present("leaves", LONG_MS);
      await present("silent", OVER_MS);
      expect(await present("leaves", 0)).toEqual([]);
      expect(await present("a", LONG_MS)).toEqual(["a"]);
    });
  });

  describe("a store under a lease", () => {
    const writes: Readonly<Record<string, (held: Store) => Promise<unknown>>> = {
      receive: (held) => held.receive(OURS, [event(9)], 3_000, { facts: { seen: 9 } }),
      release: (held) => held.release(OURS, 8, (events) => events),
      nextEvent: (held) => held.nextEvent(OURS, null),
      commit: (held) => held.commit(OURS, commit({ eventKey: "message_new:2", chat: chat(7), dialogs: [dialog(79)] })),
      beginCall: (held) => held.beginCall(OURS, "r#1", 3_000, 41),
      endCall: (held) => held.endCall(OURS, "r#1", { state: "sent", outcome: null, at: 3_000, dialog: dialog(70) }),
      fireTimers: (held) => held.fireTimers(OURS, 9_000, 10),
      savePeople: (held) => held.savePeople(OURS, [person(1, "Anna")]),
      saveChannels: (held) => held.saveChannels(OURS, [channel(3, "A")]),
      saveBots: (held) => held.saveBots(OURS, [{ id: 4, name: "Other" }]),
      addDialogs: (held) => held.addDialogs(OURS, [dialog(72)]),
      saveDialogs: (held) => held.saveDialogs(OURS, [dialog(71)]),
      saveFact: (held) => held.saveFact(OURS, "it", 1),
      addConnection: (held) => held.addConnection(connectionRecord(OURS)),
      saveAccess: (held) => held.saveAccess(THEIRS, { token: "t-9" }),
      changeConnection: (held) => held.changeConnection(THEIRS, { paused: true }),
      touchConnection: (held) => held.touchConnection(THEIRS),
      removeConnection: (held) => held.removeConnection(THEIRS),
      forgetChats: (held) => held.forgetChats(OURS, [7], 3_000),
    };

    /** Something of everything, so that each write has something to change. */
    async function prepare(): Promise<void> {
      await store().addConnection(connectionRecord(THEIRS));
      await decided(store(), {
        calls: [call("r#1")],
        runs: [run("r")],
        timers: [{ key: "t", chatId: 7, dialogId: 70, at: 5_000 }],
      });
      await store().receive(OURS, [event(2), event(3, { chatId: null })], 1_500);
      await store().receive(OURS, [event(4, { chatId: 8 })], 1_500, { held: () => true });
    }

    async function picture(): Promise<unknown> {
      return {
        connections: [await store().connections(), await store().leases.holdings()],
        facts: [await store().fact(OURS, "it"), await store().fact(OURS, "seen")],
        lanes: (await store().busyLanes(OURS)).toSorted(),
        held: await store().heldLanes(OURS),
        counts: await store().counts(OURS),
        calls: await store().outbox(OURS, { limit: 9 }),
        runs: await store().waitingRuns(OURS, 7),
        timer: await store().nextTimer(OURS),
        documents: [await store().chat(OURS, 7), await store().latestDialog(OURS, 7), await store().directory(OURS)],
        decisions: await store().decisions(OURS, { limit: 9 }),
      };
    }

    it.each(Object.entries(writes))("works as without one while it is held: %s", async (_, write) => {
      await prepare();
      const before = await picture();

      await write(store().under(await claimed("a")));
      const attempts = (await store().nextEvent(OURS, null))?.attempts;
      expect([await picture(), attempts]).not.toEqual([before, 1]);
    });

    it.each(Object.entries(writes))(
      "fails without the fence: refuses and changes nothing once another has taken over: %s",
      async (_, write) => {
        await prepare();
        const stale = store().under(await claimed("a", OVER_MS));
        await claimed("b");
        const before = await picture();

        await expect(write(stale)).rejects.toThrow(LeaseLost);
        expect(await picture()).toEqual(before);
        expect((await store().nextEvent(OURS, null))?.attempts).toBe(1);
      },
    );

    it("says which connection was lost", async () => {
      const stale = store().under(await claimed("a", OVER_MS));
      await claimed("b");

      const refused = stale.saveFact(OURS, "it", 1);
      await expect(refused).rejects.toThrow(`another replica has taken over the connection ${OURS}`);
      await expect(refused).rejects.toMatchObject({ name: "LeaseLost", connectionId: OURS });
    });

    it("refuses once the lease was given back, also when its owner has claimed anew", async () => {
      const first = await claimed("a");
      await store().leases.giveBack([first]);
      await expect(store().under(first).saveFact(OURS, "it", 1)).rejects.toThrow(LeaseLost);

      const second = await claimed("a");
      await expect(store().under(first).saveFact(OURS, "it", 1)).rejects.toThrow(LeaseLost);
      await store().under(second).saveFact(OURS, "it", 2);
      expect(await store().fact(OURS, "it")).toBe(2);
    });

    it("goes on when its time is over but nobody else has come, and then nobody gets it", async () => {
      const lease = await claimed("a", OVER_MS);
      await store()
        .under({ ...lease, ttlMs: LONG_MS })
        .saveFact(OURS, "it", 1);

      expect(await store().fact(OURS, "it")).toBe(1);
      expect(await claim("b")).toBeNull();
    });

    it("still reads once it is lost", async () => {
      await prepare();
      const stale = store().under(await claimed("a", OVER_MS));
      await claimed("b");

      expect(await stale.counts(OURS)).toEqual(await store().counts(OURS));
      expect(await stale.nextCall(OURS, 7)).toMatchObject({ key: "r#1" });
    });

    it("leaves closing to the store it comes from", async () => {
      await store()
        .under(await claimed("a"))
        .close();

      expect(await store().connections()).toEqual([]);
    });
  });
}

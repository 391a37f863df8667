import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createOperation, type OperationOptions } from "../../../src/accounts/operating/operation.ts";
import { openStore } from "../../../src/store/open.ts";
import type { Forgotten, Store } from "../../../src/store/store.ts";
import { chat, connectionRecord, customer, decided, OURS, THEIRS } from "../../store/builders.ts";

const NOTHING: Forgotten = {
  customers: 0,
  chats: 0,
  dialogs: 0,
  events: 0,
  calls: 0,
  decisions: 0,
  runs: 0,
  timers: 0,
};

let store: Store;
let looks = 0;
let removed: string[] = [];
beforeEach(async () => {
  store = await openStore(":memory:");
  looks = 0;
  removed = [];
  await store.addConnection(connectionRecord(OURS));
  await store.addConnection(connectionRecord(THEIRS));
});
afterEach(() => store.close());

const open = (at: OperationOptions["at"] = () => null) => {
  const look = () => {
    looks += 1;
  };
  return createOperation({
    store,
    look,
    at,
    async remove(connectionId) {
      removed.push(connectionId);
      return { kind: "removed", connectionId, module: "switched_off" };
    },
  });
};
const revisions = async () => (await store.leases.holdings()).map(({ revision }) => revision);

describe("pausing", () => {
  it("silences one connection, and tells whoever works on it", async () => {
    expect(await open().pause({ connection: OURS, paused: true })).toEqual({
      kind: "paused",
      changed: [OURS],
      same: [],
    });
    expect((await store.connections()).map(({ paused }) => paused)).toEqual([true, false]);
    expect(await revisions()).toEqual([1, 0]);
    expect(looks).toBe(1);
  });

  it("silences all, leaves those alone that are silent, and lets them go on", async () => {
    await open().pause({ connection: OURS, paused: true });
    const all = await open().pause({ connection: null, paused: true });
    expect(all).toEqual({ kind: "paused", changed: [THEIRS], same: [OURS] });
    expect(await revisions()).toEqual([1, 1]);
    expect(await open().pause({ connection: null, paused: false })).toMatchObject({ changed: [OURS, THEIRS] });
    expect((await store.connections()).map(({ paused }) => paused)).toEqual([false, false]);
  });

  it("changes nothing when nobody knows which connection is meant", async () => {
    expect(await open().pause({ connection: "crm-3", paused: true })).toEqual({
      kind: "unknown",
      known: [OURS, THEIRS],
      near: OURS,
    });
    expect(await open().pause({ connection: "crm", paused: true })).toMatchObject({ kind: "ambiguous" });
    expect(await revisions()).toEqual([0, 0]);
  });
});

describe("forgetting", () => {
  it("removes the customer from the store, and tells whoever works on the connection elsewhere", async () => {
    await decided(store, { chat: chat(7), customer: customer(5) });
    const { by } = (await open().forget({ connection: null, customerId: 5 })) as { by: Record<string, Forgotten> };
    expect(by).toEqual({ [OURS]: { ...NOTHING, customers: 1, chats: 1, events: 1, decisions: 1 }, [THEIRS]: NOTHING });
    expect(await revisions()).toEqual([1, 1]);
  });

  it("leaves it to the connection that works here", async () => {
    const asked: number[] = [];
    const connection = {
      async forgetCustomer(customerId: number) {
        asked.push(customerId);
        return NOTHING;
      },
    };
    const operation = open((id) => (id === OURS ? connection : null));
    expect(await operation.forget({ connection: OURS, customerId: 5 })).toEqual({
      kind: "forgotten",
      by: { [OURS]: NOTHING },
    });
    expect(asked).toEqual([5]);
    expect(await revisions()).toEqual([0, 0]);
  });

  it("touches nothing of a connection that is not meant", async () => {
    await decided(store, { chat: chat(7), customer: customer(5) });
    expect(await open().forget({ connection: THEIRS, customerId: 5 })).toMatchObject({ by: { [THEIRS]: NOTHING } });
    expect(await open().forget({ connection: "nobody", customerId: 5 })).toMatchObject({ kind: "unknown" });
    expect(await store.customer(OURS, 5)).toEqual(customer(5));
  });
});

describe("removing", () => {
  it("removes the account that is named in full", async () => {
    expect(await open().remove({ connection: `https://${OURS}.example/` })).toEqual({
      kind: "removed",
      connectionId: OURS,
      module: "switched_off",
    });
    expect(removed).toEqual([OURS]);
  });

  it.each([
    { named: `${OURS}.ex`, kind: "part" },
    { named: "crm", kind: "ambiguous" },
    { named: "crm-3", kind: "unknown" },
    { named: "", kind: "unknown" },
  ])("removes nothing when $named is named: it is $kind", async ({ named, kind }) => {
    expect(await open().remove({ connection: named })).toMatchObject({ kind });
    expect(removed).toEqual([]);
  });
});

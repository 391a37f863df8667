import { describe, expect, it } from "vitest";
import { refreshDirectory, withFacts } from "../../src/connection/directory/refresh.ts";
import type { Json } from "../../src/types/json.ts";
import type { Dialog } from "../../src/types/state.ts";
import { dialog, person, user } from "../store/builders.ts";
import { CONNECTION, type Desk, failure, openDesk } from "./desk.ts";

const refresh = (desk: Desk, over: { since?: number; crmUsers?: Json } = {}) =>
  refreshDirectory({
    ask: (call) => {
      const { active, since } = call.query;
      const name = call.operation === "listDialogs" && active === false ? `closed since ${since}` : call.operation;
      const list = desk.lists[name] ?? [];
      return list instanceof Error ? Promise.reject(list) : Promise.resolve(list);
    },
    crmUsers: async () => (over.crmUsers === undefined ? [] : over.crmUsers),
    store: desk.store,
    connectionId: CONNECTION,
    log: desk.log.log,
    since: over.since ?? null,
    exclusive: (_chatId, task) => task(),
  });

const row = (id: number, over: Record<string, Json> = {}) => ({
  id,
  chat_id: 7,
  created_at: "2026-06-30T08:14:02Z",
  closed_at: null,
  responsible: null,
  tags: [],
  ...over,
});

const byAnna = { id: 12, type: "user", assigned_at: "2026-06-30T08:15:10Z" };

describe("refreshing what events do not tell", () => {
  it("fills people with what only the CRM knows of them, channels and other bots", async () => {
    const desk = await openDesk();
    desk.lists.listUsers = [{ id: 12, external_id: "24", first_name: "Anna", last_name: "Petrova", is_online: true }];
    desk.lists.listChannels = [{ id: 17, type: "telegram", name: "@shop" }];
    desk.lists.listBots = [
      { id: 9, name: "Helper", is_self: true },
      { id: 10, name: "Other", is_self: false },
    ];
    await refresh(desk, {
      crmUsers: [{ id: 24, email: "anna@shop.example", groups: [{ code: "leads", name: "Leads" }] }],
    });
    const { people, channels, otherBots } = await desk.store.directory(CONNECTION);
    expect(people).toMatchObject([{ id: 12, name: "Anna Petrova", email: "anna@shop.example", online: true }]);
    expect(channels).toMatchObject([{ id: 17, name: "@shop" }]);
    expect(otherBots).toEqual([{ id: 10, name: "Other" }]);
  });

  it("keeps what we remember of a known dialog and corrects what the gateway knows better", async () => {
    const desk = await openDesk();
    const known = dialog(70, {
      responsible: user(11),
      variables: { topic: "tea" },
      marks: { welcome: 5 },
      tags: ["old"],
    });
    await desk.store.saveDialogs(CONNECTION, [known]);
    desk.lists.listDialogs = [row(70, { responsible: byAnna, tags: [{ name: "new" }] })];
    await refresh(desk);
    expect(await desk.store.dialog(CONNECTION, 70)).toMatchObject({
      responsible: { type: "user", id: 12 },
      previous: { id: 11 },
      tags: ["new"],
      variables: { topic: "tea" },
      marks: { welcome: 5 },
    });
  });

  it("learns open dialogs it never heard of, and closes those that were closed while nobody listened", async () => {
    const desk = await openDesk();
    await desk.store.saveDialogs(CONNECTION, [dialog(70, { responsible: user(12) })]);
    desk.lists.listDialogs = [row(71, { responsible: byAnna })];
    const since = Date.parse("2026-06-30T09:00:00Z");
    desk.lists["closed since 2026-06-30T09:00:00.000Z"] = [
      row(70, { closed_at: "2026-06-30T09:30:00Z", responsible: byAnna }),
      row(72, { closed_at: "2026-06-30T09:31:00Z" }),
    ];
    await refresh(desk, { since });
    expect((await desk.store.dialog(CONNECTION, 70))?.closedAt).toBe(Date.parse("2026-06-30T09:30:00Z"));
    expect(await desk.store.dialog(CONNECTION, 72)).toBe(null);
    expect((await desk.store.directory(CONNECTION)).openDialogs).toEqual({ 12: 1 });
  });

  it("fails without the insert-if-absent: a dialog that an event tells of while the lists are read is not replaced by its older row", async () => {
    const desk = await openDesk();
    desk.lists.listDialogs = [row(71, { responsible: byAnna, tags: [{ name: "listed" }] })];
    const told = dialog(71, { variables: { topic: "tea" }, lastManagerAt: 5 });
    const store = {
      ...desk.store,
      async addDialogs(connectionId: string, dialogs: readonly Dialog[]) {
        await desk.store.saveDialogs(CONNECTION, [told]);
        return desk.store.addDialogs(connectionId, dialogs);
      },
    };
    await refresh({ ...desk, store });
    expect(await desk.store.dialog(CONNECTION, 71)).toMatchObject({
      variables: { topic: "tea" },
      lastManagerAt: 5,
      // What only the list knows is learnt all the same.
      responsible: { type: "user", id: 12 },
      tags: ["listed"],
    });
  });

  it("keeps what was known of a list that can't be read, and reads the others", async () => {
    const desk = await openDesk();
    await desk.store.savePeople(CONNECTION, [person(12, "Anna")]);
    desk.lists.listUsers = failure({ status: 500 });
    desk.lists.listChannels = [{ id: 17, type: "telegram", name: "@shop" }];
    await refresh(desk);
    const { people, channels } = await desk.store.directory(CONNECTION);
    expect([people.length, channels.length]).toEqual([1, 1]);
    expect(desk.log.text()).toContain("the list of people is not fresh");
  });
});

describe("what only the CRM knows of people", () => {
  const known = { ...person(12, "Anna"), email: "anna@shop.example", groups: ["leads", "Leads"] };
  const rows = [{ id: 12, external_id: "24", first_name: "Anna", is_online: false }];

  it("stays as it was while the CRM does not tell it; the gateway's own word is taken over", async () => {
    const desk = await openDesk();
    await desk.store.savePeople(CONNECTION, [known]);
    desk.lists.listUsers = rows;
    await refresh(desk, { crmUsers: null });
    const { people } = await desk.store.directory(CONNECTION);
    expect(people).toMatchObject([{ email: "anna@shop.example", groups: ["leads", "Leads"], online: false }]);
  });

  it("goes when the CRM tells of its users, and of this one no more", async () => {
    const desk = await openDesk();
    await desk.store.savePeople(CONNECTION, [known]);
    desk.lists.listUsers = rows;
    await refresh(desk, { crmUsers: [] });
    expect((await desk.store.directory(CONNECTION)).people).toMatchObject([{ email: null, groups: [] }]);
  });
});

describe("many dialogs", () => {
  const MANY = 1_201;
  const listed = () => Array.from({ length: MANY }, (_, n) => row(100 + n));

  /** The desk with a store that tells what it is asked, and what goes on at the same time. */
  async function watched() {
    const desk = await openDesk();
    const sizes: number[] = [];
    let [underWay, most, alone] = [0, 0, 0];
    const store = {
      ...desk.store,
      async dialogs(connectionId: string, ids: readonly number[]) {
        sizes.push(ids.length);
        underWay += 1;
        most = Math.max(most, underWay);
        const read = await desk.store.dialogs(connectionId, ids);
        underWay -= 1;
        return read;
      },
      dialog(connectionId: string, id: number) {
        alone += 1;
        return desk.store.dialog(connectionId, id);
      },
    };
    return { desk: { ...desk, store }, sizes, asked: () => ({ most, alone }) };
  }

  it("are looked up five hundred at a time, one slice after another, and none alone that is as it was", async () => {
    const { desk, sizes, asked } = await watched();
    desk.lists.listDialogs = listed();
    await refresh(desk);
    expect(await desk.store.dialogs(CONNECTION, [100, 100 + MANY - 1])).toHaveLength(2);
    sizes.length = 0;
    await refresh(desk);
    expect(sizes).toEqual([500, 500, 201]);
    expect(asked()).toEqual({ most: 1, alone: 0 });
  });

  it("give way to other work between two slices", async () => {
    const { desk, sizes } = await watched();
    desk.lists.listDialogs = listed();
    const seen: number[] = [];
    let isOver = false;
    const look = () => {
      seen.push(sizes.length);
      if (!isOver) setImmediate(look);
    };
    setImmediate(look);
    await refresh(desk);
    isOver = true;
    expect(seen).toEqual(expect.arrayContaining([1, 2]));
  });
});

it("a dialog that was closed between the two readings of the list is closed", async () => {
  const desk = await openDesk();
  await desk.store.saveDialogs(CONNECTION, [dialog(70)]);
  desk.lists.listDialogs = [row(70), row(71)];
  const since = Date.parse("2026-06-30T09:00:00Z");
  const closed_at = "2026-06-30T09:30:00Z";
  desk.lists["closed since 2026-06-30T09:00:00.000Z"] = [row(70, { closed_at }), row(71, { closed_at })];
  await refresh(desk, { since });
  expect((await desk.store.dialog(CONNECTION, 70))?.closedAt).toBe(Date.parse(closed_at));
  expect(await desk.store.dialog(CONNECTION, 71)).toBe(null);
});

it("a fresh row without a first message does not take away the one we know", () => {
  expect(withFacts(dialog(70, { beginMessageId: 5 }), dialog(70)).beginMessageId).toBe(5);
});

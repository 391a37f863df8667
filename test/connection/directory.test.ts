import { describe, expect, it } from "vitest";
import { createDirectory, refreshDirectory, withFacts } from "../../src/connection/directory/directory.ts";
import type { Json } from "../../src/types/json.ts";
import { channel, dialog, person, user } from "../store/builders.ts";
import { CONNECTION, type Desk, failure, openDesk } from "./desk.ts";

const BOT = { id: 9, name: "Helper" };

const refresh = (desk: Desk, over: { since?: number; crmUsers?: Json } = {}) =>
  refreshDirectory({
    ask: (call) => {
      const { active, since } = call.query;
      const name = call.operation === "listDialogs" && active === false ? `closed since ${since}` : call.operation;
      const list = desk.lists[name] ?? [];
      return list instanceof Error ? Promise.reject(list) : Promise.resolve(list);
    },
    crmUsers: async () => over.crmUsers ?? [],
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

describe("the directory in memory", () => {
  async function loaded() {
    const desk = await openDesk();
    await desk.store.savePeople(CONNECTION, [person(12, "Anna"), person(13, "Ivan")]);
    await desk.store.saveDialogs(CONNECTION, [dialog(70, { responsible: user(12) })]);
    const directory = createDirectory(desk.store, CONNECTION);
    await directory.load(BOT);
    return directory;
  }

  it("adopts what a decision changed, and nothing else", async () => {
    const directory = await loaded();
    directory.adopt({ people: [{ ...person(13, "Ivan"), online: false }] });
    directory.adopt({ channels: [channel(3, "@shop")] });
    const { people, channels, bot } = directory.current();
    expect(people.map(({ id, online }) => [id, online])).toEqual([
      [12, true],
      [13, false],
    ]);
    expect(channels.length).toBe(1);
    expect(bot).toEqual(BOT);
  });

  it.each([
    { change: "assigned", before: dialog(71), after: dialog(71, { responsible: user(13) }), counts: { 12: 1, 13: 1 } },
    {
      change: "handed over",
      before: dialog(70, { responsible: user(12) }),
      after: dialog(70, { responsible: user(13) }),
      counts: { 12: 0, 13: 1 },
    },
    {
      change: "closed",
      before: dialog(70, { responsible: user(12) }),
      after: dialog(70, { responsible: user(12), closedAt: 5 }),
      counts: { 12: 0 },
    },
    {
      change: "given to a bot",
      before: dialog(70, { responsible: user(12) }),
      after: dialog(70, { responsible: { type: "bot", id: 9, assignedAt: 1 } }),
      counts: { 12: 0 },
    },
    {
      change: "tagged",
      before: dialog(70, { responsible: user(12) }),
      after: dialog(70, { responsible: user(12), tags: ["x"] }),
      counts: { 12: 1 },
    },
  ] as const)("counts a dialog that was $change", async ({ before, after, counts }) => {
    const directory = await loaded();
    directory.count(before, after);
    expect(directory.current().openDialogs).toEqual(counts);
  });
});

it("a fresh row without a first message does not take away the one we know", () => {
  expect(withFacts(dialog(70, { beginMessageId: 5 }), dialog(70)).beginMessageId).toBe(5);
});

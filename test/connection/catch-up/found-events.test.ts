import { describe, expect, it } from "vitest";
import { eventsOf } from "../../../src/connection/catch-up/found-events.ts";
import { gapAfter } from "../../../src/connection/catch-up/gap.ts";
import { type Found, readGap } from "../../../src/connection/catch-up/read-gap.ts";
import type { Seen } from "../../../src/connection/catch-up/seen.ts";
import { objectAt } from "../../../src/engine/fields.ts";
import { decodeFrame } from "../../../src/gateway/frame.ts";
import type { OperationId } from "../../../src/generated/bot-operations.ts";
import type { Event } from "../../../src/types/event.ts";
import type { Json, JsonObject } from "../../../src/types/json.ts";
import { type Client, registeredClient } from "../../helpers/sandbox.ts";
import { createTestLog } from "../../helpers/test-log.ts";
import { BOT_ID, row } from "./bench.ts";

const NOON = Date.parse("2026-06-30T12:00:00Z");
const MINUTE = 60_000;
const iso = (at: number) => new Date(at).toISOString();

/** Reads a client's lists as the bot does. */
async function foundBy(client: Client, seen: Seen): Promise<readonly Event[]> {
  const ask = async ({ operation, query }: { operation: string; query: JsonObject }): Promise<Json> => {
    const text = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    );
    return (await client.api(operation as OperationId, { query: String(text) })).body as Json;
  };
  const now = Date.now();
  const gap = gapAfter(seen, now);
  const found = await readGap({ ask }, gap, createTestLog().log);
  return eventsOf(found, { gap, botId: client.botId, now, heardFrom: Number.POSITIVE_INFINITY });
}

const REBUILT = ["message_new", "dialog_opened", "dialog_assign", "dialog_closed"];
const keysOf = (events: readonly Event[]) =>
  [...new Set(events.filter(({ type }) => REBUILT.includes(type)).map(({ key }) => key))].toSorted();

describe("what the lists tell of a whole day", () => {
  it.each([{ timestamps: "seconds" }, { timestamps: "milliseconds" }] as const)(
    "has the keys of what the socket brought (stamps in $timestamps)",
    async ({ timestamps }) => {
      const client = await registeredClient({ behaviour: { timestamps } });
      const { sandbox } = client;
      const ear = await client.listen();
      const began = Date.now();
      sandbox.newCustomer({ name: "Ana", channel: "telegram" });
      const first = sandbox.customerSays("Hello", { customer: "Ana" });
      await client.api("sendMessage", {
        body: { chat_id: first.chatId, scope: "public", type: "text", content: "Hi!" },
      });
      sandbox.assignByManager("Anna", { chat: first.chatId });
      sandbox.managerSays("I am here", { chat: first.chatId });
      sandbox.tagByManager(["vip"], { chat: first.chatId });
      sandbox.unassignByManager({ chat: first.chatId });
      sandbox.assignByManager("Ivan", { chat: first.chatId });
      sandbox.closeByManager({ chat: first.chatId });
      const again = sandbox.customerSays("One more thing", { customer: "Ana" });
      sandbox.managerCommands("/delivery", { chat: again.chatId });
      const last = sandbox.customerSays("x", { customer: "Ana" });
      sandbox.customerEdits(again.id, "One more question");
      await ear.until(
        ({ type, data }) => type === "message_updated" && JSON.stringify(data).includes(String(again.id)),
      );

      const live = ear.heard.map((frame) => decodeFrame(JSON.stringify(frame), began));
      const seen = { messageId: first.id - 1, at: began, since: 0 };
      expect(keysOf(await foundBy(client, seen))).toEqual(keysOf(live));
      // The edit of a message from before the gap has the key of the live one, too.
      const edits = (events: readonly Event[]) =>
        events.filter(({ type, data }) => type === "message_updated" && JSON.stringify(data).includes("question"));
      const late = await foundBy(client, { ...seen, messageId: last.id });
      expect(edits(late).map(({ key }) => key)).toEqual(edits(live).map(({ key }) => key));
      expect(edits(late)).toHaveLength(1);
    },
  );

  it("is told with the chat, its channel and its customer, as the socket tells it", async () => {
    const client = await registeredClient();
    const ear = await client.listen();
    const began = Date.now();
    client.sandbox.newCustomer({ name: "Ana", channel: "whatsapp" });
    const first = client.sandbox.customerSays("Hello", { customer: "Ana" });
    const frame = await ear.until(({ type }) => type === "message_new");
    const live = decodeFrame(JSON.stringify(frame), began);
    const found = await foundBy(client, { messageId: null, at: began, since: 0 });
    const again = found.find(({ key }) => key === live.key);
    expect(again).toMatchObject({ type: "message_new", chatId: first.chatId });
    const chatIn = (event: Event | undefined) => objectAt(event?.data.message, "chat") ?? {};
    for (const part of ["id", "channel", "customer"]) expect(chatIn(again)[part]).toEqual(chatIn(live)[part]);
    expect(again?.at).toBe(first.createdAt);
  });
});

const nothing: Found = {
  messages: [],
  updated: [],
  dialogs: new Map(),
  chats: new Map(),
  highest: 0,
  lost: { tooOld: 0, tooMany: 0, more: false, lists: [] },
};

const seen: Seen = { messageId: 100, at: NOON - 10 * MINUTE, since: 0 };
const gap = gapAfter(seen, NOON);

/** The keys of what is made of these rows. */
function made(found: Partial<Found>, heardFrom = Number.POSITIVE_INFINITY): readonly string[] {
  return eventsOf({ ...nothing, ...found }, { gap, botId: BOT_ID, now: NOON, heardFrom }).map(({ key }) => key);
}

const note = (id: number, at: number, action: string, over: JsonObject = {}) =>
  row(id, 7, at, { type: "system", scope: "private", action, from: null, dialog: { id: 70 }, ...over });

const seconds = (at: number) => Math.floor(at / 1_000);

describe("events made of rows", () => {
  const AT = NOON - 5 * MINUTE + 400;

  it.each([
    { action: "dialog_opened", over: {}, key: "dialog_opened:70" },
    { action: "dialog_closed", over: {}, key: `dialog_closed:70:${seconds(AT)}` },
    {
      action: "dialog_assign",
      over: { responsible: { type: "user", id: 12 } },
      key: `dialog_assign:70:user:12:${seconds(AT)}`,
    },
    {
      action: "dialog_assign",
      over: { responsible: { type: "bot", id: BOT_ID } },
      key: `dialog_assign:70:bot:${BOT_ID}:${seconds(AT)}`,
    },
  ])("of a note $action tell of the note and of $key", ({ action, over, key }) => {
    expect(made({ messages: [note(101, AT, action, over)] })).toEqual(["message_new:101", key]);
  });

  it.each([
    { what: "an unassignment", row: note(101, AT, "dialog_unassign") },
    { what: "a tag", row: note(101, AT, "dialog_tag_added") },
    { what: "an assignment to nobody", row: note(101, AT, "dialog_assign") },
    { what: "a note without a dialog", row: note(101, AT, "dialog_closed", { dialog: null }) },
    { what: "a customer's message", row: row(101, 7, AT) },
  ])("of $what tell of the message alone", ({ row: given }) => {
    expect(made({ messages: [given] })).toEqual(["message_new:101"]);
  });

  it("leave dialog events to the socket from its first message on: it tells them with its own stamps", () => {
    const messages = [note(101, AT, "dialog_closed"), note(105, AT, "dialog_opened", { dialog: { id: 71 } })];
    expect(made({ messages }, 105)).toEqual(["message_new:101", `dialog_closed:70:${seconds(AT)}`, "message_new:105"]);
  });

  it("make no dialog event of a note from before the gap, which may be known under another stamp", () => {
    expect(made({ messages: [note(99, AT, "dialog_closed")] })).toEqual(["message_new:99"]);
  });

  it("take the moment of an assignment from the list of dialogs, where the note is of the next second", () => {
    const assignedAt = AT - 500;
    const listed = {
      id: 70,
      chat_id: 7,
      created_at: iso(NOON - 60 * MINUTE),
      responsible: { type: "user", id: 12, assigned_at: iso(assignedAt) },
    };
    const messages = [note(101, AT, "dialog_assign", { responsible: { type: "user", id: 12 } })];
    expect(new Set(made({ messages, dialogs: new Map([[70, listed]]) }))).toEqual(
      new Set(["message_new:101", `dialog_assign:70:user:12:${seconds(assignedAt)}`]),
    );
  });

  it.each([
    { what: "opened in the gap", over: { created_at: iso(AT) }, keys: ["dialog_opened:70"] },
    {
      what: "opened, assigned and closed in the gap",
      over: {
        created_at: iso(AT),
        responsible: { type: "user", id: 12, assigned_at: iso(AT) },
        closed_at: iso(AT + 1_000),
      },
      keys: ["dialog_opened:70", `dialog_assign:70:user:12:${seconds(AT)}`, `dialog_closed:70:${seconds(AT + 1_000)}`],
    },
    { what: "only tagged in the gap", over: { tags: [{ name: "vip" }] }, keys: [] },
    {
      what: "assigned before the gap",
      over: { responsible: { type: "user", id: 12, assigned_at: iso(NOON - 20 * MINUTE) } },
      keys: [],
    },
  ])("of a listed dialog that was $what are $keys", ({ over, keys }) => {
    const listed: JsonObject = { id: 70, chat_id: 7, created_at: iso(NOON - 60 * MINUTE), closed_at: null, ...over };
    expect(made({ dialogs: new Map([[70, listed]]) })).toEqual(keys);
  });

  const own = { from: { type: "bot", id: BOT_ID } };
  const after = { updated_at: iso(AT) };
  it.each([
    { what: "an edit in the gap", row: row(90, 7, NOON - 60 * MINUTE, { ...after, is_edit: true }), count: 1 },
    {
      what: "an edit before the gap",
      row: row(90, 7, NOON - 60 * MINUTE, { updated_at: iso(NOON - 20 * MINUTE), is_edit: true }),
      count: 0,
    },
    {
      what: "a reply that failed",
      row: row(90, 7, NOON - 60 * MINUTE, { ...own, ...after, status: "failed" }),
      count: 1,
    },
    {
      what: "a reply that was read",
      row: row(90, 7, NOON - 60 * MINUTE, { ...own, ...after, status: "seen" }),
      count: 0,
    },
    {
      what: "another bot's message that failed",
      row: row(90, 7, NOON - 60 * MINUTE, { ...after, status: "failed", from: { type: "bot", id: 10 } }),
      count: 0,
    },
  ])("of an old message with $what are $count", ({ row: given, count }) => {
    expect(made({ updated: [given] })).toHaveLength(count);
  });

  it("of a reply that was sent and failed in the gap are its echo and its failure", () => {
    const events = made({ messages: [row(101, 7, AT, { ...own, ...after, status: "failed" })] });
    expect(events.map((key) => key.split(":").slice(0, 2).join(":"))).toEqual([
      "message_new:101",
      "message_updated:101",
    ]);
  });
});

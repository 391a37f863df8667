import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventKey, type Unkeyed } from "../../src/gateway/keys.ts";
import type { JsonObject } from "../../src/types/json.ts";

const event = (type: string, data: JsonObject, timestamp = 1782807310): Unkeyed => ({ type, data, timestamp });
const message = (part: JsonObject): JsonObject => ({
  message: { id: 990110, chat_id: 5301, status: "sent", content: "Hi", ...part },
});
const dialog = (part: JsonObject): JsonObject => ({
  dialog: { id: 7740, closed_at: null, responsible: null, ...part },
});
const anna = { id: 12, type: "user", assigned_at: "2026-06-30T08:15:10Z" };

describe("the dedupe key", () => {
  it.each([
    { what: "a new message", of: event("message_new", message({})), key: "message_new:990110" },
    {
      what: "a system message",
      of: event("message_new", message({ type: "system", action: "dialog_assign" })),
      key: "message_new:990110",
    },
    { what: "a deleted message", of: event("message_deleted", message({})), key: "message_deleted:990110:1782807310" },
    {
      what: "a restored message",
      of: event("message_restored", message({})),
      key: "message_restored:990110:1782807310",
    },
    { what: "an opened dialog", of: event("dialog_opened", dialog({})), key: "dialog_opened:7740" },
    {
      what: "a closed dialog",
      of: event("dialog_closed", dialog({ closed_at: "2026-06-30T08:15:10Z" })),
      key: "dialog_closed:7740:1782807310",
    },
    {
      what: "an assignment",
      of: event("dialog_assign", dialog({ responsible: anna })),
      key: "dialog_assign:7740:user:12:1782807310",
    },
    {
      what: "an assignment dated in the dialog",
      of: event("dialog_assign", dialog({ responsible: { id: 9, type: "bot" }, assigned_at: "2026-06-30T08:15:11Z" })),
      key: "dialog_assign:7740:bot:9:1782807311",
    },
    {
      what: "an assignment without a date",
      of: event("dialog_assign", dialog({ responsible: { id: 9, type: "bot" } })),
      key: "dialog_assign:7740:bot:9:1782807310",
    },
    {
      what: "an assignment to nobody, its timestamp in ms",
      of: event("dialog_assign", dialog({}), 1782807310500),
      key: "dialog_assign:7740:nobody:1782807310",
    },
  ])("of $what is $key", ({ of, key }) => {
    expect(eventKey(of)).toBe(key);
  });

  it.each([
    { what: "people", of: event("user_updated", { id: 12, name: "Anna" }), begins: "user_updated:12:1782807310:" },
    {
      what: "somebody joining",
      of: event("user_joined_chat", { chat: { id: 5301 }, user: { id: 12 } }),
      begins: "user_joined_chat:chat.5301,user.12:1782807310:",
    },
    {
      what: "deleted chats",
      of: event("chats_deleted", { chat_ids: [5290, 5291] }),
      begins: "chats_deleted:-:1782807310:",
    },
    { what: "an unknown type", of: event("story_new", { story: 1 }), begins: "story_new:-:1782807310:" },
    {
      what: "a message without id",
      of: event("message_new", { message: { content: "Hi" } }),
      begins: "message_new:-:1782807310:",
    },
    { what: "a dialog without data", of: event("dialog_closed", {}), begins: "dialog_closed:-:1782807310:" },
  ])("of $what begins with $begins and ends with a digest", ({ of, begins }) => {
    expect(eventKey(of).slice(0, begins.length)).toBe(begins);
    expect(eventKey(of).slice(begins.length)).toMatch(/^[\w-]{22}$/);
  });

  const updated = (part: JsonObject, timestamp?: number) =>
    eventKey(event("message_updated", message(part), timestamp));

  it.each([
    { change: "status", part: { status: "seen" } },
    { change: "content", part: { content: "Hello" } },
    { change: "being edited", part: { is_edit: true } },
    { change: "time of the edit", part: { edited_at: "2026-06-30T08:20:44Z" } },
    { change: "reactions", part: { reactions: [{ content: "👍", user_id: 8120 }] } },
  ])("of an updated message changes with its $change", ({ part }) => {
    expect(updated(part)).not.toBe(updated({}));
  });

  it("of an updated message is the same from a frame and from a list, whenever it comes", () => {
    const live = updated({ edited_at: "2026-06-30T08:20:44Z", reactions: null, is_edit: true }, 1);
    const listed = updated(
      { edited_at: "2026-06-30T10:20:44.518840+02:00", reactions: [], is_edit: true, from: {} },
      2,
    );
    expect(listed).toBe(live);
    expect(live).toMatch(/^message_updated:990110:[\w-]{22}$/);
  });

  it("tells two assignments of one second apart", () => {
    const ivan = { ...anna, id: 13 };
    const keys = [anna, ivan].map((responsible) => eventKey(event("dialog_assign", dialog({ responsible }))));
    expect(new Set(keys).size).toBe(2);
  });

  it("does not depend on the order of keys in the data", () => {
    const data = { chat: { id: 5301, name: "Marta", list: [{ a: 1, b: 2 }] }, extra: true };
    const turned = { extra: true, chat: { list: [{ b: 2, a: 1 }], name: "Marta", id: 5301 } };
    expect(eventKey(event("chat_updated", turned))).toBe(eventKey(event("chat_updated", data)));
  });

  it("shows no customer's words", () => {
    const secret = "my card number";
    const keys = [
      updated({ content: secret }),
      eventKey(event("chat_updated", { chat: { id: 1, name: secret } })),
      eventKey(event("message_new", message({ content: secret }))),
    ];
    expect(keys.join()).not.toContain("card");
  });

  it("is a text for any data", () => {
    fc.assert(
      fc.property(fc.string(), fc.dictionary(fc.string(), fc.jsonValue()), fc.double(), (type, data, timestamp) => {
        expect(typeof eventKey({ type, data: JSON.parse(JSON.stringify(data)), timestamp })).toBe("string");
      }),
    );
  });
});

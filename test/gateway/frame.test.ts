import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeFrame, FrameError } from "../../src/gateway/frame.ts";

const NOW = Date.parse("2026-06-30T09:00:00Z");
const frame = (part: object) =>
  JSON.stringify({ type: "message_new", meta: { timestamp: 1782807310 }, data: {}, ...part });

describe("decoding a frame", () => {
  it("gives type, key, moment, chat and the data untouched", () => {
    const data = { message: { id: 990110, chat_id: 5301, content: "Where is my order?", odd: null } };
    expect(decodeFrame(frame({ data, app_id: 1 }), NOW)).toEqual({
      key: "message_new:990110",
      type: "message_new",
      at: 1782807310000,
      chatId: 5301,
      data,
    });
  });

  it("takes a type that nobody knows", () => {
    const event = decodeFrame(frame({ type: "story_new", data: { chat: { id: 5 } } }), NOW);
    expect(event).toMatchObject({ type: "story_new", chatId: 5 });
  });

  it.each([
    { meta: { timestamp: 1782807310 }, at: 1782807310000 },
    { meta: { timestamp: 1782807310.25 }, at: 1782807310250 },
    { meta: { timestamp: 1782807310123 }, at: 1782807310123 },
    { meta: { timestamp: 100000000000 }, at: 100000000000000 },
    { meta: { timestamp: 100000000001 }, at: 100000000001 },
    { meta: { timestamp: 1782807310000000000 }, at: NOW },
    { meta: { timestamp: 0 }, at: NOW },
    { meta: { timestamp: -5 }, at: NOW },
    { meta: { timestamp: "1782807310" }, at: NOW },
    { meta: {}, at: NOW },
    { meta: null, at: NOW },
    { meta: undefined, at: NOW },
  ])("reads the moment of $meta as $at", ({ meta, at }) => {
    expect(decodeFrame(frame({ meta }), NOW).at).toBe(at);
  });

  it.each([
    { type: "message_new", data: { message: { id: 1, chat_id: 5, chat: { id: 6 } } }, chatId: 5 },
    { type: "message_deleted", data: { message: { id: 1, chat: { id: 6 } } }, chatId: 6 },
    { type: "chat_created", data: { chat: { id: 7 } }, chatId: 7 },
    { type: "user_joined_chat", data: { chat: { id: 8 }, user: { id: 12 } }, chatId: 8 },
    { type: "dialog_assign", data: { dialog: { id: 1, chat: null }, chat: { id: 9 } }, chatId: 9 },
    { type: "dialog_opened", data: { dialog: { id: 1, chat: { id: 10 } } }, chatId: 10 },
    { type: "dialog_closed", data: { dialog: { id: 1, chat_id: 11 } }, chatId: 11 },
    { type: "chats_deleted", data: { chat_ids: [1, 2], chat: { id: 3 } }, chatId: null },
    { type: "user_online_updated", data: { user: { id: 12 } }, chatId: null },
    { type: "user_updated", data: { id: 12 }, chatId: null },
    { type: "channel_updated", data: { channel: { id: 17 } }, chatId: null },
    { type: "message_new", data: { message: null, chat: { id: "5" } }, chatId: null },
    { type: "message_new", data: { message: { chat_id: 0 } }, chatId: null },
  ])("finds chat $chatId of $type in $data", ({ type, data, chatId }) => {
    expect(decodeFrame(frame({ type, data }), NOW).chatId).toBe(chatId);
  });

  it.each([
    { what: "no JSON", text: "hello Marta", code: "not_json", message: "Bad frame: not JSON" },
    { what: "nothing", text: "", code: "not_json", message: "Bad frame: not JSON" },
    { what: "null", text: "null", code: "not_an_object", message: "Bad frame: it is not an object" },
    { what: "a list", text: "[1]", code: "not_an_object", message: "Bad frame: it is not an object" },
    { what: "a text", text: '"Marta"', code: "not_an_object", message: "Bad frame: it is not an object" },
    { what: "no type", text: frame({ type: undefined }), code: "no_type", message: "Bad frame: it has no type" },
    { what: "an empty type", text: frame({ type: "" }), code: "no_type", message: "Bad frame: it has no type" },
    { what: "a number as type", text: frame({ type: 7 }), code: "no_type", message: "Bad frame: it has no type" },
    { what: "no data", text: frame({ data: undefined }), code: "no_data", message: "Bad frame: it has no data" },
    { what: "null data", text: frame({ data: null }), code: "no_data", message: "Bad frame: it has no data" },
    { what: "a list as data", text: frame({ data: [] }), code: "no_data", message: "Bad frame: it has no data" },
    {
      what: "an id above 2^53",
      text: '{"type":"message_new","data":{"message":{"id":9007199254740993}}}',
      code: "unsafe_integer",
      message: 'Bad frame: "id" holds a number above 2^53',
    },
    {
      what: "100,000 levels",
      text: `{"type":"x","data":{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}}`,
      code: "too_deep",
      message: "Bad frame: JSON is nested deeper than 200 levels",
    },
    { what: "bytes", text: new TextEncoder().encode(frame({})), code: "binary", message: "Bad frame: it is binary" },
  ])("refuses $what, without quoting it", ({ text, code, message }) => {
    expect(() => decodeFrame(text, NOW)).toThrow(FrameError);
    expect(() => decodeFrame(text, NOW)).toThrow(expect.objectContaining({ code, message }));
  });

  it("drops a poisoned key and keeps the event", () => {
    const event = decodeFrame('{"type":"message_new","data":{"__proto__":{"admin":true},"message":{"id":1}}}', NOW);
    expect(event.key).toBe("message_new:1");
    expect(Object.keys(event.data)).toEqual(["message"]);
    expect("admin" in event.data).toBe(false);
  });

  it("throws nothing but FrameError, whatever comes", () => {
    const odd = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({ type: fc.jsonValue(), meta: fc.jsonValue(), data: fc.jsonValue() })
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(odd, (text) => {
        try {
          expect(decodeFrame(text, NOW).at).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(FrameError);
        }
      }),
    );
  });
});

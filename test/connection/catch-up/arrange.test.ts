import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inTimeOrder } from "../../../src/connection/catch-up/arrange.ts";
import type { Event } from "../../../src/types/event.ts";
import type { JsonObject } from "../../../src/types/json.ts";

const NOON = Date.parse("2026-06-30T12:00:00Z");

/** A message written so many ms after noon. */
const message = (id: number, ms: number): Event => ({
  key: `m${id}`,
  type: "message_new",
  at: NOON + ms,
  chatId: 7,
  data: { message: { id, created_at: new Date(NOON + ms).toISOString() } },
});

const other = (key: string, ms: number, data: JsonObject = {}, type = "dialog_assign"): Event => ({
  key,
  type,
  at: NOON + ms,
  chatId: 7,
  data,
});

const keys = (events: readonly Event[]) => events.map(({ key }) => key).join(" ");

describe("events of a chat", () => {
  it.each([
    { what: "nothing", events: [], order: "" },
    {
      what: "messages by id, whatever came first",
      events: [message(3, 300), message(1, 100), message(2, 200)],
      order: "m1 m2 m3",
    },
    {
      what: "messages by id, whatever their clocks say",
      events: [message(2, 100), message(1, 200)],
      order: "m1 m2",
    },
    {
      what: "other events between messages by their moment",
      events: [other("a", 150), message(2, 200), message(1, 100)],
      order: "m1 a m2",
    },
    {
      what: "an event that is stamped with the second alone behind the messages of that second",
      events: [other("a", 0), message(1, 100), message(2, 900), message(3, 1_000)],
      order: "m1 m2 a m3",
    },
    {
      what: "the opening of a dialog before the message that began it, whatever its stamp",
      events: [message(1, 100), message(2, 200), other("o", 900, { dialog: { begin_message_id: 2 } }, "dialog_opened")],
      order: "m1 o m2",
    },
    {
      what: "the opening of a dialog by its moment where nobody says what began it",
      events: [message(1, 100), message(2, 3_000), other("o", 1_000, { dialog: {} }, "dialog_opened")],
      order: "m1 o m2",
    },
    {
      what: "what happened to a message behind it, even if it is stamped before",
      events: [other("u", 50, { message: { id: 2 } }, "message_updated"), message(1, 100), message(2, 2_000)],
      order: "m1 m2 u",
    },
    {
      what: "what happened to an old message by its moment",
      events: [other("u", 150, { message: { id: 1 } }, "message_updated"), message(2, 100), message(3, 200)],
      order: "m2 u m3",
    },
    {
      what: "what falls together as it came",
      events: [other("b", 500), other("a", 500), other("c", 400)],
      order: "c b a",
    },
    {
      what: "events without any message as they happened",
      events: [other("b", 2_000), other("a", 1_000)],
      order: "a b",
    },
  ])("are $what", ({ events, order }) => {
    expect(keys(inTimeOrder(events))).toBe(order);
  });

  it("are the same events in any case, with messages by id", () => {
    const event = fc.oneof(
      fc.tuple(fc.integer({ min: 1, max: 20 }), fc.nat(5_000)).map(([id, ms]) => message(id, ms)),
      fc.tuple(fc.integer({ min: 1, max: 20 }), fc.nat(5_000)).map(([n, ms]) => other(`o${n}`, ms)),
    );
    fc.assert(
      fc.property(fc.uniqueArray(event, { selector: ({ key }) => key, maxLength: 25 }), (events) => {
        const ordered = inTimeOrder(events);
        expect(ordered.map(({ key }) => key).toSorted()).toEqual(events.map(({ key }) => key).toSorted());
        const ids = ordered.filter(({ type }) => type === "message_new").map(({ key }) => Number(key.slice(1)));
        expect(ids).toEqual(ids.toSorted((left, right) => left - right));
      }),
    );
  });
});

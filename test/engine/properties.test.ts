import fc from "fast-check";
import { expect, it } from "vitest";
import { decide } from "../../src/engine/decide.ts";
import type { Event } from "../../src/types/event.ts";
import type { JsonObject } from "../../src/types/json.ts";
import { conversation, decideOn, NOON, rulebook, said, shortly, world } from "./world.ts";

const RULES = rulebook(
  `
- rule: Welcome
  when: {dialog: opened}
  once_per: dialog
  do: [{reply: "Hello {{ customer.first_name or 'there' }}", buttons: [Delivery, Other]}]
- rule: Words
  when: {message_has: [delivery, price*]}
  do: [{reply: Soon.}, {tag: asked}]
- rule: Pattern
  when: {message_matches: "order (?P<number>[0-9]{3,8})"}
  do: [{reply: "Order {{ match.number }}."}]
- rule: Parrot
  when: {message: any, from: anyone}
  again_after: 1h
  do: [{note: "{{ message.text }}"}]
- rule: Raw
  when: {event: message_deleted, from: anyone}
  do: [{note: Deleted.}]
`,
);

const TYPES = [
  "message_new",
  "message_updated",
  "message_deleted",
  "message_restored",
  "chat_created",
  "chats_deleted",
  "dialog_opened",
  "dialog_assign",
  "dialog_closed",
  "user_online_updated",
  "user_joined_chat",
  "user_left_chat",
  "user_updated",
  "customer_updated",
  "bot_updated",
  "channel_updated",
  "something_new",
];

const anyEvent = fc.record({
  type: fc.constantFrom(...TYPES),
  data: fc.jsonValue(),
  message: fc.jsonValue(),
  chatId: fc.option(fc.nat()),
});

const anySaid = fc.record({
  content: fc.string({ unit: "grapheme", maxLength: 60 }),
  from: fc.constantFrom("customer" as const, "manager" as const, "self" as const, "bot" as const),
  minutes: fc.nat(300),
});

it("never throws, whatever the gateway sends", () => {
  fc.assert(
    fc.property(anyEvent, ({ type, data, message, chatId }) => {
      const event: Event = {
        key: "k",
        type,
        at: NOON,
        chatId,
        data: { data, message, dialog: message, chat: data, user: data } as JsonObject,
      };
      decideOn(RULES, event);
      decideOn(RULES, event, { ...world({ dialog: null }), chat: null, customer: null });
    }),
    { numRuns: 300 },
  );
});

it("decides the same whenever the same is decided, and leaves its input as it was", () => {
  fc.assert(
    fc.property(fc.array(anySaid, { maxLength: 12 }), (talk) => {
      let state = world();
      for (const { content, from, minutes } of talk) {
        const event = said(content, { from, at: NOON + minutes * 60_000 });
        const kept = structuredClone(state);
        const plan = decide({ rulebook: RULES, state, event, now: event.at });
        expect(
          decide({ rulebook: structuredClone(RULES), state: structuredClone(state), event, now: event.at }),
        ).toEqual(plan);
        expect(state).toEqual(kept);
        state = plan.state;
      }
    }),
    { numRuns: 100 },
  );
});

it("never answers itself, never answers a manager in public, and says no more than the loop guard allows", () => {
  fc.assert(
    fc.property(fc.array(anySaid, { maxLength: 30 }), (talk) => {
      const sorted = talk.toSorted((a, b) => a.minutes - b.minutes);
      const events = sorted.map(({ content, from, minutes }) => said(content, { from, at: NOON + minutes * 60_000 }));
      const plans = conversation(RULES, events);
      let unanswered = 0;
      for (const [index, plan] of plans.entries()) {
        const from = sorted[index]?.from;
        const spoken = shortly(plan).filter((call) => call.startsWith("public")).length;
        if (from === "self") expect(plan.verdicts).toEqual([]);
        if (from !== "customer") expect(spoken).toBe(0);
        unanswered = from === "customer" ? spoken : unanswered + spoken;
        expect(unanswered).toBeLessThanOrEqual(10);
      }
    }),
    { numRuns: 100 },
  );
});

it("gives unique call keys, all of them derived from the event", () => {
  fc.assert(
    fc.property(anySaid, ({ content, from }) => {
      const event = said(content, { from });
      const keys = decideOn(RULES, event).calls.map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys.every((key) => key.startsWith(event.key))).toBe(true);
    }),
  );
});

import { describe, expect, it } from "vitest";
import { decide } from "../../src/engine/decide.ts";
import { deletedChats } from "../../src/engine/deleted-chats.ts";
import { observe } from "../../src/engine/observe.ts";
import type { Event } from "../../src/types/event.ts";
import type { JsonObject } from "../../src/types/json.ts";
import { NOON, rulebook, said, shortly, world } from "./world.ts";

const MINUTE = 60_000;

const rules = rulebook(
  `
- rule: Answer
  when: {message: any}
  do:
    - reply: Hello
    - tag: waiting
    - note: A customer waits
- rule: Ask
  when: {message_is: never}
  do:
    - ask: Which one?
    - note: asked
`,
  "bot: {answers_per_minute: 1}",
);

const at = (event: Event, now: number, state = world()) => decide({ rulebook: rules, state, event, now });

describe("an event that is too old to be answered (older than `bot.answer_within`)", () => {
  it.each([
    { age: 10 * MINUTE, does: ["public: Hello", "dialogAddTags", "private: A customer waits"] },
    { age: 10 * MINUTE + 1, does: ["dialogAddTags", "private: A customer waits"] },
  ])("fails without the age limit of answers: by $age ms does $does", ({ age, does }) => {
    expect(shortly(at(said("hi"), NOON + age))).toEqual(does);
  });

  it("says so beside the action", () => {
    const plan = at(said("hi"), NOON + 11 * MINUTE);
    expect(plan.verdicts[0]?.steps[0]).toMatchObject({ action: "reply", did: "nothing", reason: "late" });
  });

  it("counts as no answer: a newer one is answered, and nobody is told that the bot says too much", () => {
    const old = at(said("hi"), NOON + 11 * MINUTE);
    const older = decide({ rulebook: rules, state: old.state, event: said("ho"), now: NOON + 11 * MINUTE });
    const fresh = said("hello?", { at: NOON + 11 * MINUTE });
    const plan = decide({ rulebook: rules, state: older.state, event: fresh, now: NOON + 11 * MINUTE });
    expect(shortly(plan)).toContain("public: Hello");
  });

  it("asks nothing, and what follows the question is not done", () => {
    const never = rulebook("- rule: Ask\n  when: {message: any}\n  do:\n    - ask: Which one?\n    - note: asked\n");
    const plan = decide({ rulebook: never, state: world(), event: said("hi"), now: NOON + 11 * MINUTE });
    expect(shortly(plan)).toEqual([]);
    expect(plan.runs).toEqual([]);
  });
});

describe("messages found late", () => {
  const seen = { lastManagerAt: NOON, lastCustomerAt: NOON, lastToCustomerAt: NOON, lastOwnMessageId: 500 };
  it.each([
    { what: "a customer's", event: said("old", { at: NOON - MINUTE, id: 400 }) },
    { what: "a manager's", event: said("old", { at: NOON - MINUTE, id: 400, from: "manager" }) },
    { what: "our own", event: said("old", { at: NOON - MINUTE, id: 400, from: "self" }) },
  ] as const)("($what) turn no clock back", ({ event }) => {
    expect(observe(world({ dialog: seen }), event).dialog).toMatchObject(seen);
  });

  it.each([
    { from: "customer", field: "lastCustomerAt" },
    { from: "manager", field: "lastManagerAt" },
    { from: "manager", field: "lastToCustomerAt" },
    { from: "self", field: "lastToCustomerAt" },
  ] as const)("from $from, newer than all, move $field on", ({ from, field }) => {
    const event = said("new", { at: NOON + MINUTE, id: 600, from });
    expect(observe(world({ dialog: seen }), event).dialog).toMatchObject({ [field]: NOON + MINUTE });
  });
});

describe("the chats that were deleted", () => {
  const event = (type: string, data: JsonObject): Event => ({ key: "k", type, at: NOON, chatId: null, data });
  it.each([
    { of: event("chats_deleted", { chat_ids: [5, 6] }), ids: [5, 6] },
    { of: event("chats_deleted", { chat_ids: [5, "6", null, -1, 0.5] }), ids: [5] },
    { of: event("chats_deleted", { chat_ids: "5" }), ids: [] },
    { of: event("chats_deleted", {}), ids: [] },
    { of: event("chat_updated", { chat_ids: [5] }), ids: [] },
  ])("by $of are $ids", ({ of, ids }) => {
    expect(deletedChats(of)).toEqual(ids);
  });
});

import jsonLogic from "json-logic-js";
import { describe, expect, it } from "vitest";
import { ConditionError, checkLogic, evaluate, holds } from "../../src/language/logic/condition.ts";
import { OPERATORS } from "../../src/language/logic/operators.ts";
import { hostileTexts } from "./hostile.ts";

const view = {
  now: "2026-11-20T12:00:00Z",
  message: { text: "Where is my order 55?", items: [{ size: 3 }, { size: 5 }], time: "2026-11-20T11:48:00Z" },
  customer: { name: "Marta", email: null, nick: "" },
  dialog: { tags: ["vip"], none: [], count: 3, typed: "12", assigned: false },
};

describe("evaluate", () => {
  it.each([
    { logic: { var: "customer.name" }, holds: true },
    { logic: { var: "customer.email" }, holds: false },
    { logic: { "==": [{ var: ["customer.email", "none"] }, "none"] }, holds: true },
    { logic: { var: "constructor" }, holds: false },
    { logic: { var: "customer.__proto__.toString" }, holds: false },
    { logic: { var: "customer.name.constructor" }, holds: false },
    { logic: { "==": [{ var: "dialog.tags.length" }, 1] }, holds: true },
    { logic: { "==": [{ var: "dialog.tags.0" }, "vip"] }, holds: true },
    { logic: { var: "dialog.none" }, holds: false },
    { logic: { missing: ["customer.email"] }, holds: true },
    { logic: { missing: ["customer.nick"] }, holds: true },
    { logic: { missing: ["dialog.none"] }, holds: true },
    { logic: { missing: ["constructor"] }, holds: true },
    { logic: { missing: ["customer.name", "dialog.count"] }, holds: false },
    { logic: { missing: [["customer.name", "customer.email"]] }, holds: true },
    { logic: { missing_some: [1, ["customer.name", "customer.email"]] }, holds: false },
    { logic: { missing_some: [2, ["customer.name", "customer.email"]] }, holds: true },
    { logic: { in: ["vip", { var: "dialog.tags" }] }, holds: true },
    { logic: { in: ["order", { var: "message.text" }] }, holds: true },
    { logic: { in: ["a", { var: "customer" }] }, holds: false },
    { logic: { "==": [{ cat: ["a", { var: "dialog.count" }, null] }, "a3"] }, holds: true },
    { logic: { "==": [{ var: "dialog.count" }, { "+": [1, "2"] }] }, holds: true },
    { logic: { in: [2, { merge: [1, [2, 3]] }] }, holds: true },
    { logic: { some: [{ var: "message.items" }, { ">": [{ var: "size" }, 4] }] }, holds: true },
    { logic: { all: [{ var: "message.items" }, { ">": [{ var: "size" }, 4] }] }, holds: false },
    { logic: { none: [{ var: "message.items" }, { ">": [{ var: "size" }, 9] }] }, holds: true },
    { logic: { filter: [{ var: "message.items" }, { ">": [{ var: "size" }, 9] }] }, holds: false },
    { logic: { if: [{ var: "customer.email" }, true, { var: "dialog.count" }, true, false] }, holds: true },
    { logic: { has_words: [{ var: "message.text" }, ["my order"]] }, holds: true },
    { logic: { has_words: [{ var: "customer.email" }, ["my order"]] }, holds: false },
    { logic: { is_words: [{ var: "customer.name" }, "MARTA!"] }, holds: true },
    { logic: { matches: [{ var: "message.text" }, "ORDER \\d+"] }, holds: true },
    { logic: { matches: [{ var: "dialog.count" }, "3"] }, holds: false },
    { logic: { same: [{ var: "dialog.tags" }, "VIP"] }, holds: true },
    { logic: { contains: [{ var: "message.text" }, "ORDER"] }, holds: true },
    { logic: { more_than: [{ var: "dialog.typed" }, 11] }, holds: true },
    { logic: { more_than: [{ var: "customer.email" }, -1] }, holds: false },
    { logic: { less_than: [{ var: "customer.email" }, 1] }, holds: false },
    { logic: { less_than: [{ var: "dialog.count" }, "4"] }, holds: true },
    { logic: { one_of_names: [{ var: "dialog.tags" }, ["Vip"]] }, holds: true },
    {
      logic: {
        one_of_names: [
          [{ var: "customer.name" }, { var: "customer.email" }],
          ["anna", "marta"],
        ],
      },
      holds: true,
    },
    { logic: { "==": [{ minutes_since: { var: "message.time" } }, 12] }, holds: true },
    { logic: { "==": [{ minutes_since: ["2026-11-20T10:00:00Z", "2026-11-20T10:30:00Z"] }, 30] }, holds: true },
    { logic: { more_than: [{ minutes_since: { var: "customer.name" } }, -1] }, holds: false },
    { logic: true, holds: true },
    { logic: [], holds: false },
  ])("$logic holds: $holds", ({ logic, holds }) => {
    expect(checkLogic(logic)).toEqual([]);
    expect(evaluate(logic, view)).toBe(holds);
  });

  it.each(hostileTexts)("never runs $what", ({ text }) => {
    const said = { ...view, message: { text } };
    expect(evaluate({ has_words: [{ var: "message.text" }, ["never said"]] }, said)).toBe(false);
    expect(evaluate({ same: [{ var: "message.text" }, "never said"] }, said)).toBe(false);
    expect(evaluate({ matches: [{ var: "message.text" }, "^never said$"] }, said)).toBe(false);
  });

  it("does not take data for logic", () => {
    const data = { event: { path: { var: "secret" }, list: [{ var: "secret" }] }, secret: "found" };
    expect(evaluate({ "==": [{ var: "event.path" }, "found"] }, data)).toBe(false);
    expect(evaluate({ in: ["found", { var: "event.list" }] }, data)).toBe(false);
  });

  it("keeps texts and lists that grow within bounds", () => {
    const long = "x".repeat(60_000);
    const wide = Array.from({ length: 9000 }, () => 1);
    const data = { long, wide };
    const text = { cat: Array.from({ length: 50 }, () => ({ var: "long" })) };
    const list = { merge: Array.from({ length: 50 }, () => ({ var: "wide" })) };
    expect(evaluate({ "==": [{ cat: ["x", text] }, "x".repeat(65_536)] }, data)).toBe(true);
    expect(jsonLogic.apply(list as Parameters<typeof jsonLogic.apply>[0], data)).toHaveLength(10_000);
  });

  it("throws a ConditionError that names the cause when an operator fails", () => {
    const data = { odd: { valueOf: 1, toString: 1 } };
    expect(() => evaluate({ "==": [{ var: "odd" }, "x"] }, data)).toThrow(
      new ConditionError("the condition could not be evaluated: Cannot convert object to primitive value"),
    );
  });

  it("does not hold, for whoever only wants to know, when nobody can evaluate it", () => {
    const data = { odd: { valueOf: 1, toString: 1 } };
    expect(holds({ "==": [{ var: "odd" }, "x"] }, data)).toBe(false);
    expect(holds({ "==": [{ var: "a" }, 1] }, { a: 1 })).toBe(true);
  });
});

it("lists every operator that json-logic-js runs for us, with a description", () => {
  for (const [name, { description, min, max }] of Object.entries(OPERATORS)) {
    expect(`${name}: ${description}`).toMatch(/^\S+: \S/u);
    expect(max).toBeGreaterThanOrEqual(min);
    const operands = Array.from({ length: min }, () => 1) as unknown;
    expect(() => jsonLogic.apply({ [name]: operands } as Parameters<typeof jsonLogic.apply>[0], {})).not.toThrow();
  }
});

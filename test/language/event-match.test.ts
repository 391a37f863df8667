import { describe, expect, it } from "vitest";
import { compileMatch, evaluate } from "../../src/language/logic/condition.ts";
import type { Occasion } from "../../src/types/event.ts";
import type { JsonObject } from "../../src/types/json.ts";

const message = { text: "Hello, my order?", type: "text", scope: "public", from: "customer" };
const seen: JsonObject = {
  message,
  dialog: { first: true },
  channel: { id: 7, name: "Main shop", type: "telegram" },
  command: { name: "delivery", args: "express" },
};

function holds(when: JsonObject, view: JsonObject = seen, on: Occasion = "message"): boolean {
  return compileMatch(when, { on }).parts.every(({ logic }) => evaluate(logic, view));
}

describe("compileMatch", () => {
  it.each([
    { when: { message: "any" }, label: null, matches: true },
    { when: { message: "text" }, label: "message: text", matches: true },
    { when: { message: "image" }, label: "message: image", matches: false },
    { when: { message_has: ["my order", "status"] }, label: 'message has "my order" or "status"', matches: true },
    { when: { message_has: "delivery" }, label: 'message has "delivery"', matches: false },
    { when: { message_is: ["hello my order"] }, label: 'message is "hello my order"', matches: true },
    { when: { message_is: "hello" }, label: 'message is "hello"', matches: false },
    { when: { message_matches: "my (?<what>\\w+)" }, label: 'message matches "my (?<what>\\w+)"', matches: true },
  ])("$when matches: $matches", ({ when, label, matches }) => {
    const labels = compileMatch(when, { on: "message" }).parts.map((part) => part.label);
    expect(labels).toEqual(["from: customer", ...(label === null ? [] : [label])]);
    expect(holds(when)).toBe(matches);
  });

  it.each([
    { narrowing: { from: "customer" }, label: "from: customer", matches: true },
    { narrowing: { from: "manager" }, label: "from: manager", matches: false },
    { narrowing: { from: "customer", scope: "private" }, label: "scope: private", matches: false },
    { narrowing: { from: "customer", channel: ["main shop"] }, label: "channel: main shop", matches: true },
    { narrowing: { from: "customer", channel_type: "whatsapp" }, label: "channel_type: whatsapp", matches: false },
    { narrowing: { from: "customer", first: true }, label: "first: yes", matches: true },
    { narrowing: { from: "customer", first: false }, label: "first: no", matches: false },
  ])("narrows by $narrowing: $matches", ({ narrowing, label, matches }) => {
    const when = { message: "any", ...narrowing };
    expect(compileMatch(when, { on: "message" }).parts.at(-1)).toMatchObject({ label, from: "when" });
    expect(holds(when)).toBe(matches);
  });

  it.each([
    { from: "customer", writer: "manager", matches: false },
    { from: undefined, writer: "manager", matches: false },
    { from: undefined, writer: "bot", matches: false },
    { from: "manager", writer: "manager", matches: true },
    { from: "bot", writer: "bot", matches: true },
    { from: "anyone", writer: "channel", matches: true },
    { from: "anyone", writer: "manager", matches: true },
  ])("from $from takes a message of a $writer: $matches", ({ from, writer, matches }) => {
    const when = from === undefined ? { message: "any" } : { message: "any", from };
    expect(holds(when, { ...seen, message: { ...message, from: writer } })).toBe(matches);
  });

  it.each([
    { on: "event:message_new", parts: ["from: customer"] },
    { on: "event:dialog_opened", parts: [] },
    { on: "dialog:opened", parts: [] },
    { on: "command", parts: [] },
  ] as const)("on $on asks by default for $parts", ({ on, parts }) => {
    expect(compileMatch({ event: "x" }, { on }).parts.map(({ label }) => label)).toEqual(parts);
  });

  it("knows a command by its name, in any case", () => {
    expect(holds({ command: "Delivery" }, seen, "command")).toBe(true);
    expect(holds({ command: "pickup" }, seen, "command")).toBe(false);
  });

  it("has no words in a message without text", () => {
    const image = { ...seen, message: { ...message, text: null } };
    expect(holds({ message_has: ["null"] }, image)).toBe(false);
    expect(holds({ message_matches: ".*" }, image)).toBe(false);
  });

  it.each([
    {
      when: { message_has: ["ok", "?!"] },
      path: ["message_has", 1],
      cause: '"?!" has no words in it, so no message can have it.',
    },
    { when: { message_is: "*" }, path: ["message_is"], cause: '"*" has no words in it, so no message can have it.' },
    {
      when: { message_matches: "(a" },
      path: ["message_matches"],
      cause: "A bracket ( is never closed in this pattern.",
    },
  ])("refuses $when: $cause", ({ when, path, cause }) => {
    const { faults } = compileMatch(when, { on: "message" });
    expect(faults.map((fault) => ({ path: fault.path, cause: fault.cause.en }))).toEqual([{ path, cause }]);
  });
});

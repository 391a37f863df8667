import { describe, expect, it } from "vitest";
import type { PathInside } from "../../src/language/fault.ts";
import { compileConditions, evaluate, varPaths } from "../../src/language/logic/condition.ts";
import type { JsonObject } from "../../src/types/json.ts";

const view: JsonObject = {
  message: { text: "I want a refund", type: "text" },
  customer: { first_name: "Marta", phone: null },
  dialog: { tags: ["VIP"], assigned: true, team: "sales", topic: "delivery", count: 3 },
  channel: { id: 7, name: "Main shop", type: "telegram" },
  manager: { name: "Anna Petrova" },
  hours: { office: { open: true }, night: { open: false }, account: { open: null } },
};
const unassigned = { ...view, dialog: { tags: [], assigned: false, team: "sales" }, manager: null };

function holds(raw: unknown, seen: JsonObject = view): boolean {
  const { parts, faults } = compileConditions(raw, "if");
  expect(faults).toEqual([]);
  return parts.every(({ logic }) => evaluate(logic, seen));
}

const refused: readonly { readonly raw: unknown; readonly path: PathInside; readonly code: string }[] = [
  { raw: { logic: { nope: 1 } }, path: ["logic", "nope"], code: "logic-operator" },
  { raw: { any: [{ tag: "a" }, { logic: { "==": [1] } }] }, path: ["any", 1, "logic", "=="], code: "logic-operands" },
  { raw: { all: [{ not: { tagg: "a" } }] }, path: ["all", 0, "not", "tagg"], code: "unknown-condition" },
  { raw: { constructor: 1 }, path: ["constructor"], code: "unknown-condition" },
];

describe("compileConditions", () => {
  it.each([
    { raw: { open: "office" }, label: "open: office", now: true, free: true },
    { raw: { open: "night" }, label: "open: night", now: false, free: false },
    { raw: { open: "account" }, label: "open: account", now: false, free: false },
    { raw: { closed: "office" }, label: "closed: office", now: false, free: false },
    { raw: { closed: "night" }, label: "closed: night", now: true, free: true },
    { raw: { closed: "account" }, label: "closed: account", now: false, free: false },
    { raw: { assigned: true }, label: "assigned: yes", now: true, free: false },
    { raw: { assigned: false }, label: "assigned: no", now: false, free: true },
    { raw: { assigned: "anna petrova" }, label: "assigned: anna petrova", now: true, free: false },
    { raw: { assigned: ["Olga", "Sales"] }, label: "assigned: Olga or Sales", now: true, free: false },
    { raw: { assigned: ["Olga", "Ivan", "leads"] }, label: "assigned: Olga, Ivan or leads", now: false, free: false },
    { raw: { channel: "main shop" }, label: "channel: main shop", now: true, free: true },
    { raw: { channel: ["7"] }, label: "channel: 7", now: true, free: true },
    { raw: { channel: "telegram" }, label: "channel: telegram", now: false, free: false },
    {
      raw: { channel_type: ["whatsapp", "telegram"] },
      label: "channel_type: whatsapp or telegram",
      now: true,
      free: true,
    },
    { raw: { tag: ["vip", "new"] }, label: "tag: vip or new", now: true, free: false },
    { raw: { missing: "customer.phone" }, label: "missing: customer.phone", now: true, free: true },
    {
      raw: { missing: ["customer.phone", "customer.first_name"] },
      label: "missing: customer.phone and customer.first_name",
      now: false,
      free: false,
    },
    {
      raw: { missing: ["customer.phone", "dialog.topic"] },
      label: "missing: customer.phone and dialog.topic",
      now: false,
      free: true,
    },
    {
      raw: { known: ["customer.first_name", "dialog.topic"] },
      label: "known: customer.first_name and dialog.topic",
      now: true,
      free: false,
    },
    { raw: { known: "dialog.tags" }, label: "known: dialog.tags", now: true, free: false },
    { raw: { is: { "dialog.topic": "Delivery" } }, label: 'dialog.topic is "Delivery"', now: true, free: false },
    {
      raw: { is: { "dialog.topic": "delivery", "dialog.count": 4 } },
      label: 'dialog.topic is "delivery" and dialog.count is 4',
      now: false,
      free: false,
    },
    { raw: { is: { "dialog.assigned": true } }, label: "dialog.assigned is yes", now: true, free: false },
    {
      raw: { is_not: { "dialog.topic": "delivery" } },
      label: 'dialog.topic is not "delivery"',
      now: false,
      free: true,
    },
    {
      raw: { is_not: { "dialog.topic": "x", "dialog.count": 3 } },
      label: 'dialog.topic is not "x" and dialog.count is not 3',
      now: false,
      free: true,
    },
    { raw: { more_than: { "dialog.count": 2 } }, label: "dialog.count is more than 2", now: true, free: false },
    { raw: { less_than: { "dialog.count": 4 } }, label: "dialog.count is less than 4", now: true, free: false },
    { raw: { contains: { "message.text": "REFUND" } }, label: 'message.text contains "REFUND"', now: true, free: true },
    { raw: { contains: { "dialog.tags": "vip" } }, label: 'dialog.tags contains "vip"', now: true, free: false },
    {
      raw: { any: [{ tag: "gold" }, { assigned: false }] },
      label: "any of: (tag: gold) or (assigned: no)",
      now: false,
      free: true,
    },
    {
      raw: { all: [{ tag: "vip" }, { assigned: true }] },
      label: "all of: (tag: vip) and (assigned: yes)",
      now: true,
      free: false,
    },
    {
      raw: { any: [{ tag: "vip", assigned: false }] },
      label: "any of: (tag: vip, assigned: no)",
      now: false,
      free: false,
    },
    { raw: { not: { tag: "vip" } }, label: "not (tag: vip)", now: false, free: true },
    {
      raw: { logic: { "!=": [{ var: "dialog.team" }, "leads"] } },
      label: 'logic: {"!=":[{"var":"dialog.team"},"leads"]}',
      now: true,
      free: true,
    },
  ])("$label", ({ raw, label, now, free }) => {
    expect(compileConditions(raw, "if").parts.map((part) => part.label)).toEqual([label]);
    expect(holds(raw)).toBe(now);
    expect(holds(raw, unassigned)).toBe(free);
  });

  it("makes one part for each key, in the order of the file", () => {
    const { parts } = compileConditions({ tag: "vip", assigned: true, channel: "Main shop" }, "when");
    expect(parts.map(({ key, from }) => ({ key, from }))).toEqual([
      { key: "tag", from: "when" },
      { key: "assigned", from: "when" },
      { key: "channel", from: "when" },
    ]);
  });

  it("shortens the label of long raw logic", () => {
    const { parts } = compileConditions({ logic: { in: [1, Array.from({ length: 100 }, () => 1)] } }, "if");
    expect(parts[0]?.label).toHaveLength("logic: ".length + 80);
  });

  it("tells which paths are read, through every short key", () => {
    const raw = { known: "a.b", is: { "c.d": 1 }, any: [{ not: { missing: ["e", "f"] } }], logic: { var: "g" } };
    const { parts } = compileConditions(raw, "if");
    expect(parts.flatMap(({ logic }) => varPaths(logic).map(({ name }) => name))).toEqual([
      "a.b",
      "c.d",
      "e",
      "f",
      "g",
    ]);
  });

  it.each(refused)("reports $code at $path", ({ raw, path, code }) => {
    expect(compileConditions(raw, "if").faults.map((fault) => ({ path: fault.path, code: fault.code }))).toEqual([
      { path, code },
    ]);
  });

  it("suggests the key that was meant", () => {
    const [fault] = compileConditions({ asigned: false }, "if").faults;
    expect(fault?.cause.en).toBe('I do not know the condition "asigned".');
    expect(fault?.fix?.en).toBe("did you mean assigned?");
  });

  it("never holds where its logic was refused", () => {
    const { parts } = compileConditions({ logic: { nope: 1 } }, "if");
    expect(parts.map(({ logic }) => logic)).toEqual([false]);
  });

  it("stands conditions nested without end", () => {
    let raw: JsonObject = { tag: "vip" };
    for (let level = 0; level < 10_000; level += 1) raw = { not: raw };
    expect(compileConditions(raw, "if").faults.map(({ code }) => code)).toEqual(["logic-depth"]);
  });
});

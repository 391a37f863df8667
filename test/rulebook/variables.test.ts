import { describe, expect, it } from "vitest";
import { compile, ruleWith } from "./source.ts";

const VARIABLES = `
variables:
  customer.city: text
  chat.visits: {type: number, keep: 90d}
  customer.newsletter: flag
  dialog.day: date
  dialog.sizes: list
`;
/** Stores and reads all of them. */
const USED = `
rules:
  - rule: All
    when: {message: any}
    do:
      - set: {customer.city: A, chat.visits: 1, customer.newsletter: yes, dialog.day: "2026-11-20", dialog.sizes: S}
      - note: "{{ customer.city }}{{ chat.visits }}{{ customer.newsletter }}{{ dialog.day }}{{ dialog.sizes }}"
`;

const rule = (actions: string, more = "") =>
  `  - rule: More\n    when: {message_is: more}\n${more}    do:\n${actions.replace(/^/gm, "      ")}\n`;

/** What is said about further rules beside declared variables that are all used. */
const saidOf = (actions: string, more = "") => compile(`${VARIABLES}${USED}${rule(actions, more)}`).said;

it("has the variables of all files in the rulebook, by full name", () => {
  const { rulebook, said } = compile(`${VARIABLES}${USED}`, "variables: {chat.other: text}\n");
  expect(rulebook?.variables).toEqual({
    "customer.city": { type: "text", keepMs: null },
    "chat.visits": { type: "number", keepMs: 90 * 86_400_000 },
    "customer.newsletter": { type: "flag", keepMs: null },
    "dialog.day": { type: "date", keepMs: null },
    "dialog.sizes": { type: "list", keepMs: null },
    "chat.other": { type: "text", keepMs: null },
  });
  expect(said).toEqual(['warning rules/1.yaml:1:13 No rule uses the variable "chat.other".']);
});

it("changes its version with them, but not that of its rules: a waiting run sees the present ones", () => {
  const one = compile(`${VARIABLES}${USED}`).rulebook;
  const other = compile(`${VARIABLES.replace("90d", "80d")}${USED}`).rulebook;
  expect(other?.version).not.toBe(one?.version);
  expect(other?.rules[0]?.version).toBe(one?.rules[0]?.version);
});

describe("what is stored", () => {
  it.each([
    '- set: {chat.visits: "{{ message.text }}"}',
    '- set: {chat.visits: "1 000,50", customer.newsletter: "sí", dialog.day: завтра, dialog.sizes: [S, M]}',
    "- set: {chat.visits: null, customer.newsletter: 0, dialog.day: null, customer.city: 28001}",
    '- set: {dialog.sizes: ["{{ message.text }}", 40]}',
    "- set: {dialog.undeclared: 3}",
    "- ask: How many?\n  expect: number\n  save: chat.visits",
    "- ask: When?\n  expect: date\n  save: dialog.day",
    "- ask: News?\n  choices: [Да, Нет, Yes]\n  save: customer.newsletter",
    '- ask: News?\n  choices: ["{{ bot.name }}", Yes]\n  save: customer.newsletter',
    "- ask: Sizes?\n  save: dialog.sizes",
    "- ask: Which order?\n  expect: order_number\n  save: chat.visits",
    "- ask: Phone?\n  expect: phone\n  save: customer.city",
    "- ask: When?\n  expect: date\n  save: dialog.undeclared",
  ])("may be of the type: %s", (actions) => {
    expect(saidOf(actions)).toEqual([]);
  });

  it.each([
    [
      "- set: {chat.visits: true}",
      'fault bot.config.yaml:18:28 "chat.visits" is declared as "number", and "true" is none. | write a number, such as 3 or 2.5',
    ],
    [
      "- set: {chat.visits: [1, 2]}",
      'fault bot.config.yaml:18:28 "chat.visits" is declared as "number", and "1, 2" is none. | write a number, such as 3 or 2.5',
    ],
    [
      "- set: {dialog.day: 7}",
      'fault bot.config.yaml:18:27 "dialog.day" is declared as "date", and "7" is none. | write a date, such as 2026-11-20',
    ],
    [
      "- choose:\n    - do:\n        - set: {customer.newsletter: 2}",
      'fault bot.config.yaml:20:44 "customer.newsletter" is declared as "flag", and "2" is none. | write yes or no',
    ],
  ])("is a fault where it never can: %s", (actions, line) => {
    expect(saidOf(actions)).toEqual([line]);
  });

  it.each([
    { save: "chat.visits", wrong: ["phone", "email", "date"] },
    { save: "customer.newsletter", wrong: ["phone", "email", "number", "date", "order_number"] },
    { save: "dialog.day", wrong: ["phone", "email", "number", "order_number"] },
    { save: "customer.city", wrong: [] },
    { save: "dialog.sizes", wrong: [] },
  ])("can be no answer to some questions, saved as $save: $wrong", ({ save, wrong }) => {
    const kinds = ["phone", "email", "number", "date", "order_number"];
    const faulty = kinds.filter((expect) =>
      saidOf(`- ask: Well?\n  expect: ${expect}\n  save: ${save}`).some((line) => line.startsWith("fault")),
    );
    expect(faulty).toEqual(wrong);
  });

  it("in a flow is told of once, however often the flow is run", () => {
    const flow = "flows:\n  - flow: Count\n    do:\n      - set: {chat.visits: lots}\n";
    const runs = rule("- run: Count\n- run: Count");
    expect(compile(`${VARIABLES}${USED}${runs}${flow}`).said).toEqual([
      'fault bot.config.yaml:23:28 "chat.visits" is declared as "number", and "lots" is none. | write a number, such as 3 or 2.5',
    ]);
  });
});

describe("what is read", () => {
  it.each([
    ["chat.visits", []],
    ["dialog.sizes.size", []],
    ["dialog.sizes.first", []],
    ["dialog.sizes[0]", []],
    ["customer.city.size", []],
    ["customer.city.name", ['"customer.city" is declared as "text" and has no further names in it.']],
    ["dialog.sizes.name", ['"dialog.sizes" is declared as "list" and has no further names in it.']],
    ["dialog.day.year", ['"dialog.day" is declared as "date" and has no further names in it.']],
    ["customer.newsletter.size", ['"customer.newsletter" is declared as "flag" and has no further names in it.']],
    ["chat.visit", ['No rule stores "chat.visit".']],
  ])("fits the type: %s", (path, causes) => {
    const said = saidOf(`- note: "{{ ${path} or 'nothing' }}"`);
    expect(said.map((line) => line.replace(/^.*?:\d+:\d+ | \| .*$/gu, ""))).toEqual(causes);
  });

  it("may be a variable that only another file declares, before any rule stores it", () => {
    const { said } = compile(
      ruleWith("{message: any}", '[{note: "{{ chat.visits or 0 }}"}]'),
      "variables: {chat.visits: number}\n",
    );
    expect(said).toEqual([
      'warning rules/1.yaml:1:13 The variable "chat.visits" is always empty: no rule stores it. | store it with set: or save: in some rule',
    ]);
  });
});

describe("a declared variable is read", () => {
  it.each([
    "{note: '{{ dialog.a | upcase }}'}",
    "{note: '{% if dialog.a == 1 %}x{% endif %}'}",
    "{note: '{{ dialog | json }}'}",
    "{tag: x, if: {known: dialog.a}}",
    "{tag: x, if: {known: [customer.phone, dialog.a]}}",
    "{tag: x, if: {not: {is: {dialog.a: y}}}}",
    '{tag: x, if: {logic: {"==": [{var: dialog.a}, y]}}}',
    "{set: {dialog.a: '{{ dialog.a }}!'}}",
    "{run: F, with: {x: '{{ dialog.a.size }}'}}",
  ])("by %s", (action) => {
    const flow = "flows:\n  - flow: F\n    do:\n      - note: \"{{ args.x or '' }}\"\n";
    const run = action.includes("run:") ? "" : ", {run: F, with: {x: 1}}";
    const file = ruleWith("{message: any}", `[{set: {dialog.a: x}}, ${action}${run}]`);
    const said = compile(`variables: {dialog.a: text}\n${file}${flow}`).said;
    expect(said.filter((line) => line.includes("dialog.a"))).toEqual([]);
  });

  it.each([
    "{set: {dialog.a: y}}",
    "{ask: Well?, save: dialog.a}",
    "{note: about dialog.a}",
    "{note: '{{ dialog.ab }}'}",
  ])("not by %s", (action) => {
    const file = ruleWith("{message: any}", `[{set: {dialog.a: x, dialog.ab: x}}, ${action}]`);
    expect(compile(`variables: {dialog.a: text}\n${file}`).said).toEqual([
      'warning bot.config.yaml:1:13 The variable "dialog.a" is stored, but nothing reads it.',
    ]);
  });
});

describe("a comparison of numbers", () => {
  it.each([
    ["chat.visits", null],
    ["dialog.undeclared", null],
    ["customer.city", "text"],
    ["dialog.day", "date"],
    ["customer.newsletter", "flag"],
    ["dialog.sizes", "list"],
  ])("of %s, declared as %s", (path, type) => {
    const store = "- set: {dialog.undeclared: 3}\n";
    const warned = (key: string, at: string) =>
      `warning bot.config.yaml:${at} "${key}" compares numbers, and "${path}" is declared as "${type}". | declare it as number, or ask in another way, such as is:`;
    const said = saidOf(
      `${store}- tag: x\n  if: {less_than: {${path}: 3}}`,
      `    if: {not: {more_than: {${path}: 3}}}\n`,
    );
    expect(said).toEqual(type === null ? [] : [warned("more_than", "17:28"), warned("less_than", "21:26")]);
  });
});

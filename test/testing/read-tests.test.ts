import { describe, expect, it } from "vitest";
import { faultsIn, read, SHOP, testOf } from "./rehearsal.ts";

describe("a file of tests", () => {
  it("gives its tests in order, each with what stands beside it or for all", () => {
    const text = `at: 2026-11-20 09:00
customer: Marta Lind
tests:
  - test: First
    steps: [{customer: Hi}]
  - test: Second
    at: 2026-11-21 10:00
    customer: {name: Olga, language: ru}
    steps: [{wait: 1h}]
`;
    const { tests, issues } = read(text);
    expect(issues).toEqual([]);
    expect(tests.map(({ name, scene }) => [name, scene.at, scene.customer])).toEqual([
      ["First", Date.parse("2026-11-20T09:00:00Z"), { name: "Marta Lind" }],
      ["Second", Date.parse("2026-11-21T10:00:00Z"), { name: "Olga", language: "ru" }],
    ]);
  });

  it("has everyone whom the rules name online, unless it says who works there", () => {
    const managers = (beside: readonly string[]) => read(testOf(["customer: Hi"], beside)).tests[0]?.scene.managers;
    expect(managers([])).toEqual({ "Anna Petrova": "online", "Ivan Sidorov": "online" });
    expect(managers(["managers: {Olga: offline}"])).toEqual({ Olga: "offline" });
  });

  it.each([
    { what: "no tests", text: "customer: Marta\n", said: ['1:1 "tests:" is missing here. | add a line tests:'] },
    {
      what: "a list on top",
      text: "- test: A\n",
      said: ["1:3 This file does not consist of keys with values. | begin with a line tests:"],
    },
    {
      what: "a misspelt step",
      text: testOf(["custmer: Hi"]),
      said: ['4:9 I do not know "custmer". | did you mean customer?'],
    },
    {
      what: "two steps in one",
      text: testOf(["{customer: Hi, wait: 1h}"]),
      said: ['4:24 "customer" and "wait" are two steps. | each step starts with its own dash'],
    },
    {
      what: "an option without its step",
      text: testOf(["by: Anna"]),
      said: ['4:9 "by" stands here without "manager". | indent it like "manager", without a dash of its own'],
    },
    {
      what: "an unknown expectation",
      text: testOf(["expect: {replys: Hi}"]),
      said: ['4:18 I do not know "replys". | did you mean reply?'],
    },
    {
      what: "a rule that is not there",
      text: testOf(["expect: {fired: Delivry}"]),
      said: ['4:25 There is no rule "Delivry". | did you mean Delivery?'],
    },
    {
      what: "one of several rules that is not there",
      text: testOf(["expect: {not_fired: [Delivery, Welcome]}"]),
      said: ['4:40 There is no rule "Welcome".'],
    },
    {
      what: "a reason that the rule does not know",
      text: testOf(["expect: {not_fired: {Delivery: assigned}}"]),
      said: [
        '4:40 "assigned" is no reason for which a rule does not act. | use one of: when, once, slot, capped, shadow',
      ],
    },
    {
      what: "a team that is not there",
      text: testOf(["expect: {assigned_team: saless}"]),
      said: ['4:33 There is no team "saless". | did you mean sales?'],
    },
    {
      what: "a moment that is none",
      text: testOf(["customer: Hi"], ["at: noon"]),
      said: ['3:9 "noon" is not a moment. | write it like "2026-11-20 12:55"'],
    },
    {
      what: "a wait of years",
      text: testOf(["wait: 900d"]),
      said: ['4:15 "900d" is not a span of time that can be waited for. | write it like 1h30m, at most 365d'],
    },
    {
      what: "two tests of one name",
      text: "tests:\n  - test: A\n    steps: [{wait: 1h}]\n  - test: a\n    steps: [{wait: 1h}]\n",
      said: ['4:11 Another test in this file is already called "a". | give this one another name'],
    },
  ])("is told of $what", ({ text, said }) => {
    expect(faultsIn(text)).toEqual(said);
    expect(read(text).tests).toEqual([]);
  });

  it("is told of a step without anything in it", () => {
    const [said = ""] = faultsIn(testOf(["{}"]));
    expect(said).toMatch(/^4:9 This does not say what happens\. \| use one of: customer, edits, /u);
  });

  it("speaks of its own faults in three languages", () => {
    const text = testOf(
      ["expect: {fired: Nothing, assigned_team: x, not_fired: {Once: y}}", "wait: 900d", "{}"],
      ["at: x"],
    );
    for (const { issues } of [read(text), read(testOf(["{customer: a, wait: 1m}", "wait: 900d"]))]) {
      for (const { cause } of issues) expect(new Set(Object.values(cause)).size).toBe(3);
    }
  });

  it("knows the rules by their names as they are spelt", () => {
    expect(SHOP.rules.map(({ name }) => name)).toContain("Would be");
    expect(faultsIn(testOf(["expect: {fired: would be}"]))).toHaveLength(1);
  });
});

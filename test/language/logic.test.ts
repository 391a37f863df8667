import { describe, expect, it } from "vitest";
import { checkLogic, varPaths } from "../../src/language/logic/condition.ts";
import { OPERATORS } from "../../src/language/logic/operators.ts";

function nested(depth: number): unknown {
  let logic: unknown = true;
  for (let level = 1; level < depth; level += 1) logic = { "!": logic };
  return logic;
}

const thousand = Array.from({ length: 1000 }, () => 1);

describe("checkLogic", () => {
  it.each([
    { logic: { "!=": [{ var: "dialog.team" }, "leads"] } },
    { logic: { and: [true, { "!": { var: "a" } }] } },
    { logic: { var: ["customer.age", 18] } },
    { logic: { "<": [1, { var: "x" }, 9] } },
    { logic: { some: [{ var: "message.items" }, { "==": [{ var: "" }, 1] }] } },
    { logic: { missing: ["a", "b"] } },
    { logic: { missing: [["a", "b"]] } },
    { logic: { missing_some: [1, ["a", "b"]] } },
    { logic: { has_words: [{ var: "message.text" }, ["delivery", "envío*"]] } },
    { logic: { matches: [{ var: "message.text" }, "order \\d+"] } },
    { logic: { minutes_since: { var: "message.time" } } },
    { logic: true },
    { logic: nested(32) },
    { logic: { in: [1, thousand.slice(0, 997)] } },
  ])("lets $logic pass", ({ logic }) => {
    expect(checkLogic(logic)).toEqual([]);
  });

  it.each([
    { logic: {}, path: [], code: "logic-shape", cause: "An expression has exactly one operator; here I see: {}." },
    {
      logic: { and: [{ "==": [1, 1], "!=": [1, 2] }] },
      path: ["and", 0],
      code: "logic-shape",
      cause: "An expression has exactly one operator; here I see: ==, !=.",
    },
    {
      logic: { reduce: [[], 1, 0] },
      path: ["reduce"],
      code: "logic-operator",
      cause: 'I do not know the operator "reduce".',
    },
    { logic: { map: [[], 1] }, path: ["map"], code: "logic-operator", cause: 'I do not know the operator "map".' },
    { logic: { log: 1 }, path: ["log"], code: "logic-operator", cause: 'I do not know the operator "log".' },
    {
      logic: { method: [1, "x"] },
      path: ["method"],
      code: "logic-operator",
      cause: 'I do not know the operator "method".',
    },
    {
      logic: { constructor: [1] },
      path: ["constructor"],
      code: "logic-operator",
      cause: 'I do not know the operator "constructor".',
    },
    {
      logic: { toString: [1] },
      path: ["toString"],
      code: "logic-operator",
      cause: 'I do not know the operator "toString".',
    },
    {
      logic: { "cat.call": [1] },
      path: ["cat.call"],
      code: "logic-operator",
      cause: 'I do not know the operator "cat.call".',
    },
    {
      logic: { or: [{ "!": { nope: 1 } }] },
      path: ["or", 0, "!", "nope"],
      code: "logic-operator",
      cause: 'I do not know the operator "nope".',
    },
    {
      logic: { "==": [1] },
      path: ["=="],
      code: "logic-operands",
      cause: 'The operator "==" takes 2 values, but here are 1.',
    },
    {
      logic: { "<": [1, 2, 3, 4] },
      path: ["<"],
      code: "logic-operands",
      cause: 'The operator "<" takes 2-3 values, but here are 4.',
    },
    {
      logic: { and: [] },
      path: ["and"],
      code: "logic-operands",
      cause: 'The operator "and" takes 1+ values, but here are 0.',
    },
    {
      logic: { var: { cat: ["a", "b"] } },
      path: ["var"],
      code: "logic-path",
      cause: '"var" needs a path written as text, such as dialog.team.',
    },
    {
      logic: { var: 1 },
      path: ["var"],
      code: "logic-path",
      cause: '"var" needs a path written as text, such as dialog.team.',
    },
    {
      logic: { var: "" },
      path: ["var"],
      code: "logic-path",
      cause: '"var" needs a path written as text, such as dialog.team.',
    },
    {
      logic: { missing: { var: "event" } },
      path: ["missing"],
      code: "logic-path",
      cause: '"missing" needs a path written as text, such as dialog.team.',
    },
    {
      logic: { matches: ["a", { var: "message.text" }] },
      path: ["matches", 1],
      code: "logic-literal",
      cause: 'The second value of "matches" must be written out as text.',
    },
    {
      logic: { matches: ["a", "(a"] },
      path: ["matches", 1],
      code: "pattern-invalid",
      cause: "A bracket ( is never closed in this pattern.",
    },
    {
      logic: { has_words: ["a", ["ok", "?!"]] },
      path: ["has_words", 1, 1],
      code: "phrase-without-words",
      cause: '"?!" has no words in it, so no message can have it.',
    },
    {
      logic: nested(33),
      path: Array.from({ length: 32 }, () => "!"),
      code: "logic-depth",
      cause: "This condition is nested deeper than 32 levels.",
    },
    { logic: { in: [1, thousand] }, path: [], code: "logic-size", cause: "This condition has more than 1000 parts." },
    {
      logic: { all: [[1], { all: [[1], { some: [[1], true] }] }] },
      path: ["all", 1, "all", 1],
      code: "logic-depth",
      cause: "Tests of lists (filter, all, some, none) may stand inside each other 2 deep only.",
    },
  ])("refuses $logic: $cause", ({ logic, path, code, cause }) => {
    const faults = checkLogic(logic);
    expect(faults.map((fault) => [fault.path, fault.code, fault.cause.en])).toEqual([[path, code, cause]]);
  });

  it("reports all faults at once", () => {
    expect(checkLogic({ and: [{ nope: 1 }, { "==": [1] }] }).map(({ code }) => code)).toEqual([
      "logic-operator",
      "logic-operands",
    ]);
  });

  it("suggests the operator that was meant", () => {
    expect(checkLogic({ has_word: ["a", ["b"]] })[0]?.fix?.en).toBe("did you mean has_words?");
  });

  it("lists the operators when none is near", () => {
    expect(checkLogic({ frobnicate: 1 })[0]?.fix?.en).toBe(`use one of: ${Object.keys(OPERATORS).join(" ")}`);
  });

  it("stands a hundred thousand levels", () => {
    expect(checkLogic(nested(100_000)).map(({ code }) => code)).toEqual(["logic-depth"]);
  });
});

describe("varPaths", () => {
  it("lists what is read, with its place, but not what belongs to list entries", () => {
    const logic = {
      and: [
        { "==": [{ var: "a.b" }, 1] },
        { var: ["c", { var: "d" }] },
        { missing: ["e", "f"] },
        { missing_some: [1, ["g"]] },
        { some: [{ var: "h" }, { "==": [{ var: "inner" }, 1] }] },
      ],
    };
    expect(varPaths(logic)).toEqual([
      { path: ["and", 0, "==", 0, "var"], name: "a.b" },
      { path: ["and", 1, "var", 0], name: "c" },
      { path: ["and", 1, "var", 1, "var"], name: "d" },
      { path: ["and", 2, "missing", 0], name: "e" },
      { path: ["and", 2, "missing", 1], name: "f" },
      { path: ["and", 3, "missing_some", 1, 0], name: "g" },
      { path: ["and", 4, "some", 0, "var"], name: "h" },
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { checkPattern, groupNames, matchPattern } from "../../src/language/pattern/pattern.ts";
import { hostileTexts } from "./hostile.ts";

describe("checkPattern", () => {
  it.each(["order (?P<number>[0-9]+)", "(?<number>\\d{4,8})", "заказ\\s*№?", "a|b|c", "^(a+)+$"])(
    "lets %s pass",
    (source) => {
      expect(checkPattern(source)).toBeNull();
    },
  );

  it.each([
    { source: "(?=a)b", code: "pattern-unsupported", cause: "Patterns here cannot use look-ahead or look-behind." },
    { source: "(?<!a)b", code: "pattern-unsupported", cause: "Patterns here cannot use look-ahead or look-behind." },
    { source: "(a)\\1", code: "pattern-unsupported", cause: "Patterns here cannot use \\1." },
    { source: "(a", code: "pattern-invalid", cause: "A bracket ( is never closed in this pattern." },
    { source: "a)", code: "pattern-invalid", cause: "A bracket ) closes nothing in this pattern." },
    { source: "[a", code: "pattern-invalid", cause: "A bracket [ is never closed in this pattern." },
    {
      source: "*a",
      code: "pattern-invalid",
      cause: "There is nothing before a repeat sign (*, + or ?) of this pattern.",
    },
    { source: "a\\", code: "pattern-invalid", cause: "This pattern ends with a backslash." },
    { source: "a{2000}", code: "pattern-invalid", cause: "A repeat count of this pattern is too large." },
    {
      source: "(a{1,1000}){1,1000}",
      code: "pattern-invalid",
      cause: "This pattern is too large: its repeats multiply.",
    },
    {
      source: "(?:a?){500}a{500}",
      code: "pattern-too-large",
      cause: "This pattern is too large: its repeats multiply.",
    },
    { source: "(?<n>a)(?<n>b)", code: "pattern-invalid", cause: "Two groups of this pattern have the same name." },
    { source: "(?<имя>a)", code: "pattern-invalid", cause: "The name of a group is not valid in this pattern." },
    { source: "(?<__proto__>a)", code: "pattern-group", cause: '"__proto__" cannot be the name of a group.' },
    { source: "\\q", code: "pattern-invalid", cause: "This pattern is not valid: invalid escape sequence: `\\q`." },
    { source: " ", code: "pattern-empty", cause: "This pattern is empty." },
    { source: "a".repeat(501), code: "pattern-too-long", cause: "This pattern is longer than 500 characters." },
  ])("refuses $source: $cause", ({ source, code, cause }) => {
    const fault = checkPattern(source);
    expect(fault?.code).toBe(code);
    expect(fault?.cause.en).toBe(cause);
    expect(fault?.cause.es).not.toBe("");
    expect(fault?.cause.ru).not.toBe("");
  });
});

describe("matchPattern", () => {
  it.each([
    { source: "order (?<number>\\d+)", text: "My ORDER 55, please", groups: { number: "55" } },
    { source: "(?<a>x)?(?<b>y)", text: "y", groups: { b: "y" } },
    { source: "заказ", text: "Где ЗАКАЗ?", groups: {} },
    { source: "^yes$", text: "yes sir", groups: null },
  ])("finds $source in $text: $groups", ({ source, text, groups }) => {
    expect(matchPattern(source, text)).toEqual(groups);
  });

  it("looks at the first 8192 characters only", () => {
    expect(matchPattern("end$", `${"a".repeat(8189)}end`)).toEqual({});
    expect(matchPattern("end", `${"a".repeat(8190)}end`)).toBeNull();
  });

  it.each(hostileTexts)("survives $what with a pattern that hangs other engines", ({ text }) => {
    expect(matchPattern("^((a+)+|(aa )+)+never$", text)).toBeNull();
  });
});

it("names the groups in the order of the pattern", () => {
  expect(groupNames("(?<b>x)(y)(?P<a>z)")).toEqual(["b", "a"]);
});

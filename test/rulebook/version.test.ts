import { describe, expect, it } from "vitest";
import { canonical } from "../../src/rulebook/version.ts";
import { compile, rulesOf, ruleWith } from "./source.ts";

const base = ruleWith("{message_has: [a, b]}", "[{reply: Hi}, {assign: Anna, nobody: [{note: x}]}]");

function versionOf(text: string): string | undefined {
  return rulesOf(text)[0]?.version;
}

describe("the version of a rule", () => {
  it.each([
    { change: "another line", text: `version: 1\n\n${base}` },
    { change: "an added description", text: `${base}    description: New\n` },
    { change: "another rule", text: `${base}  - rule: B\n    when: {message_is: x}\n    do: [{note: x}]\n` },
    {
      change: "another order of keys",
      text: base.replace("{assign: Anna, nobody: [{note: x}]}", "{nobody: [{note: x}], assign: Anna}"),
    },
    { change: "a comment", text: `# hello\n${base}` },
  ])("stays with $change", ({ text }) => {
    expect(versionOf(text)).toBe(versionOf(base));
  });

  it.each([
    { change: "another word", text: base.replace("[a, b]", "[a, c]") },
    { change: "another text", text: base.replace("Hi", "Hello") },
    { change: "another text in a branch", text: base.replace("note: x", "note: y") },
    { change: "a condition", text: `${base}    if: {assigned: false}\n` },
    { change: "a mark", text: `${base}    once_per: day\n` },
    {
      change: "the order of actions",
      text: base.replace(
        "{reply: Hi}, {assign: Anna, nobody: [{note: x}]}",
        "{assign: Anna, nobody: [{note: x}]}, {reply: Hi}",
      ),
    },
    { change: "shadow", text: `${base}    mode: shadow\n` },
  ])("changes with $change", ({ text }) => {
    expect(versionOf(text)).not.toBe(versionOf(base));
  });
});

describe("the version of a rulebook", () => {
  it.each([
    { change: "another line", text: `version: 1\n\n${base}` },
    { change: "a team", text: `teams: {sales: {people: Anna}}\n${base}` },
    { change: "a setting", text: `bot: {answers_per_minute: 2}\n${base}` },
  ])("changes with $change", ({ text }) => {
    expect(compile(text).rulebook?.version).not.toBe(compile(base).rulebook?.version);
  });

  it("is the same for the same files", () => {
    expect(compile(base).rulebook?.version).toBe(compile(base).rulebook?.version);
    expect(compile(base).rulebook?.version).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe("canonical text", () => {
  it.each([
    { value: { b: 1, a: [true, null, "x"] }, text: '{"a":[true,null,"x"],"b":1}' },
    { value: { a: undefined, b: 1 }, text: '{"b":1}' },
    { value: undefined, text: "null" },
  ])("of $value is $text", ({ value, text }) => {
    expect(canonical(value)).toBe(text);
  });
});

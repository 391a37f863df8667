import { expect, it } from "vitest";
import { compile, rulesOf, ruleWith } from "./source.ts";

it.each([
  { when: "{message: any}", more: "gather: 2s", ms: 2000 },
  { when: "{message_has: hi}", more: "gather: 1m30s", ms: 90_000 },
  { when: "{message_is: hi, from: anyone}", more: "gather: 0s", ms: 0 },
  { when: '{message_matches: "hi", from: customer}', more: "gather: 2s", ms: 2000 },
  { when: "{message: any}", more: "", ms: null },
])("reads '$more' beside $when", ({ when, more, ms }) => {
  expect(rulesOf(ruleWith(when, "[{note: x}]", more)).map(({ gatherMs }) => gatherMs)).toEqual([ms]);
});

it.each([
  ["gather: 2s", 2000],
  ["gather: 0s", 0],
  ["version: 1", null],
])("reads '%s' of the main file", (line, ms) => {
  expect(compile(line).rulebook?.gatherMs).toBe(ms);
});

it.each([
  "{command: list}",
  "{dialog: opened}",
  "{manager: joined}",
  "{manager_silent: 10m}",
  "{reply_failed: any}",
  "{event: message_new}",
  "{message: any, from: manager}",
  "{message: any, from: bot}",
])("finds it a fault beside %s", (when) => {
  const { rulebook, said } = compile(`commands: {list: A list}\n${ruleWith(when, "[{note: x}]", "gather: 2s")}`);
  expect(rulebook).toBeNull();
  expect(said).toEqual([
    expect.stringMatching(/^fault bot\.config\.yaml:6:5 "gather" waits for more messages of a customer, so it /u),
  ]);
});

it.each([
  { at: "of the main file", text: `gather: 10x\n${ruleWith("{message: any}")}` },
  { at: "of a rule", text: ruleWith("{message: any}", "[{note: x}]", "gather: 10x") },
])("finds a length that is none a fault, $at", ({ text }) => {
  expect(compile(text).said).toEqual([expect.stringMatching(/^fault .* "10x" is not a length of time\./u)]);
});

it.each([
  { what: "a pause as long as answers may take", pause: "10m", actions: "[{reply: x}]", warned: true },
  { what: "a shorter one", pause: "9m59s", actions: "[{reply: x}]", warned: false },
  { what: "none", pause: "0s", actions: "[{reply: x}]", warned: false },
  { what: "a long one before what is never too late", pause: "1h", actions: "[{tag: x}]", warned: false },
])("warns of a pause after which no answer is sent: $what", ({ pause, actions, warned }) => {
  const { rulebook, said } = compile(ruleWith("{message: any}", actions, `gather: ${pause}`));
  expect(rulebook).not.toBeNull();
  expect(said).toEqual(warned ? [expect.stringContaining(`After "${pause}" an answer is too old`)] : []);
});

it("is part of the version of the rule, and of the rulebook", () => {
  const text = ruleWith("{message: any}");
  const own = rulesOf(ruleWith("{message: any}", "[{note: Hi}]", "gather: 2s"));
  expect(own[0]?.version).not.toBe(rulesOf(text)[0]?.version);
  expect(compile(`gather: 2s\n${text}`).rulebook?.version).not.toBe(compile(`gather: 3s\n${text}`).rulebook?.version);
});

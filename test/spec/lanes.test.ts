import { expect, it } from "vitest";
import { conversation, decideOn, firedIn, NOON, rulebook, said, shortly, world } from "../engine/world.ts";

/** Spec section 4 "Two lanes" and 4.1 "Events and lanes". */
const outcomes = (rules: string, text = "x", state = world()) =>
  decideOn(rulebook(rules), said(text), state).verdicts.map(({ rule, outcome }) => `${rule}: ${outcome}`);

it("calls go out in file order, also where rules listen to the same event in different ways", () => {
  const rules = rulebook(`
- rule: A
  when: {event: message_new}
  do: [{note: A}]
- rule: B
  when: {message_has: x}
  do: [{note: B}]
- rule: C
  when: {event: message_new}
  do: [{note: C}]
- rule: D
  when: {message: any}
  do: [{note: D}]
`);
  expect(shortly(decideOn(rules, said("x")))).toEqual(["private: A", "private: B", "private: C", "private: D"]);
});

const WITH_SECOND = (first: string) => `
- rule: First
  when: {message: any}
  ${first}
- rule: Second
  when: {message: any}
  do: [{reply: Second.}]
`;

it.each([
  { what: "its reply has an `if` that does not hold", first: "do: [{reply: First., if: {tag: vip}}]" },
  { what: "it stops before", first: "do: [{stop: true}, {reply: First.}]" },
  { what: "its reply stands in a way not taken", first: "do: [{choose: [{if: {tag: vip}, do: [{reply: First.}]}]}]" },
])("the lane is a property of the rule, not of what it said this time: $what", ({ first }) => {
  expect(outcomes(WITH_SECOND(first))).toEqual(["First: fired", "Second: slot"]);
  expect(shortly(decideOn(rulebook(WITH_SECOND(first)), said("x")))).toEqual([]);
});

it("a rule whose speech is withheld by the quiet has still taken the answer", () => {
  const quiet = world({ dialog: { lastManagerAt: NOON - 1 } });
  expect(outcomes(WITH_SECOND("do: [{reply: First.}]"), "x", quiet)).toEqual(["First: fired", "Second: slot"]);
});

it.each([
  { action: "{send_image: https://shop.example/a.png}", lane: "answers" },
  { action: "{send_file: https://shop.example/a.pdf}", lane: "answers" },
  { action: "{send_product: {id: 1, name: Tea}}", lane: "answers" },
  { action: "{send_order: {number: 1A}}", lane: "answers" },
  { action: "{bot_api: {operation: sendMessage, scope: public, type: text, content: Hi}}", lane: "answers" },
  { action: "{bot_api: {operation: sendMessage, scope: private, type: text, content: Hi}}", lane: "never speaks" },
  { action: "{note: Hi}", lane: "never speaks" },
  { action: "{edit: Hi}", lane: "never speaks" },
  { action: "{close: true}", lane: "never speaks" },
])("a rule with $action $lane", ({ action, lane }) => {
  const [, second] = outcomes(WITH_SECOND(`do: [${action}]`));
  expect(second).toBe(lane === "answers" ? "Second: slot" : "Second: fired");
});

it.each(["once_per: dialog", "again_after: 8h"])("a rule held back by %s does not count as matching", (held) => {
  const plans = conversation(rulebook(WITH_SECOND(`${held}\n  do: [{reply: First.}]`)), [
    said("x"),
    said("y", { at: NOON + 1000 }),
  ]);
  expect(plans.map(firedIn)).toEqual([["First"], ["Second"]]);
});

it("`continue: yes` lets the next matching answer rule answer, and only that one", () => {
  const rules = WITH_SECOND("continue: true\n  do: [{reply: First.}]");
  const third = "- rule: Third\n  when: {message: any}\n  do: [{reply: Third.}]\n";
  expect(outcomes(rules + third)).toEqual(["First: fired", "Second: fired", "Third: slot"]);
});

it("commands and messages have slots of their own kind: a silent rule never takes one", () => {
  expect(outcomes(WITH_SECOND("do: [{tag: seen}, {assign: Anna Petrova}]"))).toEqual(["First: fired", "Second: fired"]);
});

it("a shadow rule that would be second is recorded as that and leaves no live mark", () => {
  const rules = rulebook(WITH_SECOND("mode: shadow\n  once_per: chat\n  do: [{reply: First.}, {tag: vip}]"));
  const plan = decideOn(rules, said("x"));
  expect(plan.state.chat?.marks).toEqual({ "shadow:First": NOON });
  expect(plan.state.dialog?.tags).toEqual([]);
});

import { expect, it } from "vitest";
import { conversation, decideOn, firedIn, NOON, rulebook, said, shortly, world } from "./world.ts";

const TWO = `
- rule: Prices
  when: {message_has: price}
  do: [{reply: It costs 5.}]
- rule: Anything
  when: {message: any}
  do: [{reply: Hello.}]
- rule: Mark
  when: {message: any}
  do: [{tag: seen}]
`;

it("lets the first matching answer rule answer, and every silent rule run", () => {
  const plan = decideOn(rulebook(TWO), said("what price?"));
  expect(firedIn(plan)).toEqual(["Prices", "Mark"]);
  expect(plan.verdicts.map(({ rule, outcome }) => [rule, outcome])).toEqual([
    ["Prices", "fired"],
    ["Anything", "slot"],
    ["Mark", "fired"],
  ]);
});

it("lets the next answer rule answer as well after `continue: yes`", () => {
  const rules = rulebook(TWO.replace("  do: [{reply: It costs 5.}]", "  continue: true\n  do: [{reply: It costs 5.}]"));
  expect(shortly(decideOn(rules, said("what price?")))).toEqual([
    "public: It costs 5.",
    "public: Hello.",
    "dialogAddTags",
  ]);
});

it("does not count a rule held back by once_per as matching", () => {
  const rules = rulebook(
    TWO.replace("  do: [{reply: It costs 5.}]", "  once_per: dialog\n  do: [{reply: It costs 5.}]"),
  );
  const plans = conversation(rules, [said("price"), said("price", { at: NOON + 1000 })]);
  expect(plans.map(firedIn)).toEqual([
    ["Prices", "Mark"],
    ["Anything", "Mark"],
  ]);
});

it("judges all rules of an event against the state before it", () => {
  const rules = rulebook(`
- rule: First
  when: {message: any}
  do: [{tag: vip}]
- rule: Second
  when: {message: any}
  if: {tag: vip}
  do: [{note: A VIP wrote.}]
`);
  const plans = conversation(rules, [said("one"), said("two", { at: NOON + 1000 })]);
  expect(plans.map(firedIn)).toEqual([["First"], ["First", "Second"]]);
});

it("judges an action's own `if` when it is reached, after what the run itself changed", () => {
  const rules = rulebook(`
- rule: Topic
  when: {message: any}
  do:
    - set: {dialog.topic: tea}
    - note: About tea.
      if: {is: {dialog.topic: tea}}
    - note: About coffee.
      if: {is: {dialog.topic: coffee}}
`);
  const plan = decideOn(rules, said("hi"));
  expect(shortly(plan)).toEqual(["private: About tea."]);
  expect(plan.verdicts[0]?.steps.map(({ did, reason }) => [did, reason])).toEqual([
    ["change", null],
    ["call", null],
    ["nothing", "if"],
  ]);
});

it("ends the run and what called it at `stop: yes`", () => {
  const rules = rulebook(`
- rule: Branches
  when: {message: any}
  do:
    - choose:
        - if: {is: {message.text: stop}}
          do: [{note: Inside.}, {stop: true}, {note: Never.}]
        - do: [{note: Other.}]
    - note: After.
`);
  expect(shortly(decideOn(rules, said("stop")))).toEqual(["private: Inside."]);
  expect(shortly(decideOn(rules, said("go")))).toEqual(["private: Other.", "private: After."]);
});

it("records what a shadow rule would do, takes no slot for it and does nothing", () => {
  const rules = rulebook(TWO.replace("  do: [{reply: It costs 5.}]", "  mode: shadow\n  do: [{reply: It costs 5.}]"));
  const plan = decideOn(rules, said("price"));
  expect(plan.verdicts[0]).toMatchObject({ outcome: "shadow", steps: [{ action: "reply", did: "call" }] });
  expect(shortly(plan)).toEqual(["public: Hello.", "dialogAddTags"]);
});

it("keeps a shadow rule's marks apart from live ones", () => {
  const text = `
- rule: Hello
  when: {message: any}
  once_per: dialog
  mode: MODE
  do: [{reply: Hello.}]
`;
  const [first, second] = conversation(rulebook(text.replace("MODE", "shadow")), [
    said("a"),
    said("b", { at: NOON + 1 }),
  ]);
  expect([first?.verdicts[0]?.outcome, second?.verdicts[0]?.outcome]).toEqual(["shadow", "once"]);
  expect(firedIn(decideOn(rulebook(text.replace("MODE", "live")), said("c"), second?.state))).toEqual(["Hello"]);
});

it("leaves a disabled rule out", () => {
  const rules = rulebook(
    "- rule: Off\n  enabled: false\n  when: {message: any}\n  do: [{reply: Hello.}]\n- rule: On\n  when: {message: text}\n  do: [{reply: Hi.}]",
  );
  expect(firedIn(decideOn(rules, said("x")))).toEqual(["On"]);
});

it.each([
  { per: "once_per: dialog", sameDialog: [], nextDay: [], otherDialog: ["R"] },
  { per: "once_per: chat", sameDialog: [], nextDay: [], otherDialog: [] },
  { per: "once_per: customer", sameDialog: [], nextDay: [], otherDialog: [] },
  { per: "once_per: day", sameDialog: [], nextDay: ["R"], otherDialog: [] },
  { per: "again_after: 8h", sameDialog: [], nextDay: ["R"], otherDialog: [] },
])("$per holds a rule back where it should", ({ per, sameDialog, nextDay, otherDialog }) => {
  const rules = rulebook(`- rule: R\n  when: {message: any}\n  ${per}\n  do: [{note: Hi.}]`);
  const first = decideOn(rules, said("one"));
  const after = first.state;
  expect(firedIn(first)).toEqual(["R"]);
  expect(firedIn(decideOn(rules, said("two", { at: NOON + 60_000 }), after))).toEqual(sameDialog);
  expect(firedIn(decideOn(rules, said("three", { at: NOON + 24 * 3_600_000 }), after))).toEqual(nextDay);
  const elsewhere = { ...after, dialog: world({ dialog: { id: 8000 } }).dialog };
  const there = said("four", { at: NOON + 60_000, more: { dialog: { id: 8000 } } });
  expect(firedIn(decideOn(rules, there, elsewhere))).toEqual(otherDialog);
});

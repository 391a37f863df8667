import { expect, it } from "vitest";
import { conversation, decideOn, firedIn, NOON, rulebook, said, shortly, world } from "../engine/world.ts";

/** Spec section 4 "Shape" and 4.1 `once_per`; where each period ends stands in test/engine/lanes.test.ts. */
const once = (name: string, more = "") =>
  rulebook(`- rule: ${name}\n  ${more}when: {message: any}\n  once_per: chat\n  do: [{reply: Hi.}]`);

it("`id:` keeps state when the name changes", () => {
  const after = decideOn(once("Hello", "id: hello\n  "), said("x")).state;
  expect(firedIn(decideOn(once("Good day", "id: hello\n  "), said("y"), after))).toEqual([]);
  expect(firedIn(decideOn(once("Good day"), said("y"), after))).toEqual(["Good day"]);
});

it("marks are set when the rule is decided, also if its words were withheld", () => {
  const quiet = world({ dialog: { lastManagerAt: NOON - 1 } });
  const first = decideOn(once("Hello"), said("x"), quiet);
  expect([firedIn(first), shortly(first)]).toEqual([["Hello"], []]);
  const later = said("y", { at: NOON + 40 * 60_000 });
  expect(decideOn(once("Hello"), later, first.state).verdicts[0]?.outcome).toBe("once");
});

it("a rule that was not decided sets no mark: its condition, the slot or the cap held it back", () => {
  const rules = rulebook(
    `
- rule: Condition
  when: {message: any}
  if: {tag: vip}
  once_per: chat
  do: [{note: x}]
- rule: First
  when: {message: any}
  do: [{reply: x}]
- rule: Slot
  when: {message: any}
  once_per: chat
  do: [{reply: x}]
`,
    "bot: {answers_per_minute: 1}",
  );
  expect(decideOn(rules, said("x")).state.chat?.marks).toEqual({});
  const capped = world({ dialog: { answeredAt: [NOON - 1] } });
  const plan = decideOn(
    rulebook("- rule: C\n  when: {message: any}\n  once_per: chat\n  do: [{reply: x}]", "bot: {answers_per_minute: 1}"),
    said("x"),
    capped,
  );
  expect([plan.verdicts[0]?.outcome, plan.state.chat?.marks]).toEqual(["capped", {}]);
});

it("`once_per: day` ends at midnight of the connection's zone", () => {
  const rules = rulebook("- rule: R\n  when: {message: any}\n  once_per: day\n  do: [{note: x}]");
  const at = (iso: string) => said("x", { at: Date.parse(iso) });
  const events = [at("2026-11-20T22:30:00Z"), at("2026-11-20T22:59:00Z"), at("2026-11-20T23:01:00Z")];
  expect(conversation({ ...rules, timezone: "Europe/Madrid" }, events).map(firedIn)).toEqual([["R"], [], ["R"]]);
  expect(conversation(rules, events).map(firedIn)).toEqual([["R"], [], []]);
});

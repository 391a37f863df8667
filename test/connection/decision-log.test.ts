import { expect, it } from "vitest";
import { logDecision } from "../../src/connection/deciding/decision-log.ts";
import { decideOn, rulebook, said, world } from "../engine/world.ts";
import { createTestLog } from "../helpers/test-log.ts";

const RULES = `
- rule: Greeting
  when: {message: any}
  once_per: dialog
  do: [{reply: Hello.}]
- rule: Price
  when: {message_has: price}
  do: [{reply: Ten.}]
- rule: Delivery
  when: {message_has: price}
  do: [{reply: Free.}]
- rule: Pets
  when: {message_has: dog}
  do: [{reply: Woof.}]
`;

/** What is logged of this rulebook's decision: rule, level, message, reason. */
function logged(texts: readonly string[], head = "") {
  const rules = rulebook(RULES, head);
  const { log, lines, text } = createTestLog();
  let state = world();
  for (const words of texts) {
    const event = said(words);
    const plan = decideOn(rules, event, state);
    state = plan.state;
    logDecision(log, event, plan);
  }
  return { text: text(), lines: lines().map(({ rule, level, msg, reason }) => [rule, level, msg, reason]) };
}

it("tells at debug of a rule that an earlier answer holds back", () => {
  expect(logged(["the price"]).lines).toEqual([
    ["Greeting", 30, "rule fired", undefined],
    ["Price", 20, "rule held back", "earlier_answer"],
    ["Delivery", 20, "rule held back", "earlier_answer"],
  ]);
});

it("tells at debug of a rule that has acted here already, and says nothing of one that does not fit", () => {
  expect(logged(["hi", "hi again"]).lines).toEqual([
    ["Greeting", 30, "rule fired", undefined],
    ["Greeting", 20, "rule held back", "once"],
  ]);
});

it("tells at debug of a rule that waits for more messages, without the words", () => {
  const { lines, text } = logged(["a secret price"], "gather: 2s");
  expect(lines).toContainEqual(["Greeting", 20, "rule held back", "gather"]);
  expect(text).not.toContain("secret");
});

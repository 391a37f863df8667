import { expect, it } from "vitest";
import type { Event } from "../../src/types/event.ts";
import type { Plan } from "../../src/types/plan.ts";
import { command, conversation, firedIn, NOON, rulebook, said, shortly } from "./world.ts";

const RULES = rulebook(
  "- rule: Tag\n  when: {message: any}\n  do: [{tag: wrote}]\n- rule: Order\n  when: {command: order}\n  do: [{note: Yes.}]",
  "commands: {order: Orders}",
);
const FLOOD =
  "private: The customer writes more than 20 messages in 10 seconds. The bot does not hear what is more than that.";

const messages = (count: number, everyMs: number, from = NOON): readonly Event[] =>
  Array.from({ length: count }, (_, index) => said("x", { at: from + index * everyMs }));

const heard = (plans: readonly Plan[]) => plans.filter((plan) => firedIn(plan).includes("Tag")).length;

it("fails without the flood cap: hears 20 messages in 10 seconds and no more, and tells the staff once", () => {
  const plans = conversation(RULES, messages(60, 100));
  expect(heard(plans)).toBe(20);
  expect(plans.flatMap(shortly).filter((one) => one.startsWith("private"))).toEqual([FLOOD]);
  expect(plans.map(({ throttled }) => throttled ?? false)).toEqual(plans.map((_, index) => index >= 20));
});

it("hears everything of a customer who writes a message every half second", () => {
  expect(heard(conversation(RULES, messages(100, 510)))).toBe(100);
});

it("tells the staff once of a customer who stays at the edge of a flood", () => {
  const uneven = Array.from({ length: 90 }, (_, index) =>
    said("x", { at: NOON + index * 500 + (index % 3 === 0 ? 40 : 0) }),
  );
  const plans = conversation(RULES, uneven);
  expect(heard(plans)).toBeGreaterThan(60);
  expect(plans.filter(({ throttled }) => throttled).length).toBeGreaterThan(20);
  expect(plans.flatMap(shortly).filter((one) => one === FLOOD)).toHaveLength(1);
});

it("hears the customer again when the flood is over, and tells of the next one", () => {
  const plans = conversation(RULES, [...messages(30, 10), ...messages(30, 10, NOON + 60_000)]);
  expect(heard(plans)).toBe(40);
  expect(plans.flatMap(shortly).filter((one) => one === FLOOD)).toHaveLength(2);
});

it("remembers what it does not hear: the customer still waits for a manager", () => {
  const [last] = conversation(RULES, messages(30, 10)).slice(-1);
  expect(last?.state.dialog).toMatchObject({ customerMessages: 31, lastCustomerAt: NOON + 290 });
});

it("counts customers alone: managers and their commands are always heard", () => {
  const events = Array.from({ length: 30 }, (_, index) => command("/order", { at: NOON + index }));
  expect(conversation(RULES, events).filter((plan) => firedIn(plan).length === 1)).toHaveLength(30);
});

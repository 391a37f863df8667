import { expect, it } from "vitest";
import type { Said } from "../engine/world.ts";
import { command, conversation, decideOn, firedIn, NOON, rulebook, said, shortly, world } from "../engine/world.ts";

/** Spec 4.1 "Limits" and "Runs and order". */
const seconds = (count: number): Said => ({ at: NOON + count * 1000 });
const kinds = (plan: ReturnType<typeof decideOn>) => shortly(plan).map((call) => call.split(":")[0]);

const HELLO = "- rule: Hello\n  when: {message: any}\n  do: [{reply: 'Hello {{ message.id }}'}, {tag: seen}]";

it("5 answers a minute go out per dialog unless the file says otherwise; the next one is withheld", () => {
  const events = [0, 1, 2, 3, 4, 5].map((second) => said("x", seconds(second)));
  const plans = conversation(rulebook(HELLO), events);
  expect(plans.map((plan) => plan.verdicts[0]?.outcome)).toEqual([...Array(5).fill("fired"), "capped"]);
  const elsewhere = said("x", { ...seconds(5), more: { dialog: { id: 8000 } } });
  expect(firedIn(decideOn(rulebook(HELLO), elsewhere, plans[4]?.state))).toEqual(["Hello"]);
});

it("the note of a breach names the setting, comes once, and comes again with the next breach", () => {
  const events = [0, 1, 2, 3, 62, 63, 64].map((second) => said("x", seconds(second)));
  const plans = conversation(rulebook(HELLO, "bot: {answers_per_minute: 1}"), events);
  const notes = plans.map((plan) => plan.calls.filter(({ call }) => call.body?.scope === "private").length);
  expect(notes).toEqual([0, 1, 0, 0, 0, 1, 0]);
  expect(plans[1]?.calls[0]?.call.body?.content).toContain("bot.answers_per_minute");
});

it("answers of one event count against the cap as they go out (`continue: yes`)", () => {
  const rules = rulebook(
    ["One", "Two", "Three"]
      .map((name) => `- rule: ${name}\n  continue: true\n  when: {message: any}\n  do: [{reply: ${name}}]`)
      .join("\n"),
    "bot: {answers_per_minute: 2}",
  );
  const plan = decideOn(rules, said("x"));
  expect(plan.verdicts.map(({ outcome }) => outcome)).toEqual(["fired", "fired", "capped"]);
  expect(kinds(plan)).toEqual(["public", "public", "private"]);
});

it("words that did not go out count for nothing", () => {
  const rules = rulebook(HELLO, "bot: {answers_per_minute: 1}");
  const quiet = world({ dialog: { lastManagerAt: NOON - 29 * 60_000 } });
  const plans = conversation(rules, [said("x"), said("x", seconds(61))], quiet);
  expect(plans.map((plan) => plan.state.dialog?.answeredAt.length)).toEqual([0, 1]);
});

it("answers to the staff neither count nor are withheld", () => {
  const rules = rulebook("- rule: C\n  when: {command: help}\n  do: [{reply: Here}]", "commands: {help: x}");
  const full = world({ dialog: { answeredAt: Array(5).fill(NOON - 1) } });
  const plan = decideOn(rules, command("/help"), full);
  expect(shortly(plan)).toEqual(["private: Here"]);
  expect(plan.state.dialog?.answeredAt).toHaveLength(5);
});

it("loop guard: one note for the whole 30 minutes, in the whole chat, and notes and tags go on", () => {
  const rules = rulebook(
    "- rule: Parrot\n  when: {message: any, from: bot}\n  do: [{reply: Polly.}, {tag: '{{ message.id }}'}]",
    "bot: {answers_per_minute: 100}",
  );
  const squawk = (minutes: number, dialogId = 7740) =>
    said("squawk", { from: "bot", at: NOON + minutes * 60_000, more: { dialog: { id: dialogId } } });
  const plans = conversation(rules, [squawk(0), squawk(1), squawk(2), squawk(3), squawk(4, 8000), squawk(32.5)]);
  expect(plans.map(kinds)).toEqual([
    ["public", "dialogAddTags"],
    ["public", "dialogAddTags"],
    ["private", "dialogAddTags"],
    ["dialogAddTags"],
    ["dialogAddTags"],
    ["public", "dialogAddTags"],
  ]);
});

it("a run that waits for the API holds its chat for at most 15 s", () => {
  const rules = rulebook("- rule: R\n  when: {message: any}\n  do: [{send_image: https://shop.example/a.png}]");
  const [run] = decideOn(rules, said("x")).runs;
  expect(run?.waitsFor).toMatchObject({ kind: "call", until: NOON + 15_000 });
});

it("a rule that waits for nothing leaves no run behind", () => {
  expect(decideOn(rulebook(HELLO), said("x")).runs).toEqual([]);
});

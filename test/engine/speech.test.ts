import { expect, it } from "vitest";
import { withholdReason } from "../../src/engine/fresh.ts";
import {
  ANNA,
  conversation,
  decideOn,
  dialog,
  firedIn,
  NOON,
  rulebook,
  said,
  shortly,
  telegram,
  whatsapp,
  world,
} from "./world.ts";

const MINUTE = 60_000;

const HELLO = `
- rule: Hello
  when: {message: any}
  do:
    - reply: Hello {{ message.id }}.
    - tag: greeted
`;

it("fails without the quiet after a manager: withholds public speech, and only that, for 30 minutes after a manager has written", () => {
  const rules = rulebook(HELLO);
  const quiet = world({ dialog: { lastManagerAt: NOON - 29 * MINUTE } });
  const plan = decideOn(rules, said("hi", { id: 1 }), quiet);
  expect(shortly(plan)).toEqual(["dialogAddTags"]);
  expect(plan.verdicts[0]?.steps[0]).toMatchObject({ action: "reply", did: "nothing", reason: "quiet" });
  const later = world({ dialog: { lastManagerAt: NOON - 30 * MINUTE } });
  expect(shortly(decideOn(rules, said("hi", { id: 1 }), later))).toEqual(["public: Hello 1.", "dialogAddTags"]);
});

it.each([
  { what: "a public message", event: said("We are here", { from: "manager" }), quiet: true },
  { what: "a note", event: said("note", { from: "manager", scope: "private" }), quiet: false },
  { what: "a command", event: said("/x", { from: "manager", type: "command", scope: "private" }), quiet: false },
])("$what of a manager makes the bot quiet: $quiet", ({ event, quiet }) => {
  const [, answer] = conversation(rulebook(HELLO), [event, said("hi", { id: 1, at: NOON + MINUTE })]);
  expect(answer && shortly(answer)).toEqual(quiet ? ["dialogAddTags"] : ["public: Hello 1.", "dialogAddTags"]);
});

it("speaks all the same with `even_with_manager: yes`, and in a new dialog", () => {
  const loud = rulebook(HELLO.replace("  do:", "  even_with_manager: true\n  do:"));
  const quiet = world({ dialog: { lastManagerAt: NOON - MINUTE } });
  expect(shortly(decideOn(loud, said("hi", { id: 1 }), quiet))[0]).toBe("public: Hello 1.");
  const closed = world({ dialog: { lastManagerAt: NOON - MINUTE, closedAt: NOON } });
  expect(shortly(decideOn(rulebook(HELLO), said("hi", { id: 1 }), closed))[0]).toBe("public: Hello 1.");
});

it("keeps quiet until the dialog closes with `quiet_after_manager: until_closed`", () => {
  const rules = rulebook(HELLO, "bot: {quiet_after_manager: until_closed}");
  const state = world({ dialog: { lastManagerAt: NOON - 48 * 60 * MINUTE } });
  expect(shortly(decideOn(rules, said("hi"), state))).toEqual(["dialogAddTags"]);
});

it("still answers commands while quiet", () => {
  const rules = rulebook("- rule: C\n  when: {command: help}\n  do: [{reply: Here.}]", "commands: {help: Help}");
  const state = world({ dialog: { lastManagerAt: NOON } });
  expect(
    shortly(decideOn(rules, said("/help", { from: "manager", type: "command", scope: "private" }), state)),
  ).toEqual(["private: Here."]);
});

it("keeps silent for the time of `mute`, until `unmute`", () => {
  const rules = rulebook(`
- rule: Mute
  when: {message_is: quiet}
  do: [{mute: 2h}]
- rule: Unmute
  when: {message_is: speak}
  do: [{unmute: true}]
- rule: Hello
  when: {message: any}
  do: [{reply: Hello.}]
`);
  const at = (minutes: number) => ({ at: NOON + minutes * MINUTE });
  const plans = conversation(rules, [
    said("quiet"),
    said("a", at(119)),
    said("b", at(121)),
    said("quiet", at(122)),
    said("speak", at(123)),
    said("c", at(124)),
  ]);
  const spoke = plans.map((plan) => shortly(plan).length > 0);
  // The action works at once: what comes after it in the same event is silent, or heard, already.
  expect(spoke).toEqual([false, false, true, false, true, true]);
});

it("keeps silent until the dialog closes with `mute: until_closed`", () => {
  const rules = rulebook(
    "- rule: M\n  when: {message_is: quiet}\n  do: [{mute: until_closed}]\n- rule: H\n  when: {message: any}\n  do: [{reply: Hello.}]",
  );
  const plans = conversation(rules, [said("hi"), said("quiet"), said("hi", { at: NOON + 90 * MINUTE })]);
  expect(plans.map(shortly)).toEqual([["public: Hello."], [], []]);
});

it("fails without the cap of answers: answers at most as often as answers_per_minute in a dialog; one note says so", () => {
  const rules = rulebook(HELLO, "bot: {answers_per_minute: 2}");
  const at = (seconds: number, id: number) => said("x", { id, at: NOON + seconds * 1000 });
  const plans = conversation(rules, [at(0, 1), at(1, 2), at(2, 3), at(3, 4), at(61, 5)]);
  expect(plans.map((plan) => plan.verdicts[0]?.outcome)).toEqual(["fired", "fired", "capped", "capped", "fired"]);
  expect(plans.map((plan) => plan.calls.filter(({ call }) => call.body?.scope === "private").length)).toEqual([
    0, 0, 1, 0, 0,
  ]);
});

it("fails without the loop guard against repetition: silences itself for 30 minutes instead of saying the same a third time unanswered", () => {
  const rules = rulebook(
    "- rule: Parrot\n  when: {message: any, from: bot}\n  do: [{reply: Polly.}]",
    "bot: {answers_per_minute: 100}",
  );
  const at = (minutes: number) => said("squawk", { from: "bot", at: NOON + minutes * MINUTE });
  const plans = conversation(rules, [at(0), at(1), at(2), at(3), at(33)]);
  expect(plans.map((plan) => shortly(plan).map((call) => call.split(":")[0]))).toEqual([
    ["public"],
    ["public"],
    ["private"],
    [],
    ["public"],
  ]);
});

it("fails without the loop guard against monologues: lets at most ten public messages go out with no word of the customer between", () => {
  const rules = rulebook(
    '- rule: Parrot\n  when: {message: any, from: anyone}\n  do: [{reply: "{{ message.id }}"}]',
    "bot: {answers_per_minute: 100}",
  );
  const chatter = Array.from({ length: 11 }, (_, index) =>
    said("squawk", { from: "bot", id: 100 + index, at: NOON + index * MINUTE }),
  );
  const plans = conversation(rules, chatter);
  const kinds = plans.flatMap(shortly).map((call) => call.split(":")[0]);
  expect(kinds).toEqual([...Array(10).fill("public"), "private"]);
});

it("counts anew once the customer has written", () => {
  const rules = rulebook(
    "- rule: Same\n  when: {message: any}\n  do: [{reply: Same.}]",
    "bot: {answers_per_minute: 100}",
  );
  const plans = conversation(
    rules,
    Array.from({ length: 12 }, (_, index) => said("x", { at: NOON + index * MINUTE })),
  );
  expect(plans.flatMap(shortly)).toEqual(Array(12).fill("public: Same."));
});

it.each([
  { what: "the answer window is over", channel: whatsapp, deadline: NOON - 1, reason: "window" },
  { what: "the answer window is open", channel: whatsapp, deadline: NOON + 1, reason: null },
  { what: "the channel knows no window", channel: telegram(), deadline: NOON - 1, reason: null },
  { what: "the channel takes nothing", channel: telegram({ outgoing: false }), deadline: null, reason: "outgoing" },
])("respects the messenger when $what", ({ channel, deadline, reason }) => {
  const plan = decideOn(rulebook(HELLO), said("hi"), world({ channel, chat: { replyDeadline: deadline } }));
  expect(plan.verdicts[0]?.steps[0]?.reason).toBe(reason);
});

const GUARD = {
  dialogId: 7740,
  inputAt: NOON,
  heardAt: NOON,
  answerWithinMs: 10 * MINUTE,
  evenWithManager: false,
  evenIfClosed: false,
};

it.each([
  { what: "nothing has happened", guard: {}, state: {}, now: NOON + 1000, reason: null },
  {
    what: "a manager has written since",
    guard: {},
    state: { lastManagerAt: NOON + 1 },
    now: NOON + 1000,
    reason: "manager",
  },
  {
    what: "a manager had written before",
    guard: {},
    state: { lastManagerAt: NOON - 1 },
    now: NOON + 1000,
    reason: null,
  },
  {
    what: "a manager has written, but the rule speaks all the same",
    guard: { evenWithManager: true },
    state: { lastManagerAt: NOON + 1 },
    now: NOON,
    reason: null,
  },
  { what: "the dialog has closed", guard: {}, state: { closedAt: NOON + 1 }, now: NOON + 1000, reason: "closed" },
  {
    what: "the dialog has closed and the rule is for that",
    guard: { evenIfClosed: true },
    state: { closedAt: NOON + 1 },
    now: NOON,
    reason: null,
  },
  {
    what: "the customer's message is older than answer_within",
    guard: {},
    state: {},
    now: NOON + 10 * MINUTE + 1,
    reason: "late",
  },
])("a message about to go out when $what: $reason", ({ guard, state, now, reason }) => {
  expect(withholdReason({ ...GUARD, ...guard }, { dialog: dialog(state), chat: null }, now)).toBe(reason);
});

it("guards public messages and nothing else", () => {
  const rules = rulebook(`
- rule: All
  when: {message: any}
  do:
    - reply: Hi.
    - note: A note.
    - tag: x
    - assign: Anna Petrova
`);
  const plan = decideOn(rules, said("hi"));
  expect(plan.calls.map(({ guard }) => guard === null)).toEqual([false, true, true, true]);
  expect(plan.calls[0]?.guard).toMatchObject({ inputAt: NOON, answerWithinMs: 10 * MINUTE, dialogId: 7740 });
  expect(firedIn(plan)).toEqual(["All"]);
  expect(plan.state.dialog?.responsible?.id).toBe(ANNA.id);
});

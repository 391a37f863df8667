import { expect, it } from "vitest";
import type { Event } from "../../src/types/event.ts";
import {
  command,
  conversation,
  DIALOG,
  decideOn,
  happened,
  NOON,
  reasonsIn,
  ringing,
  rulebook,
  said,
  saidBack,
  shortly,
  telegram,
  tick,
  whatsapp,
  world,
} from "./world.ts";

const MINUTE = 60_000;

/** A rule that asks, with the question's keys in flow style, and one for everything else. */
const asking = (keys: string, head = "") =>
  rulebook(
    `
- rule: Ask
  when: {message_is: hello}
  do:
    - ask: Well?
${keys.replace(/^/gm, "      ")}
    - reply: "So {{ answer }}."
    - note: Done.
- rule: Else
  when: {message: any}
  do: [{reply: What?}]
`,
    head,
  );

/** What comes back for an answer, after the question. */
const back = (keys: string, ...answers: readonly string[]) =>
  saidBack(
    asking(keys),
    ["hello", ...answers].map((text) => said(text)),
  );

const THANKS = (answer: string) => [`public: So ${answer}.`, "private: Done."];

it.each([
  { expects: "text", answer: " any words ", value: "any words" },
  { expects: "phone", answer: "it is +34 600 123 456", value: "+34600123456" },
  { expects: "email", answer: "marta@shop.example", value: "marta@shop.example" },
  { expects: "number", answer: "three, please", value: 3 },
  { expects: "date", answer: "tomorrow", value: "2026-11-21" },
  { expects: "order_number", answer: "order 4117A", value: "4117A" },
])("takes $expects and goes on with it", ({ expects, answer, value }) => {
  const [asked, answered] = conversation(asking(`expect: ${expects}\nsave: dialog.kept`), [
    said("hello"),
    said(answer),
  ]);
  expect(asked && shortly(asked)).toEqual(["public: Well?"]);
  expect(asked?.runs.map(({ waitsFor }) => waitsFor?.kind)).toEqual(["answer"]);
  expect(answered && shortly(answered)).toEqual(THANKS(String(value)));
  expect(answered?.state.dialog?.variables).toEqual({ kept: value });
  expect([answered?.runs, answered?.endedRunIds]).toEqual([[], [asked?.runs[0]?.id]]);
  expect(answered?.state.waiting).toEqual([]);
});

it.each(["dialog", "customer", "chat"] as const)("keeps an answer with the %s", (owner) => {
  const plans = conversation(asking(`save: ${owner}.city`), [said("hello"), said("Oslo")]);
  expect(plans.at(-1)?.state[owner]?.variables).toEqual({ city: "Oslo" });
});

it("shows choices as buttons and takes one of them, however it is written", () => {
  const rules = asking("choices: [Madrid, Oslo]");
  const [asked] = conversation(rules, [said("hello")]);
  expect(asked?.calls[0]?.call.body?.transport_attachments).toEqual({
    suggestions: [
      { type: "text", title: "Madrid" },
      { type: "text", title: "Oslo" },
    ],
  });
  expect(saidBack(rules, [said("hello"), said("oslo")])[1]).toEqual(THANKS("Oslo"));
});

it("asks a messenger's own button for the phone number", () => {
  const [asked] = conversation(asking("expect: phone"), [said("hello")]);
  expect(asked?.calls[0]?.call.body?.transport_attachments).toEqual({ suggestions: [{ type: "phone" }] });
});

it("lists choices with numbers where there are no buttons, and takes a number", () => {
  const start = world({ channel: whatsapp });
  const rules = asking("choices: [Madrid, Oslo]");
  expect(saidBack(rules, [said("hello"), said("2")], start)).toEqual([
    ["public: Well?\n1. Madrid\n2. Oslo"],
    THANKS("Oslo"),
  ]);
});

it("takes a number for itself where a number is asked for, even if one like it is listed", () => {
  const channel = telegram({ suggestions: { text: false, phone: false, email: false, url: false } });
  const rules = asking("expect: number\nchoices: [10, 20]");
  expect(saidBack(rules, [said("hello"), said("2")], world({ channel }))[1]).toEqual(THANKS("2"));
});

it("asks twice more where the file does not say how often", () => {
  const again = ["public: Well?"];
  const [, ...rest] = back("expect: email", "a", "b");
  expect(rest).toEqual([again, again]);
  const patient = rulebook(
    "- rule: A\n  when: {message_is: hello}\n  do: [{ask: Well?, expect: email}, {note: Never.}]",
  );
  const last = conversation(patient, [said("hello"), said("a"), said("b"), said("c")]).at(-1);
  expect(last && [shortly(last), reasonsIn(last), last.state.waiting]).toEqual([[], ["no_answer"], []]);
});

it("says `retry.say` as often as `retry.times`, then goes through `no_answer` and ends", () => {
  const keys = "expect: email\nretry: {times: 1, say: Like a@b.c}\nno_answer: {do: [{note: Gave up.}]}";
  expect(back(keys, "x", "y", "z")).toEqual([
    ["public: Well?"],
    ["public: Like a@b.c"],
    ["private: Gave up."],
    ["public: What?"],
  ]);
});

it("counts wrong answers anew for each question", () => {
  const rules = rulebook(`
- rule: A
  when: {message_is: hello}
  do:
    - ask: First?
      expect: number
      retry: {times: 1}
    - ask: Second?
      expect: number
      retry: {times: 1}
`);
  const talk = ["hello", "x", "1", "y"].map((text) => said(text));
  expect(saidBack(rules, talk).flat()).toEqual([
    "public: First?",
    "public: First?",
    "public: Second?",
    "public: Second?",
  ]);
});

it("sets a timer for `no_answer.after`, and an answer takes it back", () => {
  const rules = asking("no_answer: {after: 15m, do: [{note: Silent.}]}");
  const [asked, answered] = conversation(rules, [said("hello"), said("Oslo")]);
  const key = `run:${asked?.runs[0]?.id}`;
  const base = { key, chatId: 5301, dialogId: DIALOG };
  expect(asked?.timers).toEqual([{ ...base, at: NOON + 15 * MINUTE }]);
  expect(answered?.timers).toEqual([{ ...base, at: null }]);
});

it("goes through `no_answer.do` when its time has come, and ends", () => {
  const rules = asking("no_answer: {after: 15m, do: [{note: Silent.}]}");
  const asked = decideOn(rules, said("hello"));
  const late = decideOn(rules, ringing(asked), asked.state);
  expect([shortly(late), late.runs, late.endedRunIds]).toEqual([["private: Silent."], [], [asked.runs[0]?.id]]);
  expect(shortly(decideOn(rules, said("Oslo"), late.state))).toEqual(["public: What?"]);
});

it("just ends when its time has come and there is nothing to do then", () => {
  const rules = asking("no_answer: {after: 15m}");
  const asked = decideOn(rules, said("hello"));
  const late = decideOn(rules, ringing(asked), asked.state);
  expect([shortly(late), late.state.waiting]).toEqual([[], []]);
});

it("waits anew after a wrong answer, and a timer that rings for the time before does nothing", () => {
  const rules = asking("expect: number\nno_answer: {after: 15m, do: [{note: Silent.}]}");
  const asked = decideOn(rules, said("hello"));
  const again = decideOn(rules, said("x", { at: NOON + 15 * MINUTE }), asked.state);
  expect(again.timers.at(-1)?.at).toBe(NOON + 30 * MINUTE);
  const early = decideOn(rules, ringing(asked), again.state);
  expect([shortly(early), early.state, early.endedRunIds]).toEqual([[], again.state, []]);
  expect(shortly(decideOn(rules, tick(again.timers.at(-1)?.key ?? "", NOON + 30 * MINUTE), early.state))).toEqual([
    "private: Silent.",
  ]);
});

it.each([
  { word: "cancel", back: ["public: All right, let us leave it."] },
  { word: "Отмена!", back: ["public: All right, let us leave it."] },
  { word: "main menu", back: ["public: What?"] },
  { word: "agent", back: ["public: What?"] },
  { word: "/start", back: ["public: What?"] },
])("hears $word while a question is open", ({ word, back: expected }) => {
  const last = conversation(asking("save: dialog.x"), [said("hello"), said(word)]).at(-1);
  expect(last && [shortly(last), last.state.waiting, last.endedRunIds.length]).toEqual([expected, [], 1]);
});

it("says the shop's own `texts.cancelled`, for the shop's own cancel words too", () => {
  const rules = asking(
    "save: dialog.x",
    'texts: {cancelled: "Bye, {{ customer.first_name }}."}\ncancel_words: [basta ya]',
  );
  expect(saidBack(rules, [said("hello"), said("basta ya")])[1]).toEqual(["public: Bye, Marta."]);
});

const WITH_BUTTONS = rulebook(`
- rule: Menu
  when: {message_is: menu}
  do:
    - reply: Here.
      buttons: [Delivery, Prices]
- rule: Ask
  when: {message_is: hello}
  do:
    - ask: Well?
      choices: [Oslo, Prices]
    - reply: "So {{ answer }}."
- rule: Delivery
  when: {message_is: delivery}
  do: [{reply: Tomorrow.}]
`);

it.each([
  { button: "Delivery", back: ["public: Tomorrow."], why: "another rule's button leaves the question" },
  { button: "Prices", back: ["public: So Prices."], why: "a choice of its own is an answer, whoever else showed it" },
])("$why", ({ button, back: expected }) => {
  const last = conversation(WITH_BUTTONS, [said("menu"), said("hello"), said(button)]).at(-1);
  expect(last && [shortly(last), last.state.waiting]).toEqual([expected, []]);
});

it("takes the words of a button that was never shown here as an answer", () => {
  const rules = asking("save: dialog.x");
  expect(saidBack(rules, [said("hello"), said("Delivery")])[1]).toEqual(THANKS("Delivery"));
});

it("a new question of the dialog replaces the open one", () => {
  const rules = rulebook(`
- rule: First
  when: {message_is: hello}
  do:
    - ask: First?
      no_answer: {after: 1h, do: [{note: Never.}]}
    - reply: "First {{ answer }}."
- rule: Second
  when: {dialog: assigned}
  do:
    - ask: Second?
    - reply: "Second {{ answer }}."
`);
  const assigned = happened("dialog_assign", {
    dialog: { id: DIALOG, chat_id: 5301, responsible: { type: "bot", id: 9, assigned_at: "2026-11-20T12:00:00Z" } },
  });
  const [first, second, last] = conversation(rules, [said("hello"), assigned, said("x")]);
  expect(second && shortly(second)).toEqual(["public: Second?"]);
  expect(second?.endedRunIds).toEqual([first?.runs[0]?.id]);
  expect(second?.timers).toEqual(
    expect.arrayContaining([expect.objectContaining({ key: `run:${first?.runs[0]?.id}`, at: null })]),
  );
  expect(second?.state.waiting.map(({ run }) => run.ruleId)).toEqual(["Second"]);
  expect(last && shortly(last)).toEqual(["public: Second x."]);
});

it("the message that opens a dialog is not the answer to the question it is welcomed with", () => {
  const rules = rulebook(`
- rule: Welcome
  when: {dialog: opened}
  do:
    - ask: Your name?
    - reply: "Hello {{ answer }}."
- rule: Prices
  when: {message_has: price}
  do: [{reply: Ten.}]
`);
  const start = world({ dialog: { openedDone: false, messages: 0, customerMessages: 0, openedAt: NOON } });
  expect(saidBack(rules, [said("price?"), said("Ana")], start)).toEqual([
    ["public: Your name?", "public: Ten."],
    ["public: Hello Ana."],
  ]);
});

const fromManager = (scope: "public" | "private") => said("I am here.", { from: "manager", scope });
const closed = () =>
  happened("dialog_closed", { dialog: { id: DIALOG, chat_id: 5301, closed_at: "2026-11-20T12:00:00Z" } });

const endings: readonly { what: string; event: () => Event; plain: number; withNoAnswer: number }[] = [
  { what: "a manager's public message", event: () => fromManager("public"), plain: 0, withNoAnswer: 1 },
  { what: "a manager's note", event: () => fromManager("private"), plain: 1, withNoAnswer: 1 },
  { what: "a manager's command", event: () => command("/help"), plain: 1, withNoAnswer: 1 },
  { what: "another bot's message", event: () => said("Hi", { from: "bot" }), plain: 1, withNoAnswer: 1 },
  { what: "the bot's own echo", event: () => said("Well?", { from: "self" }), plain: 1, withNoAnswer: 1 },
  { what: "the dialog's close", event: closed, plain: 0, withNoAnswer: 0 },
];

it.each(endings)("$what leaves $plain questions open without `no_answer`, $withNoAnswer with it", (row) => {
  const head = "commands: {help: Help}";
  const left = (keys: string) => {
    const last = conversation(asking(keys, head), [said("hello"), row.event()]).at(-1);
    return [last?.state.waiting.length, last?.endedRunIds.length];
  };
  expect(left("save: dialog.x")).toEqual([row.plain, 1 - row.plain]);
  expect(left("no_answer: {do: [{note: x}]}")).toEqual([row.withNoAnswer, 1 - row.withNoAnswer]);
  expect(left("no_answer: {after: 1h}")).toEqual([row.withNoAnswer, 1 - row.withNoAnswer]);
});

it("is not asked where the bot may not speak, and then nothing follows", () => {
  const plan = decideOn(asking("save: dialog.x"), said("hello"), world({ dialog: { lastManagerAt: NOON - 1000 } }));
  expect([shortly(plan), plan.verdicts[0]?.steps.map(({ reason }) => reason), plan.state.waiting]).toEqual([
    [],
    ["quiet"],
    [],
  ]);
});

it("is not asked where the loop guard withholds it, and then nothing follows", () => {
  const unanswered = Array.from({ length: 11 }, (_, index) => `said ${index}`);
  const rules = rulebook("- rule: A\n  when: {dialog: assigned}\n  do: [{ask: Well?}, {note: Done.}]");
  const assigned = happened("dialog_assign", { dialog: { id: DIALOG, chat_id: 5301 } });
  const plan = decideOn(rules, assigned, world({ chat: { unanswered } }));
  expect(plan.verdicts[0]?.steps).toEqual([expect.objectContaining({ action: "ask", reason: "loop" })]);
  expect([plan.runs, plan.state.waiting]).toEqual([[], []]);
});

it("counts an answer as the last word that the run has heard", () => {
  const at = NOON + 20 * MINUTE;
  const [, answered] = conversation(asking("save: dialog.x"), [said("hello"), said("Oslo", { at })]);
  expect(answered?.calls[0]?.guard).toMatchObject({ inputAt: at, heardAt: at });
});

it("ends when its rule is no more, and the message is judged by the rules that are", () => {
  const asked = decideOn(asking("save: dialog.x"), said("hello"));
  const now = rulebook("- rule: Else\n  when: {message: any}\n  do: [{reply: What?}]");
  const plan = decideOn(now, said("Oslo"), asked.state);
  expect([shortly(plan), plan.endedRunIds]).toEqual([["public: What?"], [asked.runs[0]?.id]]);
});

it("finishes under the rule it began with when that has changed", () => {
  const asked = decideOn(asking("save: dialog.x"), said("hello"));
  const now = rulebook("- rule: Ask\n  when: {message: any}\n  do: [{reply: New.}]");
  expect(shortly(decideOn(now, said("Oslo"), asked.state))).toEqual(THANKS("Oslo"));
});

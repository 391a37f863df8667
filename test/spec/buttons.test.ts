import { expect, it } from "vitest";
import type { Event } from "../../src/types/event.ts";
import { command, conversation, inShort, NOON, rulebook, said, shortly, whatsapp, world } from "../engine/world.ts";

/** Spec 4.1 "Buttons": a bare number means a button only if the bot's last public message in the dialog listed it. */
const RULES = rulebook(
  `
- rule: Ask
  when: {message_is: hi}
  do: [{reply: Where to?, buttons: [Madrid, Another city]}]
- rule: Madrid
  when: {message_is: madrid, from: anyone}
  do: [{note: "Chose {{ message.text }}"}]
- rule: Note
  when: {message_is: note}
  do: [{note: Seen.}]
- rule: Raw
  when: {message_is: raw}
  do: [{bot_api: {operation: sendMessage, scope: public, type: text, content: Hm.}}]
- rule: Raw note
  when: {message_is: raw note}
  do: [{bot_api: {operation: sendMessage, scope: private, type: text, content: Hm.}}]
- rule: Card
  when: {message_is: card}
  do: [{send_product: {id: 1, name: Tea}}]
- rule: Help
  when: {command: help}
  do: [{reply: To staff.}]
`,
  "commands: {help: Help}",
);

const plain = world({ channel: whatsapp });
const at = (seconds: number) => ({ at: NOON + seconds * 1000 });

/** Does `1` mean Madrid after the buttons and this? */
function understood(between: readonly Event[], one: Event = said("1", at(60))): boolean {
  const plans = conversation(RULES, [said("hi"), ...between, one], plain);
  return plans.at(-1)?.calls.some((call) => inShort(call) === "private: Chose Madrid") ?? false;
}

it.each([
  { what: "nothing", between: [], means: true },
  { what: "a note of the bot", between: [said("note", at(1))], means: true },
  { what: "a raw note of the bot", between: [said("raw note", at(1))], means: true },
  { what: "an answer to a manager's command", between: [command("/help", at(1))], means: true },
  { what: "a manager's words", between: [said("Hello", { from: "manager", ...at(1) })], means: true },
  { what: "another public text of the bot", between: [said("raw", at(1))], means: false },
  { what: "a card of the bot", between: [said("card", at(1))], means: false },
])("after the list and $what: $means", ({ between, means }) => {
  expect(understood(between)).toBe(means);
});

it.each([
  { one: said("1.", at(60)), what: "with a full stop", means: true },
  { one: said("1", at(24 * 3600)), what: "at the end of 24 h", means: true },
  { one: said("1", at(24 * 3600 + 1)), what: "after 24 h", means: false },
  { one: said("3", at(60)), what: "that is not in the list", means: false },
  { one: said("1 please", at(60)), what: "with more words", means: false },
  { one: said("1", { ...at(60), from: "manager" }), what: "of a manager", means: false },
  { one: said("1", { ...at(60), more: { dialog: { id: 8000 } } }), what: "in another dialog", means: false },
])("a number $what: $means", ({ one, means }) => {
  expect(understood([], one)).toBe(means);
});

it("the channel's own buttons list nothing: a number there is a number", () => {
  const plans = conversation(RULES, [said("hi"), said("1", at(60))]);
  expect(plans.map(shortly)).toEqual([["public: Where to?"], []]);
});

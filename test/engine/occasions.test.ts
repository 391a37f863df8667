import { expect, it } from "vitest";
import { newDialog } from "../../src/types/state.ts";
import {
  ANNA,
  CHAT,
  command,
  conversation,
  DIALOG,
  decideOn,
  firedIn,
  happened,
  IVAN,
  NOON,
  rulebook,
  said,
  shortly,
  world,
} from "./world.ts";

const WELCOME = rulebook(`
- rule: Welcome
  when: {dialog: opened}
  do: [{reply: Welcome!}]
- rule: Answer
  when: {message: any}
  do: [{reply: An answer.}]
`);

const fresh = (over = {}) => world({ dialog: { ...newDialog(DIALOG, CHAT, NOON), ...over } });

it("opens a dialog once, before its first message's own rules, and lets both speak", () => {
  const first = said("hello", { id: 500 });
  const plans = conversation(
    WELCOME,
    [first, said("again", { id: 501, at: NOON + 9000 })],
    fresh({ beginMessageId: 500 }),
  );
  expect(plans.map(shortly)).toEqual([["public: Welcome!", "public: An answer."], ["public: An answer."]]);
});

it.each([
  { begin: "the message itself", state: fresh({ beginMessageId: 500 }), opened: true },
  { begin: "another message", state: fresh({ beginMessageId: 499 }), opened: false },
  { begin: "no message (a manager opened it)", state: fresh({ beginMessageId: "none" }), opened: false },
  { begin: "not known, at its opening", state: fresh(), opened: true },
  { begin: "not known, long after its opening", state: fresh({ openedAt: NOON - 60_000 }), opened: false },
  { begin: "not known, after a manager's message", state: fresh({ messages: 1 }), opened: false },
])("a dialog begun by $begin: `dialog: opened` is $opened", ({ state, opened }) => {
  expect(firedIn(decideOn(WELCOME, said("hello", { id: 500 }), state)).includes("Welcome")).toBe(opened);
});

it("waits for the message when the frame about the dialog comes first", () => {
  const row = { id: DIALOG, created_at: new Date(NOON).toISOString(), begin_message_id: 500, responsible: null };
  const opened = happened("dialog_opened", { dialog: { ...row, chat: { id: CHAT } } });
  const plans = conversation(WELCOME, [opened, said("hello", { id: 500 })], world({ dialog: null }));
  expect(plans.map(shortly)).toEqual([[], ["public: Welcome!", "public: An answer."]]);
});

it("does not open a dialog twice when its frame comes after the message", () => {
  const row = { id: DIALOG, created_at: new Date(NOON).toISOString(), begin_message_id: 500, responsible: null };
  const opened = happened("dialog_opened", { dialog: { ...row, chat: { id: CHAT } } });
  const plans = conversation(WELCOME, [said("hello", { id: 500 }), opened, said("more", { id: 502 })], fresh());
  expect(plans.map(shortly)).toEqual([["public: Welcome!", "public: An answer."], [], ["public: An answer."]]);
});

it("does not open a dialog that a manager's message began", () => {
  const managers = said("Hello from us", { id: 500, from: "manager" });
  const plans = conversation(
    WELCOME,
    [managers, said("hi", { id: 501, at: NOON + 40 * 60_000 })],
    fresh({ beginMessageId: 500 }),
  );
  expect(plans.flatMap(firedIn)).toEqual(["Answer"]);
});

const EVERYTHING = `
- rule: From anyone
  when: {message: any, from: anyone}
  do: [{note: Seen.}]
- rule: Raw
  when: {event: message_new, from: anyone}
  do: [{note: Raw.}]
`;

it("fails without the ear for its own echo: never starts anything by its own messages", () => {
  expect(decideOn(rulebook(EVERYTHING), said("echo", { from: "self" })).verdicts).toEqual([]);
  expect(decideOn(rulebook(EVERYTHING), said("echo", { from: "self", event: "message_updated" })).verdicts).toEqual([]);
});

it("treats every bot's message as its own while it does not know its id", () => {
  const state = world();
  const unsure = { ...state, directory: { ...state.directory, bot: { id: 0, name: "" } } };
  expect(decideOn(rulebook(EVERYTHING), said("hi", { from: "bot" }), unsure).verdicts).toEqual([]);
});

it.each([
  { from: "customer" as const, rule: "message: any", fires: true },
  { from: "manager" as const, rule: "message: any", fires: false },
  { from: "bot" as const, rule: "message: any", fires: false },
  { from: "manager" as const, rule: "message: any, from: manager", fires: true },
  { from: "bot" as const, rule: "message: any, from: bot", fires: true },
  { from: "bot" as const, rule: "message: any, from: anyone", fires: true },
  { from: "bot" as const, rule: "event: message_new", fires: false },
  { from: "customer" as const, rule: "event: message_new", fires: true },
])("a message from a $from and {$rule}: fires is $fires", ({ from, rule, fires }) => {
  const rules = rulebook(`- rule: R\n  when: {${rule}}\n  do: [{note: Seen.}]`);
  expect(firedIn(decideOn(rules, said("hi", { from })))).toEqual(fires ? ["R"] : []);
});

it("never matches commands, system messages or edits with message rules", () => {
  const rules = rulebook(`
- rule: M
  when: {message: any, from: anyone}
  do: [{note: Seen.}]
`);
  const system = said(null, { type: "system", scope: "private", more: { from: null, action: "user_joined" } });
  expect(firedIn(decideOn(rules, command("/delivery")))).toEqual([]);
  expect(firedIn(decideOn(rules, system))).toEqual([]);
  expect(firedIn(decideOn(rules, said("edited", { event: "message_updated" })))).toEqual([]);
});

const COMMANDS = rulebook(
  `
- rule: Delivery
  when: {command: delivery}
  do: [{reply: "You asked: {{ command.args or 'nothing' }}."}]
`,
  "commands: {delivery: Ways of delivery}",
);

it("answers a manager's command privately, with its arguments", () => {
  expect(shortly(decideOn(COMMANDS, command("/delivery express, please")))).toEqual([
    "private: You asked: express, please.",
  ]);
  expect(shortly(decideOn(COMMANDS, command("/Delivery")))).toEqual(["private: You asked: nothing."]);
});

it("ignores commands of other bots, and lines that customers begin with a slash", () => {
  expect(decideOn(COMMANDS, command("/payment")).verdicts).toEqual([]);
  expect(firedIn(decideOn(COMMANDS, said("/delivery")))).toEqual([]);
});

it.each([
  { rule: "dialog: assigned", event: "dialog_assign" },
  { rule: "dialog: closed", event: "dialog_closed" },
])("$event is the occasion of {$rule}", ({ rule, event }) => {
  const rules = rulebook(`- rule: R\n  when: {${rule}}\n  do: [{reply: "{{ manager.name or 'nobody' }} is here."}]`);
  const responsible = { id: ANNA.id, type: "user", assigned_at: new Date(NOON).toISOString() };
  const dialog = { id: DIALOG, created_at: new Date(NOON).toISOString(), responsible, chat: null };
  const plan = decideOn(rules, happened(event, { dialog, chat: { id: CHAT } }));
  expect(shortly(plan)).toEqual(["public: Anna Petrova is here."]);
});

it("says who was responsible before", () => {
  const rules = rulebook(
    `- rule: R\n  when: {dialog: assigned}\n  do: [{note: "{{ previous.manager.name or 'nobody' }} -> {{ manager.name or 'nobody' }}"}]`,
  );
  const dialog = { id: DIALOG, created_at: new Date(NOON).toISOString(), responsible: { id: ANNA.id, type: "user" } };
  const state = world({ dialog: { responsible: { type: "user", id: IVAN.id, assignedAt: 0 } } });
  expect(shortly(decideOn(rules, happened("dialog_assign", { dialog, chat: { id: CHAT } }), state))).toEqual([
    "private: Ivan Sidorov -> Anna Petrova",
  ]);
});

it("reports a colleague's presence when it changes, not whenever it is told", () => {
  const rules = rulebook(
    `- rule: R\n  when: {manager: online}\n  do: [{set: {chat.x: 1}}]`.replace("{set: {chat.x: 1}}", "{stop: true}"),
  );
  const user = { id: IVAN.id, type: "user", name: IVAN.name };
  const online = happened("user_online_updated", { user, online: true, connected: true }, { chatId: null });
  const state = { ...world({ dialog: null }), chat: null, customer: null };
  const plans = conversation(rules, [online, { ...online, key: "again" }], state);
  expect(plans.map(firedIn)).toEqual([["R"], []]);
});

it.each([
  { type: "user_joined_chat", rule: "manager: joined" },
  { type: "user_left_chat", rule: "manager: left" },
])("$type is the occasion of {$rule}, with that colleague as `manager`", ({ type, rule }) => {
  const rules = rulebook(`- rule: R\n  when: {${rule}}\n  do: [{note: "{{ manager.name or '?' }}"}]`);
  const user = { id: IVAN.id, type: "user", name: IVAN.name };
  expect(shortly(decideOn(rules, happened(type, { chat: { id: CHAT }, user, reason: "leave" })))).toEqual([
    "private: Ivan Sidorov",
  ]);
});

it("starts `reply_failed` when the gateway reports an own public message as failed", () => {
  const rules = rulebook(`- rule: R\n  when: {reply_failed: any}\n  do: [{note: "Not delivered: {{ message.text }}"}]`);
  const failed = (more: object) =>
    said("Order is on its way.", { from: "self", event: "message_updated", more: { ...more } });
  expect(shortly(decideOn(rules, failed({ status: "failed" })))).toEqual([
    "private: Not delivered: Order is on its way.",
  ]);
  expect(decideOn(rules, failed({ status: "sent" })).verdicts).toEqual([]);
});

it("knows the customer's first message in the dialog", () => {
  const rules = rulebook(`- rule: R\n  when: {message: any, first: true}\n  do: [{note: First.}]`);
  const plans = conversation(rules, [said("one", { id: 500 }), said("two")], fresh({ beginMessageId: 500 }));
  expect(plans.map(firedIn)).toEqual([["R"], []]);
});

it("does not call a message first in a dialog that began before the bot knew it", () => {
  const rules = rulebook(`- rule: R\n  when: {message: any, first: true}\n  do: [{note: First.}]`);
  expect(firedIn(decideOn(rules, said("later", { id: 700 }), fresh({ beginMessageId: 500 })))).toEqual([]);
});

import { expect, it } from "vitest";
import { ACTIONS } from "../../src/actions/index.ts";
import type { Dialog } from "../../src/types/state.ts";
import { ANNA, command, decideOn, IVAN, NOON, rulebook, said, shortly, world } from "../engine/world.ts";

/** Spec section 4, **do**: "Any action may carry `if:`". What each needs to have something to do stands beside it. */
const SAMPLES: Readonly<Record<string, { readonly raw: string; readonly dialog?: Partial<Dialog> }>> = {
  reply: { raw: "reply: Hi" },
  note: { raw: "note: Hi" },
  send_image: { raw: "send_image: https://shop.example/a.png" },
  send_file: { raw: "send_file: https://shop.example/a.pdf" },
  send_product: { raw: "send_product: {id: 1, name: Tea}" },
  send_order: { raw: "send_order: {number: 4117A}" },
  assign: { raw: "assign: Anna Petrova" },
  queue: { raw: "queue: sales" },
  unassign: { raw: "unassign: true", dialog: { responsible: { type: "user", id: ANNA.id, assignedAt: 0 } } },
  close: { raw: "close: true" },
  open_dialog: { raw: "open_dialog: true", dialog: { closedAt: NOON - 1 } },
  tag: { raw: "tag: vip" },
  untag: { raw: "untag: vip", dialog: { tags: ["vip"] } },
  edit: { raw: "edit: Better so" },
  delete: { raw: "delete: true" },
  set: { raw: "set: {dialog.topic: tea}" },
  choose: { raw: "choose: [{do: [{note: Hi}]}]" },
  stop: { raw: "stop: true" },
  mute: { raw: "mute: 2h" },
  unmute: { raw: "unmute: true" },
  bot_api: { raw: "bot_api: {operation: closeDialog}" },
  ask: { raw: "ask: Which city?" },
  wait: { raw: "wait: 5m" },
  run: { raw: "run: Greet" },
  look_up: { raw: "look_up: order" },
  http: { raw: "http: {url: https://shop.example/stock}" },
};

it("knows every action that there is", () => {
  expect(Object.keys(SAMPLES)).toEqual(ACTIONS.map(({ name }) => name));
});

const FLOW = "teams: {sales: {people: [Anna Petrova]}}\nflows: [{flow: Greet, do: [{note: Hi}]}]";

it.each(Object.entries(SAMPLES))("%s may carry `if:`", (_name, { raw, dialog }) => {
  const rules = rulebook(
    `- rule: R\n  when: {message: any}\n  do:\n    - ${raw}\n      if: {is: {message.text: yes}}`,
    FLOW,
  );
  const first = (text: string) => decideOn(rules, said(text), world({ dialog: dialog ?? {} })).verdicts[0]?.steps[0];
  expect(first("yes")?.did).not.toBe("nothing");
  expect(first("no")).toMatchObject({ did: "nothing", reason: "if" });
});

const HEAD = "commands: {help: Help}";
const replyTo = (to: string) => `reply: Hi\n      to: ${to}`;

it.each([
  { what: "a customer's message", when: "{message: any}", action: "reply: Hi", says: "public: Hi" },
  { what: "a customer's message", when: "{message: any}", action: replyTo("managers"), says: "private: Hi" },
  { what: "a customer's message", when: "{message: any}", action: "note: Hi", says: "private: Hi" },
  { what: "a manager's command", when: "{command: help}", action: "reply: Hi", says: "private: Hi" },
  { what: "a manager's command", when: "{command: help}", action: replyTo("customer"), says: "public: Hi" },
  { what: "a manager's command", when: "{command: help}", action: "note: Hi", says: "private: Hi" },
  {
    what: "a manager's note",
    when: "{message: any, from: manager}",
    action: "reply: Hi",
    says: "private: Hi",
  },
])("after $what {$action} says $says", ({ what, when, action, says }) => {
  const rules = rulebook(`- rule: R\n  when: ${when}\n  do:\n    - ${action}`, HEAD);
  const event = what.endsWith("command")
    ? command("/help")
    : said("x", what.includes("manager") ? { from: "manager", scope: "private" } : {});
  expect(shortly(decideOn(rules, event))).toEqual([says]);
});

it("`to: customer` after a manager's public words waits for the quiet like any public speech", () => {
  const rules = rulebook(`- rule: R\n  when: {command: help}\n  do:\n    - ${replyTo("customer")}`, HEAD);
  const state = world({ dialog: { lastManagerAt: NOON - 1000 } });
  expect(shortly(decideOn(rules, command("/help"), state))).toEqual([]);
});

it("`choose` takes the first entry that holds, and none where none does", () => {
  const rules = rulebook(`
- rule: R
  when: {message: any}
  do:
    - choose:
        - if: {is: {message.text: a}}
          do: [{note: First.}]
        - if: {contains: {message.text: a}}
          do: [{note: Second.}]
    - note: After.
`);
  const says = (text: string) => shortly(decideOn(rules, said(text)));
  expect(says("a")).toEqual(["private: First.", "private: After."]);
  expect(says("ab")).toEqual(["private: Second.", "private: After."]);
  expect(says("b")).toEqual(["private: After."]);
});

it("`set`: later rules and conditions read what an earlier event stored", () => {
  const rules = rulebook(`
- rule: Keep
  when: {message_has: tea}
  do: [{set: {dialog.topic: tea, customer.likes: tea, chat.seen: true}}]
- rule: Use
  when: {message_is: more}
  if: {is: {dialog.topic: tea, customer.likes: tea, chat.seen: true}}
  do: [{note: "More {{ dialog.topic or 'of what' }}."}]
`);
  const kept = decideOn(rules, said("tea please")).state;
  expect(shortly(decideOn(rules, said("more"), kept))).toEqual(["private: More tea."]);
  expect(shortly(decideOn(rules, said("more")))).toEqual([]);
});

it("an action that fails harms itself alone", () => {
  const rules = rulebook("- rule: R\n  when: {message: any}\n  do: [{reply: '{{ message.text }}'}, {note: Goes on.}]");
  const plan = decideOn(rules, said("x".repeat(20_001)), world({ people: [IVAN] }));
  expect(shortly(plan)).toEqual(["private: Goes on."]);
  expect(plan.verdicts[0]?.steps[0]?.reason).toBe(
    "error: the text could not be made: it is longer than 20000 characters",
  );
});

import { expect, it } from "vitest";
import { resume } from "../../src/engine/resume.ts";
import type { CallOutcome, Plan } from "../../src/types/plan.ts";
import type { Rulebook } from "../../src/types/rule.ts";
import type { State } from "../../src/types/state.ts";
import {
  ANNA,
  CHAT,
  command,
  DIALOG,
  decideOn,
  IVAN,
  NOON,
  OLGA,
  type Over,
  type person,
  rulebook,
  said,
  shortly,
  telegram,
  whatsapp,
  world,
} from "../engine/world.ts";

const HEAD = `
commands: {help: Help}
teams:
  sales: {people: [Anna Petrova, ivan@shop.example], max_open: 2}
  leads: {crm_group: team-leads}
`;

/** The plan of one rule with these actions (flow or block YAML of a list) for a customer's message. */
function planOf(actions: string, state: State = world(), event = said("hello", { id: 500 })): Plan {
  return decideOn(rulesWith(actions), event, state);
}

function rulesWith(actions: string): Rulebook {
  return rulebook(`- rule: R\n  when: {message: any, from: anyone}\n  do:\n${actions.replace(/^/gm, "    ")}`, HEAD);
}

const steps = (plan: Plan) =>
  plan.verdicts[0]?.steps.map(({ did, reason }) => `${did}${reason === null ? "" : `: ${reason}`}`);

/** Goes on with the one run that waits, as if its call had ended so. */
function goOn(rules: Rulebook, plan: Plan, outcome: CallOutcome): Plan {
  const [run] = plan.runs;
  const [rule] = rules.rules;
  if (run?.waitsFor?.kind !== "call" || rule === undefined) throw new Error("no run waits");
  const input = { kind: "result" as const, key: run.waitsFor.key, at: NOON, outcome };
  return resume({ rulebook: rules, rule, run, state: plan.state, input, now: NOON + 1000 });
}

it.each([
  { actions: "- reply: Hello {{ customer.first_name or 'there' }}!", says: ["public: Hello Marta!"] },
  { actions: "- reply: Hi.\n  to: managers", says: ["private: Hi."] },
  { actions: "- note: About {{ customer.last_name or '?' }}", says: ["private: About Lind"] },
  { actions: "- reply: '{{ dialog.topic or customer.email or \"\" }}'\n- set: {dialog.topic: ''}", says: [] },
])("$actions says $says", ({ actions, says }) => {
  expect(shortly(planOf(actions))).toEqual(says);
});

it.each([
  { language: "es", says: "public: Hola" },
  { language: "es-MX", says: "public: Hola" },
  { language: "de", says: "public: Hello" },
  { language: null, says: "public: Hello" },
])("answers a customer whose language is $language with $says", ({ language, says }) => {
  const actions = "- reply:\n    es: Hola\n    en: Hello";
  expect(shortly(planOf(actions, world({ customer: { language } })))).toEqual([says]);
});

it("takes the first language where neither the customer's nor the configured one is there", () => {
  expect(shortly(planOf("- reply:\n    fr: Bonjour\n    de: Hallo"))).toEqual(["public: Bonjour"]);
});

it("notes are in the staff's language whatever the customer speaks", () => {
  expect(shortly(planOf("- note: {es: Nota, en: Note}", world({ customer: { language: "es" } })))).toEqual([
    "private: Note",
  ]);
});

it("shows buttons as the channel's own suggestions", () => {
  const [call] = planOf("- reply: Where to?\n  buttons: [Madrid, Another city]").calls;
  expect(call?.call.body).toEqual({
    chat_id: CHAT,
    scope: "public",
    type: "text",
    content: "Where to?",
    transport_attachments: {
      suggestions: [
        { type: "text", title: "Madrid" },
        { type: "text", title: "Another city" },
      ],
    },
  });
});

it("lists buttons with numbers where the channel has none, and understands the number", () => {
  const rules = rulebook(`
- rule: Ask
  when: {message_is: hi}
  do: [{reply: Where to?, buttons: [Madrid, Another city]}]
- rule: Madrid
  when: {message_is: madrid}
  do: [{reply: "Tomorrow, {{ message.text }}."}]
`);
  const first = decideOn(rules, said("hi"), world({ channel: whatsapp }));
  expect(shortly(first)).toEqual(["public: Where to?\n1. Madrid\n2. Another city"]);
  expect(shortly(decideOn(rules, said("1", { at: NOON + 1000 }), first.state))).toEqual(["public: Tomorrow, Madrid."]);
  expect(shortly(decideOn(rules, said("1", { at: NOON + 25 * 3_600_000 }), first.state))).toEqual([]);
  expect(shortly(decideOn(rules, said("3", { at: NOON + 1000 }), first.state))).toEqual([]);
});

it("understands a number only while the bot's last public message listed it", () => {
  const rules = rulebook(`
- rule: Ask
  when: {message_is: hi}
  do: [{reply: Where to?, buttons: [Madrid]}]
- rule: Madrid
  when: {message_is: madrid}
  do: [{reply: Tomorrow.}]
- rule: Else
  when: {message: any}
  do: [{reply: Hm.}]
`);
  const first = decideOn(rules, said("hi"), world({ channel: whatsapp }));
  const second = decideOn(rules, said("what?", { at: NOON + 1000 }), first.state);
  expect(shortly(decideOn(rules, said("1", { at: NOON + 2000 }), second.state))).toEqual(["public: Hm."]);
});

it("splits a text that is longer than the channel allows, with the buttons under the last piece", () => {
  const channel = telegram({ maxChars: 40 });
  const plan = planOf(
    "- reply: One sentence of some length. Another one that is longer.\n  buttons: [Fine]",
    world({ channel }),
  );
  expect(shortly(plan)).toEqual(["public: One sentence of some length.", "public: Another one that is longer."]);
  expect(plan.calls.map(({ call }) => call.body?.transport_attachments !== undefined)).toEqual([false, true]);
});

it("quotes the message it answers, where the channel can", () => {
  const quoteIn = (state: State) => planOf("- reply: Yes.\n  quote: true", state).calls[0]?.call.body?.quote_message_id;
  expect(quoteIn(world())).toBe(500);
  expect(quoteIn(world({ channel: whatsapp }))).toBeUndefined();
});

const busy = (people: readonly ReturnType<typeof person>[], over: Over = {}) => world({ people, ...over });

it.each([
  { to: "sales", state: world(), gets: { user_id: ANNA.id }, team: "sales" },
  {
    to: "sales",
    state: busy([
      { ...ANNA, online: false },
      { ...IVAN, online: true },
    ]),
    gets: { user_id: IVAN.id },
    team: "sales",
  },
  { to: "sales", state: world({ openDialogs: { [ANNA.id]: 2 } }), gets: null, team: null },
  { to: "sales", state: busy([{ ...ANNA, available: false }]), gets: null, team: null },
  { to: "sales", state: busy([{ ...ANNA, technical: true }]), gets: null, team: null },
  { to: "leads", state: world(), gets: { user_id: OLGA.id }, team: "leads" },
  { to: "Anna Petrova", state: world(), gets: { user_id: ANNA.id }, team: null },
  { to: "ivan@shop.example", state: world(), gets: { user_id: IVAN.id }, team: null },
  { to: "14", state: world(), gets: { user_id: OLGA.id }, team: null },
  { to: "Parrot", state: world(), gets: { bot_id: 77 }, team: null },
  { to: "Nobody Known", state: world(), gets: null, team: null },
])("assign: $to gives the dialog to $gets", ({ to, state, gets, team }) => {
  const nobody = gets === null ? "\n  nobody: [{note: Nobody there.}]" : "";
  const plan = planOf(`- assign: ${to}${nobody}`, state);
  if (gets === null) expect(shortly(plan)).toEqual(["private: Nobody there."]);
  else
    expect(plan.calls.map(({ call }) => call)).toEqual([
      { operation: "assignDialogResponsible", path: { dialog_id: DIALOG }, query: {}, body: gets },
    ]);
  expect(plan.state.dialog?.team ?? null).toBe(team);
});

it("gives a named person who is offline the dialog, unless the rule says what to do then", () => {
  expect(shortly(planOf("- assign: ivan@shop.example"))).toEqual(["assignDialogResponsible"]);
  expect(shortly(planOf("- assign: ivan@shop.example\n  nobody: [{note: Away.}]"))).toEqual(["private: Away."]);
});

it("goes on after `nobody:` with the next action", () => {
  const away = busy([{ ...ANNA, online: false }]);
  expect(shortly(planOf("- assign: sales\n  nobody: [{note: Away.}]\n- tag: waits", away))).toEqual([
    "private: Away.",
    "dialogAddTags",
  ]);
  expect(steps(planOf("- assign: sales\n- tag: waits", away))).toEqual(["nothing: nobody", "call"]);
});

it("leaves a dialog with the responsible person, and with a member of the team", () => {
  const annas = world({ dialog: { responsible: { type: "user", id: ANNA.id, assignedAt: 0 } } });
  expect(steps(planOf("- assign: Anna Petrova", annas))).toEqual(["nothing: already"]);
  expect(steps(planOf("- assign: sales", annas))).toEqual(["nothing: already"]);
});

it("does not fight over an assignment while the customer is silent", () => {
  expect(
    steps(planOf("- assign: Anna Petrova", world({ dialog: { assignedByBot: 2 } }), said("x", { from: "bot" }))),
  ).toEqual(["nothing: assign_limit"]);
});

it.each([
  {
    action: "unassign: true",
    call: "unassignDialogResponsible",
    ready: { responsible: { type: "user" as const, id: 12, assignedAt: 0 } },
    done: {},
  },
  { action: "close: true", call: "closeDialog", ready: {}, done: { closedAt: NOON - 1 } },
  { action: "tag: [vip, new]", call: "dialogAddTags", ready: {}, done: { tags: ["VIP", "New"] } },
  { action: "untag: vip", call: "dialogDeleteTags", ready: { tags: ["VIP"] }, done: {} },
])("$action calls $call where there is something to do", ({ action, call, ready, done }) => {
  expect(shortly(planOf(`- ${action}`, world({ dialog: ready })))).toEqual([call]);
  expect(steps(planOf(`- ${action}`, world({ dialog: done })))).toEqual(["nothing: already"]);
});

it("attaches only the tags that are missing, and takes off those present in the dialog's own spelling", () => {
  const state = world({ dialog: { tags: ["VIP"] } });
  expect(planOf("- tag: [vip, new]", state).calls[0]?.call.body).toEqual({ tags: [{ name: "new" }] });
  expect(planOf("- untag: [vip, gone]", state).calls[0]?.call.body).toEqual({ tags: [{ name: "VIP" }] });
});

it("stores values of the dialog, the customer and the chat", () => {
  const plan = planOf(
    '- set: {dialog.topic: tea, customer.vip: true, chat.note: "for {{ customer.first_name or 0 }}", dialog.count: 3}',
  );
  expect(plan.state.dialog?.variables).toEqual({ topic: "tea", count: 3 });
  expect(plan.state.customer?.variables).toEqual({ vip: true });
  expect(plan.state.chat?.variables).toEqual({ note: "for Marta" });
});

it.each([
  { action: "edit: Better so", operation: "editMessage", body: { content: "Better so" } },
  { action: "delete: true", operation: "deleteMessage", body: null },
])("$action means the bot's last message, whose id is filled in when it is sent", ({ action, operation, body }) => {
  const [planned] = planOf(`- ${action}`).calls;
  expect(planned).toMatchObject({ call: { operation, path: {}, body }, needs: "last_message" });
  expect(steps(planOf(`- ${action}`, world({ channel: whatsapp })))).toEqual(["nothing: unsupported"]);
});

it.each(["image", "file"])("sends a %s in two calls: upload by address, then the message", (kind) => {
  const rules = rulesWith(`- send_${kind}: https://shop.example/a\n  caption: Look\n- note: Done.`);
  const first = decideOn(rules, said("hi"));
  expect(first.calls.map(({ call }) => call)).toEqual([
    { operation: "uploadFileByUrl", path: {}, query: {}, body: { url: "https://shop.example/a" } },
  ]);
  const second = goOn(rules, first, { ok: true, body: { id: "0b8a7f4e", type: kind, size: 1 } });
  expect(second.calls[0]?.call.body).toEqual({
    chat_id: CHAT,
    scope: "public",
    type: kind,
    items: [{ id: "0b8a7f4e" }],
    note: "Look",
  });
  expect(shortly(second)).toEqual([`public: ${kind}`, "private: Done."]);
  expect(second.runs).toEqual([]);
});

it("goes on with the next action when an upload fails", () => {
  const rules = rulesWith("- send_image: https://shop.example/a\n- note: Done.");
  const second = goOn(rules, decideOn(rules, said("hi")), { ok: false, reason: "400" });
  expect(shortly(second)).toEqual(["private: Done."]);
  expect(steps(second)).toEqual(["nothing: upload_failed", "call"]);
});

it("says the address where the channel takes no images", () => {
  expect(
    shortly(planOf("- send_image: https://shop.example/a\n  caption: Look", world({ channel: whatsapp }))),
  ).toEqual(["public: Look\nhttps://shop.example/a"]);
});

const PRODUCT =
  "- send_product: {id: 40271, name: Oolong, article: 08, cost: {value: '{{ dialog.price or 12.5 }}', currency: EUR}, url: https://shop.example/p}\n- set: {dialog.price: 1}";

it("sends a product card with numbers where the API wants numbers and text where it wants text", () => {
  expect(planOf(PRODUCT.replace("08", "'08'")).calls[0]?.call.body).toEqual({
    chat_id: CHAT,
    scope: "public",
    type: "product",
    product: {
      id: 40271,
      name: "Oolong",
      article: "08",
      cost: { value: 12.5, currency: "EUR" },
      url: "https://shop.example/p",
    },
  });
});

it("sends cards as text where the channel shows none", () => {
  const plain = world({ channel: whatsapp });
  expect(shortly(planOf(PRODUCT, plain))).toEqual(["public: Oolong — 12.5 EUR\nhttps://shop.example/p"]);
  const order =
    "- send_order: {number: 4117A, status: {code: delivery, name: On its way}, cost: {value: 43.9, currency: EUR}}";
  expect(shortly(planOf(order, plain))).toEqual(["public: № 4117A — On its way — 43.9 EUR"]);
  expect(shortly(planOf(order))).toEqual(["public: order"]);
});

it("opens a dialog where none is open, and goes on in it", () => {
  const rules = rulesWith("- open_dialog: true\n- tag: reopened");
  const closed = world({ dialog: { closedAt: NOON - 1 } });
  const first = decideOn(rules, said("hi"), closed);
  expect(first.calls.map(({ call }) => call)).toEqual([
    { operation: "createDialog", path: { chat_id: CHAT }, query: {}, body: {} },
  ]);
  const second = goOn(rules, first, { ok: true, body: { id: 9001, created_at: "2026-11-20T12:00:01Z" } });
  expect(second.calls[0]?.call.path).toEqual({ dialog_id: 9001 });
  expect(second.state.dialog).toMatchObject({ id: 9001, tags: ["reopened"], openedDone: true });
  expect(steps(decideOn(rules, said("hi")))?.[0]).toBe("nothing: already");
});

it("calls any operation of the Bot API, filling chat and dialog from the event and typing templates as the API wants", () => {
  const actions =
    "- bot_api: {operation: sendMessage, scope: private, type: text, content: 'From {{ customer.first_name or 0 }}', quote_message_id: '{{ message.id }}'}";
  expect(planOf(actions).calls[0]?.call).toEqual({
    operation: "sendMessage",
    path: {},
    query: {},
    body: { chat_id: CHAT, scope: "private", type: "text", content: "From Marta", quote_message_id: 500 },
  });
  expect(planOf("- bot_api: {operation: closeDialog}").calls[0]?.call.path).toEqual({ dialog_id: DIALOG });
});

it.each([
  {
    raw: "{operation: sendMesage, content: x}",
    says: 'The Bot API has no operation "sendMesage" that a rule can use. | did you mean sendMessage?',
  },
  { raw: "{operation: closeDialog, dialog: 3}", says: 'This operation has no "dialog". | use one of dialog_id' },
  {
    raw: "{operation: sendMessage, scope: loud}",
    says: '"scope" does not fit this operation: it must be equal to one of the allowed values.',
  },
  { raw: "{operation: sendMessage, type: text}", says: 'This operation needs "scope".' },
  { raw: "{operation: uploadFile}", says: 'The Bot API has no operation "uploadFile" that a rule can use.' },
])("refuses bot_api: $raw at load", ({ raw, says }) => {
  expect(() => planOf(`- bot_api: ${raw}`)).toThrow(says);
});

it("withholds a public bot_api message like any other words", () => {
  const actions = "- bot_api: {operation: sendMessage, scope: public, type: text, content: Hi}";
  expect(steps(planOf(actions, world({ dialog: { lastManagerAt: NOON - 1 } })))).toEqual(["nothing: quiet"]);
});

it("gives every call of a run its own key, the same each time", () => {
  const plan = planOf("- reply: One.\n- note: Two.");
  expect(plan.calls.map(({ key }) => key)).toEqual(["message_new:500|R/1", "message_new:500|R/2"]);
  expect(planOf("- reply: One.\n- note: Two.").calls).toEqual(plan.calls);
});

it("answers a command privately even with buttons, which the staff cannot press", () => {
  const rules = rulebook("- rule: C\n  when: {command: help}\n  do: [{reply: Pick., buttons: [A, B]}]", HEAD);
  expect(decideOn(rules, command("/help")).calls[0]?.call.body).toEqual({
    chat_id: CHAT,
    scope: "private",
    type: "text",
    content: "Pick.",
  });
});

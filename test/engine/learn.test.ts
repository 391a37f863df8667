import { expect, it } from "vitest";
import { botsFrom, channelsFrom, dialogsFrom, peopleFrom } from "../../src/engine/documents.ts";
import { learn, missingFacts } from "../../src/engine/learn.ts";
import { noteSent } from "../../src/engine/sent.ts";
import { subjects } from "../../src/engine/subjects.ts";
import {
  ANNA,
  BOT,
  CHAT,
  CUSTOMER,
  conversation,
  DIALOG,
  dialog,
  firedIn,
  happened,
  IVAN,
  NOON,
  rulebook,
  said,
  world,
} from "./world.ts";

const list = (operation: string, id: number) => ({ operation, path: {}, query: { id }, body: null });
const unknown = { ...world({ dialog: null }), chat: null, customer: null };

it("asks the lists for what an event does not carry and the store does not know", () => {
  expect(missingFacts(said("hi"), unknown)).toEqual([
    list("listDialogs", DIALOG),
    list("listChats", CHAT),
    list("listCustomers", CUSTOMER),
  ]);
  expect(missingFacts(said("hi"), world())).toEqual([]);
});

it("asks again for a dialog's tags when the service note says that they changed, and for an unknown colleague", () => {
  const note = said(null, { type: "system", more: { from: null, action: "dialog_tag_added" } });
  expect(missingFacts(note, world())).toEqual([list("listDialogs", DIALOG)]);
  expect(missingFacts(said("hi", { from: "manager" }), world({ people: [] }))).toEqual([list("listUsers", ANNA.id)]);
});

it("asks nothing about events of no chat", () => {
  expect(missingFacts(happened("channel_updated", { channel: { id: 17 } }, { chatId: null }), unknown)).toEqual([]);
});

it("learns tags, first message and language from the rows", () => {
  const tagged = learn(world({ dialog: null }), list("listDialogs", DIALOG), [
    {
      id: DIALOG,
      chat_id: CHAT,
      begin_message_id: 500,
      tags: [{ name: "vip", color_code: "red" }],
      created_at: "2026-11-20T11:00:00Z",
    },
  ]);
  expect(tagged.dialog).toMatchObject({ id: DIALOG, beginMessageId: 500, tags: ["vip"], responsible: null });
  const known = learn(unknown, list("listCustomers", CUSTOMER), [
    { id: CUSTOMER, language: "es", first_name: "Marta" },
  ]);
  expect(known.customer).toMatchObject({ language: "es", firstName: "Marta" });
});

it("learns nothing from rows of other things", () => {
  const state = world();
  expect(learn(state, list("listDialogs", DIALOG), [{ id: 1, chat_id: CHAT }])).toBe(state);
  expect(learn(state, list("listDialogs", DIALOG), { errors: ["x"] })).toBe(state);
});

it("keeps what the shop stored when the profile changes", () => {
  const state = world({ customer: { variables: { size: "M" }, language: "es" } });
  const updated = happened(
    "customer_updated",
    { id: CUSTOMER, type: "customer", name: "M", email: "m@example.com" },
    { chatId: null },
  );
  const [plan] = conversation(rulebook("- rule: R\n  when: {message: any}\n  do: [{note: x}]"), [updated], state);
  expect(plan?.state.customer).toMatchObject({ variables: { size: "M" }, language: "es", email: "m@example.com" });
});

it("reads whose state an event touches, also without the chat inside", () => {
  expect(subjects(said("hi", { more: { channel_id: 17 } }))).toEqual({
    chatId: CHAT,
    dialogId: DIALOG,
    customerId: CUSTOMER,
    channelId: 17,
  });
  expect(subjects(said("x", { from: "manager", more: { dialog: null } }))).toMatchObject({
    dialogId: null,
    customerId: null,
  });
});

it("makes people of the two systems' rows: presence from one, e-mail and groups from the other", () => {
  const rows = [
    {
      id: 12,
      external_id: "24",
      first_name: "Anna",
      last_name: "Petrova",
      is_active: true,
      is_online: true,
      available: false,
      is_technical_account: false,
    },
  ];
  const crm = [{ id: 24, email: "anna@shop.example", groups: [{ name: "Sales", code: "sales" }] }];
  expect(peopleFrom(rows, crm)).toEqual([
    {
      id: 12,
      externalId: "24",
      name: "Anna Petrova",
      email: "anna@shop.example",
      groups: ["sales", "Sales"],
      active: true,
      online: true,
      available: false,
      technical: false,
    },
  ]);
});

it("reads a channel's abilities: missing blocks and `none` mean that it cannot", () => {
  const settings = {
    text: { creating: "both", editing: "send", max_chars_count: 500 },
    image: { creating: "receive" },
    suggestions: { text: "receive" },
    sending_policy: { after_reply_timeout: "template" },
  };
  expect(channelsFrom([{ id: 17, type: "telegram", name: "T", is_active: true, settings }])[0]?.abilities).toEqual({
    maxChars: 500,
    canSend: { text: true, image: true, file: false, product: false, order: false },
    canEdit: false,
    canDelete: false,
    canQuote: false,
    noteMaxChars: null,
    suggestions: { text: true, phone: false, email: false, url: false },
    outgoing: true,
    afterReplyTimeout: "template",
  });
});

it("leaves the bot itself out of the other bots", () => {
  expect(
    botsFrom([
      { id: 9, name: "Helper", is_self: true },
      { id: 77, name: "Parrot", is_self: false },
    ]),
  ).toEqual([{ id: 77, name: "Parrot" }]);
});

it("reads open dialogs and their responsible person", () => {
  const rows = [
    {
      id: 1,
      chat_id: 2,
      created_at: "2026-11-20T11:00:00Z",
      responsible: { id: 12, type: "user", assigned_at: null },
      tags: [],
      closed_at: null,
      begin_message_id: null,
    },
  ];
  expect(dialogsFrom(rows)[0]).toMatchObject({
    id: 1,
    chatId: 2,
    beginMessageId: "none",
    responsible: { type: "user", id: 12 },
  });
});

it("knows a dialog as closed, unassigned or assigned from service notes alone", () => {
  const rules = rulebook("- rule: R\n  when: {message: any}\n  do: [{note: x}]");
  const note = (action: string, more = {}) =>
    said(null, { type: "system", scope: "private", at: NOON + 5, more: { from: null, action, ...more } });
  const start = world({ dialog: { responsible: { type: "user", id: ANNA.id, assignedAt: 0 } } });
  const [unassigned] = conversation(rules, [note("dialog_unassign")], start);
  expect(unassigned?.state.dialog?.responsible).toBeNull();
  const [assigned] = conversation(
    rules,
    [note("dialog_assign", { responsible: { id: IVAN.id, type: "user", name: "I" } })],
    start,
  );
  expect(assigned?.state.dialog?.responsible).toMatchObject({ type: "user", id: IVAN.id });
  expect(assigned?.state.dialog?.previous).toMatchObject({ id: ANNA.id });
  const [closed] = conversation(rules, [note("dialog_closed")], start);
  expect(closed?.state.dialog?.closedAt).toBe(NOON + 5);
});

it("remembers the bot's last message from its echo and from the answer to its call", () => {
  const rules = rulebook("- rule: R\n  when: {message: any}\n  do: [{note: x}]");
  const [echo] = conversation(rules, [said("mine", { from: "self", id: 800 })]);
  expect(echo?.state.dialog?.lastOwnMessageId).toBe(800);
  const send = { operation: "sendMessage", path: {}, query: {}, body: { chat_id: CHAT } };
  expect(
    noteSent(dialog(), { call: send, outcome: { ok: true, body: { message_id: 801 } }, at: NOON }).lastOwnMessageId,
  ).toBe(801);
});

it("takes an assignment back when the call failed", () => {
  const call = {
    operation: "assignDialogResponsible",
    path: { dialog_id: DIALOG },
    query: {},
    body: { user_id: ANNA.id },
  };
  const before = { type: "user" as const, id: IVAN.id, assignedAt: 0 };
  const assigned = dialog({
    responsible: { type: "user", id: ANNA.id, assignedAt: 1 },
    previous: before,
    takenFrom: before,
    team: "sales",
  });
  expect(noteSent(assigned, { call, outcome: { ok: false, reason: "400" }, at: NOON })).toMatchObject({
    responsible: before,
    team: null,
  });
});

it.each([
  { does: "puts back", operation: "dialogAddTags", before: ["old"], ok: true, after: ["old", "vip"] },
  { does: "takes off again", operation: "dialogDeleteTags", before: ["old", "vip"], ok: true, after: ["old"] },
  { does: "leaves", operation: "dialogAddTags", before: ["old"], ok: false, after: ["old"] },
  { does: "leaves", operation: "dialogDeleteTags", before: ["vip"], ok: false, after: ["vip"] },
])("a call of $operation that ends ($ok) $does what the lists said of its tags", (row) => {
  const call = { operation: row.operation, path: { dialog_id: DIALOG }, query: {}, body: { tags: [{ name: "vip" }] } };
  const outcome = row.ok ? ({ ok: true, body: null } as const) : ({ ok: false, reason: "400" } as const);
  const listed = dialog({ tags: row.before });
  expect(noteSent(listed, { call, outcome, at: NOON }).tags).toEqual(row.after);
  const known = dialog({ tags: row.after });
  expect(noteSent(known, { call, outcome, at: NOON })).toBe(known);
});

it.each([
  { what: "its own", dialogId: DIALOG, ok: true, closedAt: NOON },
  { what: "its own, which fails,", dialogId: DIALOG, ok: false, closedAt: null },
  { what: "another dialog's", dialogId: DIALOG + 1, ok: true, closedAt: null },
])("a call that closes $what dialog leaves it closed at $closedAt, before the gateway's event", (row) => {
  const call = { operation: "closeDialog", path: { dialog_id: row.dialogId }, query: {}, body: null };
  const outcome = row.ok ? ({ ok: true, body: null } as const) : ({ ok: false, reason: "400" } as const);
  expect(noteSent(dialog(), { call, outcome, at: NOON }).closedAt).toBe(row.closedAt);
});

it("counts this bot as responsible as nobody", () => {
  const rules = rulebook("- rule: R\n  when: {message: any}\n  if: {assigned: false}\n  do: [{note: x}]");
  const fired = (responsible: { type: "user" | "bot"; id: number }) =>
    conversation(rules, [said("x")], world({ dialog: { responsible: { ...responsible, assignedAt: 0 } } })).flatMap(
      firedIn,
    );
  expect(fired({ type: "bot", id: BOT.id })).toEqual(["R"]);
  expect(fired({ type: "bot", id: 77 })).toEqual([]);
  expect(fired({ type: "user", id: ANNA.id })).toEqual([]);
});

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { neededEvents } from "../../src/engine/needs.ts";
import type { Event } from "../../src/types/event.ts";
import type { State } from "../../src/types/state.ts";
import {
  ANNA,
  BOT,
  CHAT,
  CUSTOMER,
  command,
  DIALOG,
  decideOn,
  firedIn,
  happened,
  IVAN,
  rulebook,
  said,
  shortly,
  telegram,
  whatsapp,
  world,
} from "../engine/world.ts";

/** Spec section 4, **when**: each value of each key, once where it holds and once where it does not. */
const fires = (when: string, event: Event, state: State = world()) =>
  firedIn(decideOn(rulebook(`- rule: R\n  when: {${when}}\n  do: [{stop: true}]`, HEAD), event, state)).length === 1;

const HEAD = "commands: {delivery: Ways, prices: Prices}";
const KINDS = ["text", "image", "file", "audio", "order", "product"];

it.each(KINDS)("message: %s takes messages of that kind, message: any takes all kinds", (kind) => {
  const taken = KINDS.filter((type) => fires(`message: ${kind}`, said(null, { type })));
  expect(taken).toEqual([kind]);
  expect(fires("message: any", said(null, { type: kind }))).toBe(true);
});

it.each([
  { when: "message_has: [delivery, my order]", text: "Where is MY ORDER?", holds: true },
  { when: "message_has: [delivery, my order]", text: "my new order", holds: false },
  { when: "message_has: доставк*", text: "Привёз бы кто доставку", holds: true },
  { when: "message_has: привез", text: "привёз", holds: true },
  { when: "message_has: envio", text: "¿Envío?", holds: true },
  { when: "message_has: delivery", text: "deliveries", holds: false },
  { when: "message_is: [hello, good day]", text: "Good day!", holds: true },
  { when: "message_is: [hello, good day]", text: "good day to you", holds: false },
  { when: 'message_matches: "order +[0-9]+"', text: "My ORDER  55 please", holds: true },
  { when: 'message_matches: "order +[0-9]+"', text: "my order please", holds: false },
])("{$when} and '$text': $holds", ({ when, text, holds }) => {
  expect(fires(when, said(text))).toBe(holds);
});

it("`message*` never matches commands, system messages or edits", () => {
  const others = [
    command("/hello"),
    said("hello", { type: "system", more: { from: null, action: "dialog_opened" } }),
    said("hello", { event: "message_updated" }),
    said("hello", { event: "message_restored" }),
  ];
  const keys = ["message: any", "message: text", "message_has: hello", "message_is: hello", "message_matches: hel+o"];
  const fired = keys.flatMap((key) => others.map((event) => fires(`${key}, from: anyone`, event)));
  expect(fired).toEqual(Array(20).fill(false));
  expect(keys.map((key) => fires(`${key}, from: anyone`, said("hello")))).toEqual(Array(5).fill(true));
});

it.each([
  { line: "/delivery", holds: true },
  { line: "/delivery to Madrid", holds: true },
  { line: "/prices", holds: false },
  { line: "/deliveryman", holds: false },
])("command: delivery and $line: $holds", ({ line, holds }) => {
  expect(fires("command: delivery", command(line))).toBe(holds);
});

it("a command that this bot did not declare is another bot's: not even raw rules see it", () => {
  const raw = "event: message_new, from: manager";
  expect([fires(raw, command("/prices")), fires(raw, command("/payment"))]).toEqual([true, false]);
});

const ivan = { id: IVAN.id, type: "user", name: IVAN.name };
const online = (now: boolean) =>
  happened("user_online_updated", { user: ivan, online: now, connected: now }, { chatId: null });
const state = (was: boolean): State => ({ ...world({ dialog: null, people: [{ ...IVAN, online: was }] }), chat: null });

it.each([
  { when: "manager: online", was: false, now: true, holds: true },
  { when: "manager: online", was: true, now: true, holds: false },
  { when: "manager: online", was: true, now: false, holds: false },
  { when: "manager: offline", was: true, now: false, holds: true },
  { when: "manager: offline", was: false, now: false, holds: false },
  { when: "manager: offline", was: false, now: true, holds: false },
])("{$when}, when online was $was and is $now: $holds", ({ when, was, now, holds }) => {
  expect(fires(when, online(now), state(was))).toBe(holds);
});

const dialogRow = { id: DIALOG, created_at: "2026-11-20T11:00:00Z", responsible: { id: ANNA.id, type: "user" } };
const inChat = { chat: { id: CHAT } };

/** One event of each raw type. */
const RAW: Readonly<Record<string, Event>> = {
  bot_updated: happened("bot_updated", { id: BOT.id, name: "Helper" }, { chatId: null }),
  channel_updated: happened("channel_updated", { channel: { id: 17, type: "telegram" } }, { chatId: null }),
  chat_created: happened("chat_created", inChat),
  chat_updated: happened("chat_updated", inChat),
  chats_deleted: happened("chats_deleted", { chat_ids: [1] }, { chatId: null }),
  customer_updated: happened("customer_updated", { id: CUSTOMER, first_name: "Marta" }, { chatId: null }),
  dialog_assign: happened("dialog_assign", { dialog: dialogRow, ...inChat }),
  dialog_closed: happened("dialog_closed", { dialog: dialogRow, ...inChat }),
  dialog_opened: happened("dialog_opened", { dialog: dialogRow }),
  message_deleted: said("x", { event: "message_deleted" }),
  message_new: said("x"),
  message_restored: said("x", { event: "message_restored" }),
  message_updated: said("x", { event: "message_updated" }),
  user_joined_chat: happened("user_joined_chat", { ...inChat, user: ivan }),
  user_left_chat: happened("user_left_chat", { ...inChat, user: ivan }),
  user_online_updated: online(true),
  user_updated: happened("user_updated", { ...ivan, is_active: true }, { chatId: null }),
};

const schema = JSON.parse(readFileSync(new URL("../../schemas/rules.schema.json", import.meta.url), "utf8"));
const types: readonly string[] = schema.$defs.match.properties.event.enum;

it("event: knows the 17 raw types", () => {
  expect(types).toEqual(Object.keys(RAW));
  expect(types).toHaveLength(17);
});

it.each(types)("event: %s takes that raw event and no other, and the socket asks for it", (type) => {
  const rules = rulebook(`- rule: R\n  when: {event: ${type}}\n  do: [{stop: true}]`);
  expect(Object.keys(RAW).filter((other) => firedIn(decideOn(rules, RAW[other] ?? said("x"))).length > 0)).toEqual([
    type,
  ]);
  expect(neededEvents(rules)).toContain(type);
});

it("the socket asks only for the event types that rulebook and engine need", () => {
  const needed = neededEvents(rulebook("- rule: R\n  when: {message: any}\n  do: [{stop: true}]"));
  expect(needed.filter((type) => !types.includes(type))).toEqual([]);
  expect(types.filter((type) => !needed.includes(type))).toEqual([
    "chat_created",
    "chat_updated",
    "message_deleted",
    "message_restored",
  ]);
});

const narrowed: readonly { when: string; event?: Event; state?: State; holds: boolean }[] = [
  { when: "from: bot", event: said("x", { from: "bot" }), holds: true },
  { when: "from: bot", holds: false },
  { when: "scope: public", holds: true },
  { when: "scope: private", holds: false },
  { when: "scope: private, from: manager", event: said("x", { from: "manager", scope: "private" }), holds: true },
  { when: "channel: '@Tea_House_Bot'", holds: true },
  { when: "channel: [17, other]", holds: true },
  { when: "channel: other", holds: false },
  { when: "channel_type: [viber, telegram]", holds: true },
  { when: "channel_type: viber", holds: false },
  { when: "channel_type: whatsapp", state: world({ channel: { ...whatsapp, type: "whatsapp" } }), holds: true },
  { when: "channel_type: telegram", state: world({ channel: { ...telegram(), id: 18 } }), holds: false },
];

it.each(narrowed)("narrowed by {$when}: $holds", ({ when, event, state: seen, holds }) => {
  expect(fires(`message: any, ${when}`, event ?? said("x"), seen)).toBe(holds);
});

it.each([
  { first: true, count: 0, from: "customer" as const, holds: true },
  { first: true, count: 1, from: "customer" as const, holds: false },
  { first: true, count: 1, from: "manager" as const, holds: false },
  { first: true, count: 1, from: "bot" as const, holds: false },
  { first: false, count: 0, from: "customer" as const, holds: false },
  { first: false, count: 1, from: "manager" as const, holds: true },
])("`first: $first` is about the customer's first message: $from, $count before: $holds", (row) => {
  const seen = world({ dialog: { customerMessages: row.count } });
  expect(fires(`message: any, from: anyone, first: ${row.first}`, said("x", { from: row.from }), seen)).toBe(row.holds);
});

it("`message_matches`: named groups become variables", () => {
  const rules = rulebook(
    '- rule: R\n  when: {message_matches: "order (?P<number>[0-9]+)"}\n  if: {more_than: {match.number: 50}}\n  do: [{note: "{{ match.number }}"}]',
  );
  expect(shortly(decideOn(rules, said("Order 55?")))).toEqual(["private: 55"]);
  expect(shortly(decideOn(rules, said("order 44")))).toEqual([]);
});

import { describe, expect, it } from "vitest";
import type { Event } from "../../src/types/event.ts";
import type { State } from "../../src/types/state.ts";
import { ANNA, decideOn, firedIn, happened, IVAN, NOON, rulebook, said, shortly, world } from "../engine/world.ts";

/** Spec section 4, "What rules can see (in templates, `is:`-like conditions and json-logic alike)". */
const full = world({
  customer: { username: "marta", email: "marta@mail.example", language: "en", variables: { likes: "tea" } },
  chat: { variables: { seen: "yes" } },
  dialog: {
    openedAt: NOON - 60_000,
    tags: ["vip"],
    team: "sales",
    variables: { topic: "cups" },
    responsible: { type: "user", id: ANNA.id, assignedAt: 0 },
    previous: { type: "user", id: IVAN.id, assignedAt: 0 },
  },
});

/** Stores the names that rules read back, so that they are known at load. */
const STORES =
  "- rule: Stores\n  enabled: false\n  when: {message: any}\n  do: [{set: {customer.likes: 1, chat.seen: 1, dialog.topic: 1}}]\n";

const one = (when: string, more: string) =>
  rulebook(`${STORES}- rule: R\n  when: {${when}}\n  ${more}`, "commands: {prices: Prices}");

const shown = (when: string, path: string, event: Event, state: State) =>
  shortly(decideOn(one(when, `do: [{note: "<{{ ${path} or 'nothing' }}>"}]`), event, state));

const holds = (when: string, condition: string, event: Event, state: State) =>
  firedIn(decideOn(one(when, `if: ${condition}\n  do: [{note: x}]`), event, state)).length === 1;

const PATTERN = 'message_matches: "(?P<number>[0-9]+)"';
const words = said("order 55", { id: 500, more: { items: [{ id: "a1" }] } });

describe("in a message's rules", () => {
  it.each([
    ["message.id", "500"],
    ["message.text", "order 55"],
    ["message.type", "text"],
    ["message.scope", "public"],
    ["message.items[0].id", "a1"],
    ["message.time", "2026-11-20T12:00:00.000Z"],
    ["message.from", "customer"],
    ["customer.id", "8120"],
    ["customer.first_name", "Marta"],
    ["customer.last_name", "Lind"],
    ["customer.username", "marta"],
    ["customer.phone", "+4915112345678"],
    ["customer.email", "marta@mail.example"],
    ["customer.language", "en"],
    ["customer.likes", "tea"],
    ["dialog.id", "7740"],
    ["dialog.tags", "vip"],
    ["dialog.opened_at", "2026-11-20T11:59:00.000Z"],
    ["dialog.team", "sales"],
    ["dialog.topic", "cups"],
    ["chat.id", "5301"],
    ["chat.seen", "yes"],
    ["channel.id", "17"],
    ["channel.name", "@tea_house_bot"],
    ["channel.type", "telegram"],
    ["manager.id", "12"],
    ["manager.name", "Anna Petrova"],
    ["manager.online", "true"],
    ["previous.manager.name", "Ivan Sidorov"],
    ["match.number", "55"],
    ["bot.id", "9"],
    ["bot.name", "Helper"],
    ["now", "2026-11-20T12:00:00.000Z"],
    ["event.message.content", "order 55"],
  ])("%s is %s in templates, in `is` and in json-logic alike", (path, value) => {
    const dotted = path.replace("[0]", ".0");
    expect(shown(PATTERN, path, words, full)).toEqual([`private: <${value}>`]);
    expect(holds(PATTERN, `{is: {${dotted}: "${value}"}}`, words, full)).toBe(true);
    expect(holds(PATTERN, `{is: {${dotted}: other}}`, words, full)).toBe(false);
    expect(holds(PATTERN, `{logic: {"!!": [{var: ${dotted}}]}}`, words, full)).toBe(true);
  });
});

it("`command` has the name and the rest of the line", () => {
  const event = said("/prices of tea", { from: "manager", type: "command", scope: "private" });
  expect(shown("command: prices", "command.name", event, full)).toEqual(["private: <prices>"]);
  expect(shown("command: prices", "command.args", event, full)).toEqual(["private: <of tea>"]);
  expect(holds("command: prices", "{contains: {command.args: TEA}}", event, full)).toBe(true);
});

describe("an absent value is null, never an error", () => {
  const empty: State = { ...world({ dialog: null }), customer: null };
  const nowhere: State = { ...empty, chat: empty.chat && { ...empty.chat, channelId: null } };
  const event = happened("chat_created", { chat: { id: 5301 } });

  it.each([
    ...["id", "first_name", "last_name", "username", "phone", "email", "language", "likes"].map(
      (name) => `customer.${name}`,
    ),
    ...["dialog.id", "dialog.opened_at", "dialog.team", "dialog.topic", "chat.seen"],
    ...["channel.id", "channel.name", "channel.type"],
    ...["manager.id", "manager.name", "manager.online"],
    ...["previous.manager.id", "previous.manager.name", "previous.manager.online"],
    ...["event.nothing", "event.nothing.at.all"],
  ])("%s", (path) => {
    const when = "event: chat_created";
    expect(shown(when, path, event, nowhere)).toEqual(["private: <nothing>"]);
    expect(holds(when, `{is: {${path}: null}, missing: ${path}}`, event, nowhere)).toBe(true);
    expect(holds(when, `{known: ${path}}`, event, nowhere)).toBe(false);
    expect(holds(when, `{logic: {"===": [{var: ${path}}, null]}}`, event, nowhere)).toBe(true);
    expect(holds(when, `{more_than: {${path}: -1}}`, event, nowhere)).toBe(false);
  });

  it("dialog.tags is an empty list without a dialog", () => {
    expect(holds("event: chat_created", "{missing: dialog.tags}", event, nowhere)).toBe(true);
    expect(holds("event: chat_created", "{tag: vip}", event, nowhere)).toBe(false);
  });

  it("a group of the pattern that took no part in the match", () => {
    const when = 'message_matches: "order(?P<number> [0-9]+)?"';
    expect(shown(when, "match.number", said("order"), full)).toEqual(["private: <nothing>"]);
  });
});

it.each([
  { when: "dialog: assigned", path: "message.text" },
  { when: "message: any", path: "command.args" },
  { when: "manager: online", path: "customer.phone" },
])("{$when} does not offer $path: a fault at load", ({ when, path }) => {
  expect(() => one(when, `do: [{bot_api: {operation: listBots}}]\n  if: {known: ${path}}`)).toThrow(
    `can't read "${path}"`,
  );
});

it("{message: any} does not offer order.number without a look-up: a fault at load", () => {
  expect(() => one("message: any", "do: [{bot_api: {operation: listBots}}]\n  if: {known: order.number}")).toThrow(
    '"order.number" is filled by look_up, which this rule does not do.',
  );
});

import type { Event } from "../../src/types/event.ts";
import type { State } from "../../src/types/state.ts";
import {
  ANNA,
  CHAT,
  command,
  DIALOG,
  happened,
  IVAN,
  NOON,
  said,
  telegram,
  tick,
  whatsapp,
  world,
} from "../engine/world.ts";

/** A `when:` and the events (the last one is judged) for which it holds, or does not. */
export interface WhenRow {
  readonly when: string;
  readonly what: string;
  readonly events: readonly Event[];
  readonly state?: State;
  readonly holds: boolean;
}

const MINUTE = 60_000;
const KEY = `silence:${DIALOG}:R`;
const holds = (when: string, what: string, events: Event | readonly Event[], state?: State): WhenRow =>
  row({ when, what, events, holds: true, state });
const fails = (when: string, what: string, events: Event | readonly Event[], state?: State): WhenRow =>
  row({ when, what, events, holds: false, state });

interface Cells {
  readonly when: string;
  readonly what: string;
  readonly events: Event | readonly Event[];
  readonly holds: boolean;
  readonly state: State | undefined;
}

function row({ when, what, events, holds: expected, state }: Cells): WhenRow {
  const listed = "key" in events ? [events] : events;
  return { when, what, events: listed, holds: expected, ...(state === undefined ? {} : { state }) };
}

const kind = (type: string) => said(null, { type });
const noDialog = world({ dialog: null });
const fresh = world({ dialog: { openedDone: false, messages: 0, customerMessages: 0, openedAt: NOON } });
const annas = world({ dialog: { responsible: { type: "user", id: ANNA.id, assignedAt: 0 } } });
const dialogEvent = (type: string) => happened(type, { dialog: { id: DIALOG, chat_id: CHAT } });
const userEvent = (type: string, more = {}) =>
  happened(type, { user: { id: IVAN.id, type: "user", name: IVAN.name }, chat: { id: CHAT }, ...more });
const goesOnline = userEvent("user_online_updated", { online: true });
const ivanIs = (online: boolean) => world({ people: [{ ...IVAN, online }] });
const own = (status: string) => said("Hi", { from: "self", event: "message_updated", more: { status } });
const rings = (minutes: number) => tick(KEY, NOON + minutes * MINUTE);
const hello = said("hello");
const self = said("Hm.", { from: "self", at: NOON });

/** Every key of `when:`; keys that only narrow stand beside `message: any` or a silence. */
export const WHEN_TABLE: Readonly<Record<string, readonly WhenRow[]>> = {
  message: [
    ...["text", "image", "file", "audio", "order", "product"].flatMap((type) => [
      holds(`message: ${type}`, `a message of that kind`, kind(type)),
      fails(`message: ${type}`, "one of another kind", kind(type === "text" ? "image" : "text")),
    ]),
    holds("message: any", "an image", kind("image")),
    holds("message: any", "a text in no dialog that is known", hello, noDialog),
    fails("message: any", "a manager's command", command("/help")),
    fails("message: any", "an edit", said("hello", { event: "message_updated" })),
    fails("message: any", "the bot's own words", said("hello", { from: "self" })),
  ],
  message_has: [
    holds("message_has: [price, my order]", "the words side by side", said("Is MY órder there?")),
    holds("message_has: deliver*", "any ending", said("When do you delivers?")),
    fails("message_has: [price, my order]", "the words apart", said("my new order")),
    fails("message_has: price", "a longer word", said("prices")),
    fails("message_has: price", "an image without words", kind("image")),
  ],
  message_is: [
    holds("message_is: [hello, good day]", "the whole text", said("Good day!!")),
    fails("message_is: [hello, good day]", "more than that", said("good day to you")),
    fails("message_is: hello", "an image without words", kind("image")),
  ],
  message_matches: [
    holds('message_matches: "order +[0-9]+"', "a text that fits", said("My ORDER  55")),
    fails('message_matches: "order +[0-9]+"', "one that does not", said("my order")),
    fails('message_matches: "[0-9]"', "an image without words", kind("image")),
  ],
  command: [
    holds("command: help", "a manager's command", command("/help me")),
    holds("command: help", "one in no dialog that is known", command("/HELP"), noDialog),
    fails("command: help", "another command", command("/status")),
    fails("command: help", "a customer's text", said("/help")),
  ],
  dialog: [
    holds("dialog: opened", "the first message of a dialog", hello, fresh),
    fails("dialog: opened", "a later one", hello),
    fails("dialog: opened", "a manager's message", said("hello", { from: "manager" }), fresh),
    fails("dialog: opened", "the event alone", dialogEvent("dialog_opened"), noDialog),
    holds("dialog: assigned", "an assignment", dialogEvent("dialog_assign")),
    fails("dialog: assigned", "a close", dialogEvent("dialog_closed")),
    holds("dialog: closed", "a close", dialogEvent("dialog_closed")),
    holds("dialog: closed", "the close of a dialog that nobody knew", dialogEvent("dialog_closed"), noDialog),
    fails("dialog: closed", "an assignment", dialogEvent("dialog_assign")),
  ],
  manager: [
    holds("manager: online", "somebody comes", goesOnline, ivanIs(false)),
    fails("manager: online", "another window of theirs", goesOnline, ivanIs(true)),
    holds("manager: offline", "somebody goes", userEvent("user_online_updated", { online: false }), ivanIs(true)),
    fails("manager: offline", "somebody comes", goesOnline, ivanIs(false)),
    holds("manager: joined", "somebody joins the chat", userEvent("user_joined_chat")),
    fails("manager: joined", "somebody leaves it", userEvent("user_left_chat")),
    holds("manager: left", "somebody leaves the chat", userEvent("user_left_chat")),
    fails("manager: left", "somebody joins it", userEvent("user_joined_chat")),
  ],
  manager_silent: [
    holds("manager_silent: 10m", "after that time", [hello, rings(10)], annas),
    fails("manager_silent: 10m", "a moment before", [hello, tick(KEY, NOON + 10 * MINUTE - 1)], annas),
    fails("manager_silent: 10m", "nobody is responsible", [hello, rings(10)]),
    fails("manager_silent: 10m", "a manager has answered", [hello, said("Hm.", { from: "manager" }), rings(10)], annas),
    fails("manager_silent: 10m", "the dialog has closed", [hello, dialogEvent("dialog_closed"), rings(10)], annas),
    fails("manager_silent: 10m", "it has fired for that person", [hello, rings(10), rings(11)], annas),
  ],
  customer_silent: [
    holds("customer_silent: 10m", "after that time", [self, rings(10)]),
    fails("customer_silent: 10m", "a moment before", [self, tick(KEY, NOON + 10 * MINUTE - 1)]),
    fails("customer_silent: 10m", "the customer has written", [self, said("x", { at: NOON + MINUTE }), rings(10)]),
    fails("customer_silent: 10m", "nothing was said to them", [rings(10)]),
    fails("customer_silent: 10m", "the dialog has closed", [self, dialogEvent("dialog_closed"), rings(10)]),
  ],
  count_time: [
    holds("manager_silent: 10m, count_time: office", "ten open minutes later", [hello, rings(10)], annas),
    holds("manager_silent: 90m, count_time: office", "lunch is left out", [hello, rings(150)], annas),
    fails("manager_silent: 90m, count_time: office", "only part of it was open time", [hello, rings(90)], annas),
  ],
  event: [
    holds("event: message_deleted", "that event", said("x", { event: "message_deleted" })),
    fails("event: message_deleted", "another one", hello),
    holds("event: chat_updated", "one in no dialog that is known", happened("chat_updated", {}), noDialog),
    holds("event: bot_updated", "one of no chat", happened("bot_updated", { id: 77 }, { chatId: null }), noDialog),
  ],
  reply_failed: [
    holds("reply_failed: any", "an own message that failed", own("failed")),
    fails("reply_failed: any", "one that was sent", own("sent")),
    fails(
      "reply_failed: any",
      "a manager's that failed",
      said("x", { from: "manager", event: "message_updated", more: { status: "failed" } }),
    ),
  ],
  from: [
    holds("message: any, from: customer", "a customer's", hello),
    fails("message: any, from: customer", "a manager's", said("x", { from: "manager" })),
    holds("message: any, from: manager", "a manager's", said("x", { from: "manager" })),
    fails("message: any, from: manager", "a customer's", hello),
    holds("message: any, from: bot", "another bot's", said("x", { from: "bot" })),
    fails("message: any, from: bot", "the bot's own", said("x", { from: "self" })),
    holds("message: any, from: anyone", "another bot's", said("x", { from: "bot" })),
    fails("message: any, from: anyone", "the bot's own", said("x", { from: "self" })),
    fails("message: any", "a manager's, where nothing is said", said("x", { from: "manager" })),
  ],
  channel: [
    holds("message: any, channel: '@Tea_House_Bot'", "its name", hello),
    holds("message: any, channel: [17, other]", "its id", hello),
    fails("message: any, channel: other", "another name", hello),
    fails(
      "message: any, channel: '@tea_house_bot'",
      "a chat of no known channel",
      hello,
      world({ chat: { channelId: null } }),
    ),
  ],
  channel_type: [
    holds("message: any, channel_type: [viber, telegram]", "its type", hello),
    fails("message: any, channel_type: viber", "another type", hello),
    holds(
      "message: any, channel_type: whatsapp",
      "another channel's",
      hello,
      world({ channel: { ...whatsapp, type: "whatsapp" } }),
    ),
    fails(
      "message: any, channel_type: telegram",
      "a chat of no known channel",
      hello,
      world({ channel: { ...telegram(), id: 18 } }),
    ),
  ],
  scope: [
    holds("message: any, scope: public", "a public message", hello),
    fails("message: any, scope: public, from: manager", "a note", said("x", { from: "manager", scope: "private" })),
    holds("message: any, scope: private, from: manager", "a note", said("x", { from: "manager", scope: "private" })),
    fails("message: any, scope: private", "a public message", hello),
  ],
  first: [
    holds(
      "message: any, first: true",
      "the customer's first message",
      hello,
      world({ dialog: { customerMessages: 0 } }),
    ),
    fails("message: any, first: true", "the second", hello),
    holds("message: any, first: false", "the second", hello),
    fails("message: any, first: false", "the first", hello, world({ dialog: { customerMessages: 0 } })),
  ],
};

/** What the rules of the table stand under. */
export const WHEN_HEAD =
  'commands: {help: Help, status: State}\nhours: {office: {mon-fri: "09:00-13:00, 14:00-18:00"}}';

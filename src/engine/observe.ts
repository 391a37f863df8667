import type { Event } from "../types/event.ts";
import type { JsonObject } from "../types/json.ts";
import { type Dialog, newChat, newDialog, type State, waitingPlace } from "../types/state.ts";
import { botFrom, customerFrom, dialogFrom, responsibleFrom, withResponsible } from "./documents.ts";
import { flagAt, idAt, momentAt, objectAt, textAt } from "./fields.ts";
import { learnChannel, learnChat, learnPerson } from "./learn.ts";
import { chatOf, messageOf, subjects } from "./subjects.ts";

/** When a message was written, by the gateway's clock, as exactly as it says. Unix ms. */
export function writtenAt(message: JsonObject, event: Event): number {
  return momentAt(message, "created_at") ?? momentAt(message, "time") ?? event.at;
}

export type Author = "customer" | "manager" | "bot" | "channel" | "system";

/** Who wrote: staff are managers in the language of rules; system messages have no author. */
export function authorOf(message: JsonObject): Author {
  const type = textAt(objectAt(message, "from") ?? undefined, "type");
  if (type === "user") return "manager";
  return type === "customer" || type === "bot" || type === "channel" ? type : "system";
}

/** Is this an echo of our own words? */
export function isOwn(message: JsonObject, state: State): boolean {
  const from = objectAt(message, "from") ?? undefined;
  return authorOf(message) === "bot" && (idAt(from, "id") === state.directory.bot.id || state.directory.bot.id === 0);
}

export const isCommand = (message: JsonObject) => message.type === "command";
const isPublic = (message: JsonObject) => message.scope === "public";

/** The state with everything the event says about the account, before any rule is judged. */
export function observe(state: State, event: Event): State {
  const known = observeChat(state, event);
  const message = messageOf(event);
  if (message !== null) return event.type === "message_new" ? observeMessage(known, message, event) : known;
  if (event.type.startsWith("dialog_")) return observeDialog(known, event);
  return observePeople(known, event);
}

/** Chat, channel, customer and dialog as the event describes them. */
function observeChat(state: State, event: Event): State {
  const row = chatOf(event);
  const told = row === null ? state : learnChat(state, row);
  const chat = told.chat ?? (event.chatId === null ? null : newChat(event.chatId));
  return observeMessagesDialog(withSubjects({ ...told, chat }, event), event);
}

function withSubjects(state: State, event: Event): State {
  if (state.chat === null) return state;
  const { channelId, customerId } = subjects(event);
  const chat = {
    ...state.chat,
    channelId: channelId ?? state.chat.channelId,
    customerId: customerId ?? state.chat.customerId,
  };
  return { ...state, chat };
}

/** The dialog that a message names, made from the chat's last dialog where it is new to us. */
function observeMessagesDialog(state: State, event: Event): State {
  const { chatId, dialogId } = subjects(event);
  if (dialogId === null || chatId === null || state.dialog?.id === dialogId) return state;
  const last = objectAt(chatOf(event) ?? undefined, "last_dialog");
  const made = last !== null && idAt(last, "id") === dialogId ? dialogFrom(last, chatId, null) : null;
  return { ...state, dialog: made ?? newDialog(dialogId, chatId, event.at) };
}

function observeMessage(state: State, message: JsonObject, event: Event): State {
  const author = authorOf(message);
  if (author === "system") return observeSystem(state, message, event);
  if (isCommand(message)) return state;
  if (isOwn(message, state)) return observeOwn(state, message, event);
  const seen = withDialog(state, (dialog) => ({ ...dialog, messages: dialog.messages + 1 }));
  const at = writtenAt(message, event);
  if (author === "customer") return observeCustomer(seen, at, idAt(message, "id"));
  const told = author === "manager" && isPublic(message) ? withLastManager(seen, writerOf(message)) : seen;
  return isPublic(message) ? observeStaff(told, author, at) : told;
}

const writerOf = (message: JsonObject) => idAt(objectAt(message, "from") ?? undefined, "id");

function withLastManager(state: State, id: number | null): State {
  if (state.chat === null || id === null || state.chat.lastManagerId === id) return state;
  return { ...state, chat: { ...state.chat, lastManagerId: id } };
}

/** Whoever the event made responsible is the chat's last manager; a person who has the dialog takes it out of the queue. A place
 *  that is being given up for an assignment of our own is kept until that has ended: it may be refused. */
function withHolder(state: State): State {
  const { dialog } = state;
  if (dialog?.responsible?.type !== "user") return state;
  const served = waitingPlace(dialog) === null ? dialog : { ...dialog, queued: null };
  return withLastManager({ ...state, dialog: served }, dialog.responsible.id);
}

/** A public message of a person or of another bot. Only a person answers a customer who waits. */
function observeStaff(state: State, author: Author, at: number): State {
  return withDialog(state, (dialog) => {
    const answered =
      author === "manager" ? { lastManagerAt: later(dialog.lastManagerAt, at), unansweredSince: null } : {};
    return { ...dialog, lastToCustomerAt: later(dialog.lastToCustomerAt, at), ...answered };
  });
}

/** Messages found late are older than what is known already: no last moment goes back. */
const later = (known: number | null, at: number): number => Math.max(known ?? 0, at);

function observeOwn(state: State, message: JsonObject, event: Event): State {
  return withDialog(state, (dialog) => ({
    ...dialog,
    lastOwnMessageId: Math.max(dialog.lastOwnMessageId ?? 0, idAt(message, "id") ?? 0) || null,
    ...(isPublic(message) ? { lastToCustomerAt: later(dialog.lastToCustomerAt, writtenAt(message, event)) } : {}),
  }));
}

function observeCustomer(state: State, at: number, messageId: number | null): State {
  const heard = withDialog(state, (dialog) => ({
    ...dialog,
    customerMessages: dialog.customerMessages + (hasUnseenPast(dialog, messageId) ? 2 : 1),
    lastCustomerAt: later(dialog.lastCustomerAt, at),
    unansweredSince: dialog.unansweredSince ?? at,
    assignedByBot: 0,
  }));
  return heard.chat === null ? heard : { ...heard, chat: { ...heard.chat, unanswered: [] } };
}

/** The dialog began with another message before the bot knew it: this one is not its customer's first. */
function hasUnseenPast(dialog: Dialog, messageId: number | null): boolean {
  const { beginMessageId, messages } = dialog;
  return messages === 1 && typeof beginMessageId === "number" && beginMessageId !== messageId;
}

function observeSystem(state: State, message: JsonObject, event: Event): State {
  const at = writtenAt(message, event);
  const action = textAt(message, "action");
  if (action === "dialog_closed")
    return withDialog(state, (dialog) => ({ ...dialog, closedAt: dialog.closedAt ?? at }));
  if (action === "dialog_unassign") return withDialog(state, (dialog) => withResponsible(dialog, null));
  if (action === "dialog_assign") {
    const responsible = responsibleFrom(objectAt(message, "responsible"), at);
    return withHolder(withDialog(state, (dialog) => withResponsible(dialog, responsible ?? dialog.responsible)));
  }
  if (action === "dialog_opened") {
    // A service note is no first message: what began the dialog is then not known from it.
    const id = idAt(message, "id");
    return withDialog(state, (dialog) => (dialog.beginMessageId === id ? { ...dialog, beginMessageId: null } : dialog));
  }
  return state;
}

function withDialog(state: State, change: (dialog: Dialog) => Dialog): State {
  return state.dialog === null ? state : { ...state, dialog: change(state.dialog) };
}

function observeDialog(state: State, event: Event): State {
  const row = objectAt(event.data, "dialog");
  if (row === null || event.chatId === null) return state;
  const known = state.dialog?.id === idAt(row, "id") ? state.dialog : null;
  const fresh = dialogFrom(row, event.chatId, known);
  if (fresh === null) return state;
  // The news of its birth may come after its first message, and after what the bot made of that: who has it is known better.
  const isLate = event.type === "dialog_opened" && known !== null;
  const told = isLate ? { ...fresh, responsible: known.responsible, previous: known.previous } : fresh;
  const closed = event.type === "dialog_closed" ? { ...told, closedAt: told.closedAt ?? event.at } : told;
  // An assignment that arrives after the dialog's close does not reopen it, nor does an old row.
  return withHolder({ ...state, dialog: closed });
}

function observePeople(state: State, event: Event): State {
  if (event.type === "user_online_updated") {
    const user = objectAt(event.data, "user");
    return user === null ? state : learnPerson(state, user, { online: flagAt(event.data, "online") ?? false });
  }
  if (event.type === "user_updated") return learnPerson(state, event.data);
  if (event.type === "bot_updated") return observeBot(state, event.data);
  if (event.type === "customer_updated") return { ...state, customer: customerFrom(event.data, state.customer) };
  if (event.type === "channel_updated") {
    const channel = objectAt(event.data, "channel");
    return channel === null ? state : learnChannel(state, channel);
  }
  if (event.type === "user_joined_chat") {
    const user = objectAt(event.data, "user");
    return user === null ? state : learnPerson(state, user);
  }
  return state;
}

function observeBot(state: State, row: JsonObject): State {
  const bot = botFrom(row);
  if (bot === null) return state;
  if (bot.id === state.directory.bot.id) return { ...state, directory: { ...state.directory, bot } };
  const others = state.directory.otherBots.filter((other) => other.id !== bot.id);
  return { ...state, directory: { ...state.directory, otherBots: [...others, bot] } };
}

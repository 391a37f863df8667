import { emitChatUpdated, emitMessage } from "./frames.ts";
import type { Author, Chat, Message, Schemas } from "./rows.ts";
import { latestDialog, nextId, type World } from "./world.ts";

/** What is known of a message before it is stored; the rest follows from it. */
export interface Draft extends Partial<Omit<Message, "id" | "createdAt">> {
  readonly chatId: number;
  readonly type: Message["type"];
  readonly scope: Message["scope"];
  readonly from: Author | null;
}

/** Our words to the customer travel through the messenger; everything else has already arrived. */
function firstStatus({ scope, from }: Draft): Message["status"] {
  const outgoing = scope === "public" && (from?.type === "bot" || from?.type === "user");
  return outgoing ? "sending" : "received";
}

/** A whole row from a draft. `id` is taken beforehand where a dialog has to name the message that begins it. */
export function messageFrom(draft: Draft, { id, now }: { id: number; now: number }): Message {
  return {
    dialogId: null,
    status: firstStatus(draft),
    content: null,
    items: [],
    note: null,
    order: null,
    product: null,
    quoteId: null,
    attachments: null,
    action: null,
    responsible: null,
    user: null,
    error: null,
    read: draft.scope === "private",
    edited: false,
    editedAt: null,
    deleted: false,
    mass: false,
    updatedAt: null,
    channelSentAt: null,
    ...draft,
    id,
    createdAt: now,
  };
}

/** The chat after a message: counters, last activity, and the answer window that each customer's message reopens. */
function touched(world: World, chat: Chat, message: Message): Chat {
  const { type, id: writer } = message.from ?? { type: null, id: 0 };
  const at = message.createdAt;
  const window = world.channels.get(chat.channelId)?.replyWindowMs ?? null;
  const fromCustomer = type === "customer" && writer === chat.customerId;
  return {
    ...chat,
    updatedAt: at,
    lastActivityAt: at,
    lastMessageId: message.id,
    ...(fromCustomer ? { unread: chat.unread + 1, replyDeadlineAt: window === null ? null : at + window } : {}),
    ...(type === "user" && message.scope === "public" ? { unread: 0, lastUserMessageId: message.id } : {}),
  };
}

/** Keeps a message and announces it. A mailing leaves the chat as it was. */
export function storeMessage(world: World, now: number, message: Message): Message {
  world.messages.set(message.id, message);
  const chat = world.chats.get(message.chatId);
  if (chat !== undefined && !message.mass && message.type !== "system") {
    world.chats.set(chat.id, touched(world, chat, message));
  }
  world.changes.push({ kind: "message", message });
  emitMessage(world, now, "message_new", message);
  return message;
}

/** `chat_updated` follows whatever changed the chat's last message or counters. */
export function announceChat(world: World, now: number, chatId: number): void {
  const chat = world.chats.get(chatId);
  if (chat !== undefined) emitChatUpdated(world, now, chat);
}

export interface Note {
  readonly chatId: number;
  readonly action: Schemas["SystemAction"];
  readonly dialogId?: number;
  readonly responsible?: Author;
  readonly user?: Author;
}

/** A service note: in `/messages` and on the socket, without an author. Tags and un-assignment are told in no other way. */
export function systemMessage(world: World, now: number, note: Note): Message {
  const dialogId = note.dialogId ?? latestDialog(world, note.chatId)?.id ?? null;
  const draft: Draft = { ...note, type: "system", scope: "private", from: null, dialogId };
  return storeMessage(world, now, messageFrom(draft, { id: nextId(world, "message"), now }));
}

type What = "status" | "edited" | "deleted" | "restored";

const EVENT_OF = {
  status: "message_updated",
  edited: "message_updated",
  deleted: "message_deleted",
  restored: "message_restored",
} as const;

/** Replaces parts of a message and announces it. Returns the new row. */
export function changeMessage(
  world: World,
  now: number,
  change: { message: Message; what: What; to: Partial<Message> },
): Message {
  const { what, to } = change;
  const message: Message = { ...change.message, ...to, updatedAt: now };
  world.messages.set(message.id, message);
  world.changes.push({ kind: "message_changed", what, message });
  emitMessage(world, now, EVENT_OF[what], message);
  return message;
}

/** Why the messenger would not take this message now; null: it takes it. Told only after the gateway has accepted it. */
function deliveryError(world: World, message: Message, now: number): Schemas["MessageError"] | null {
  const chat = world.chats.get(message.chatId);
  const policy = world.channels.get(chat?.channelId ?? 0)?.settings.sending_policy;
  if (chat === undefined) return { code: "general", message: "chat is gone" };
  const blocked = world.customers.get(chat.customerId)?.blocked ?? false;
  if (blocked) return { code: "access_restricted", message: "customer is blocked" };
  const late = chat.replyDeadlineAt !== null && chat.replyDeadlineAt < now;
  if (late && policy?.after_reply_timeout !== undefined) {
    return { code: "reply_timed_out", message: "answer window is over" };
  }
  return null;
}

/** The messenger's verdict on a message that is still `sending`: `sent`, or `failed` with its reason. */
export function deliver(world: World, now: number, messageId: number): void {
  const message = world.messages.get(messageId);
  if (message === undefined || message.status !== "sending" || message.deleted) return;
  const error = deliveryError(world, message, message.createdAt);
  const to: Partial<Message> = error === null ? { status: "sent", channelSentAt: now } : { status: "failed", error };
  changeMessage(world, now, { message, what: "status", to });
}

/** The customer has read a message that arrived. */
export function markSeen(world: World, now: number, messageId: number): void {
  const message = world.messages.get(messageId);
  if (message?.status !== "sent") return;
  changeMessage(world, now, { message, what: "status", to: { status: "seen", read: true } });
}

/** The messenger gives up on a message, whatever became of it before. */
export function failMessage(world: World, now: number, messageId: number, code: Schemas["MessageErrorCode"]): void {
  const message = world.messages.get(messageId);
  if (message === undefined) throw new RangeError(`no message #${messageId}`);
  const to: Partial<Message> = { status: "failed", error: { code, message: code.replaceAll("_", " ") } };
  changeMessage(world, now, { message, what: "status", to });
}

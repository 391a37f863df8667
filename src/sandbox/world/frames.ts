import type * as events from "../../generated/events.ts";
import { actorOf, botActor, customerActor, personActor } from "./actors.ts";
import { chatBasics, dialogInChat, messageRow } from "./chat-shapes.ts";
import { micros, orNull, wholeSeconds } from "./moments.ts";
import type { Bot, Channel, Chat, Customer, Dialog, Message, Person } from "./rows.ts";
import { channelInChat } from "./shapes.ts";
import { latestDialog, type World } from "./world.ts";

/** One frame before it is stamped: the types are those made from `events.schema.json`, so a wrong shape does not compile. */
type Known = events.MessageGatewayBotSocketEvents;
type Unstamped = Known extends infer One ? (One extends Known ? Pick<One, "type" | "data"> : never) : never;

/** Puts a frame into the world's queue, stamped in the unit the account is set to. */
export function emit(world: World, now: number, frame: Unstamped, mass = false): void {
  const timestamp = world.behaviour.timestamps === "seconds" ? Math.floor(now / 1000) : now;
  world.frames.push({ type: frame.type, meta: { timestamp }, data: frame.data, mass });
}

/** A chat as events carry it. */
export function chatInEvent(world: World, chat: Chat): events.Chat {
  const dialog = latestDialog(world, chat.id);
  return {
    ...chatBasics(world, chat),
    created_at: wholeSeconds(chat.createdAt),
    last_dialog: dialog === null ? null : dialogInChat(world, dialog),
    not_read_messages_count: chat.unread,
  };
}

function messageInEvent(world: World, message: Message): events.EventMessage {
  const {
    channel_id: _id,
    channel_sent_at: _sent,
    updated_at: _updated,
    user: _user,
    ...row
  } = messageRow(world, message);
  const chat = world.chats.get(message.chatId);
  return {
    ...row,
    created_at: micros(message.createdAt),
    chat: chat === undefined ? null : chatInEvent(world, chat),
    ...(message.editedAt === null ? {} : { edited_at: wholeSeconds(message.editedAt) }),
  };
}

type MessageEventType = "message_new" | "message_updated" | "message_deleted" | "message_restored";

export function emitMessage(world: World, now: number, type: MessageEventType, message: Message): void {
  emit(world, now, { type, data: { message: messageInEvent(world, message) } }, message.mass);
}

function members(world: World, chatId: number): events.Member[] {
  return [...world.members.values()]
    .filter((member) => member.chatId === chatId)
    .map((member) => ({
      is_author: member.author,
      state: member.state,
      user: actorOf(world, { type: "user", id: member.userId }),
    }));
}

export function emitChatCreated(world: World, now: number, chat: Chat): void {
  emit(world, now, { type: "chat_created", data: { chat: { ...chatInEvent(world, chat), members: [] } } });
}

/** Carries the chat's last message, unlike the REST list. */
export function emitChatUpdated(world: World, now: number, chat: Chat): void {
  const last = chat.lastMessageId === null ? undefined : world.messages.get(chat.lastMessageId);
  const lastMessage = last === undefined || last.deleted ? null : messageRow(world, last);
  const shown = { ...chatInEvent(world, chat), last_message: lastMessage };
  emit(world, now, { type: "chat_updated", data: { chat: shown } });
}

/** A dialog as dialog events carry it; there the responsible is only named, and tags are never told. */
function dialogInEvent(world: World, dialog: Dialog, withChat: boolean): events.DialogEvent {
  const chat = world.chats.get(dialog.chatId);
  const charge = dialog.responsible;
  return {
    id: dialog.id,
    created_at: wholeSeconds(dialog.createdAt),
    assigned_at: charge === null ? null : wholeSeconds(charge.assignedAt),
    closed_at: orNull(wholeSeconds, dialog.closedAt),
    begin_message_id: dialog.beginMessageId,
    ending_message_id: dialog.endingMessageId,
    chat: withChat && chat !== undefined ? { ...chatInEvent(world, chat), last_dialog: null } : null,
    responsible:
      charge === null ? null : { id: charge.id, type: charge.type, assigned_at: wholeSeconds(charge.assignedAt) },
    utm: null,
  };
}

export function emitDialog(world: World, now: number, type: "dialog_opened" | "dialog_closed", dialog: Dialog): void {
  emit(world, now, { type, data: { dialog: dialogInEvent(world, dialog, true) } });
}

export function emitAssigned(world: World, now: number, dialog: Dialog): void {
  const chat = world.chats.get(dialog.chatId);
  if (chat === undefined) return;
  const data = { dialog: dialogInEvent(world, dialog, false), chat: chatInEvent(world, chat) };
  emit(world, now, { type: "dialog_assign", data });
}

export function emitJoined(world: World, now: number, chat: Chat, person: Person): void {
  const shown = { ...chatInEvent(world, chat), members: members(world, chat.id) };
  emit(world, now, { type: "user_joined_chat", data: { chat: shown, user: personActor(person) } });
}

export function emitLeft(world: World, now: number, chat: Chat, person: Person): void {
  const data = { reason: "leave", chat: { id: chat.id }, user: { id: person.id } };
  emit(world, now, { type: "user_left_chat", data });
}

export function emitOnline(world: World, now: number, person: Person): void {
  const data = { user: personActor(person), online: person.online, connected: true };
  emit(world, now, { type: "user_online_updated", data });
}

export function emitPerson(world: World, now: number, person: Person): void {
  emit(world, now, { type: "user_updated", data: { ...personActor(person), is_active: person.active } });
}

export function emitCustomer(world: World, now: number, customer: Customer): void {
  emit(world, now, { type: "customer_updated", data: customerActor(customer) });
}

export function emitBot(world: World, now: number, bot: Bot): void {
  emit(world, now, { type: "bot_updated", data: botActor(bot) });
}

export function emitChannel(world: World, now: number, channel: Channel): void {
  emit(world, now, { type: "channel_updated", data: { channel: channelInChat(channel) } });
}

export function emitChatsDeleted(world: World, now: number, chatIds: readonly number[]): void {
  emit(world, now, { type: "chats_deleted", data: { chat_ids: [...chatIds] } });
}

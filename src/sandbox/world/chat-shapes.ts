import { actorOf, customerActor, customerName } from "./actors.ts";
import { micros, orNull, wholeSeconds } from "./moments.ts";
import type { Author, Charge, Chat, Dialog, Message, Schemas } from "./rows.ts";
import { channelInChat } from "./shapes.ts";
import { latestDialog, type World } from "./world.ts";

/** Dialogs, messages and chats as REST shows them; what events share with it is exported for `frames.ts`. */

function externalIdOf(world: World, charge: Author): string | null {
  if (charge.type === "bot") return world.bots.get(charge.id)?.clientId ?? null;
  const person = world.people.get(charge.id);
  return person === undefined ? null : String(person.crmId);
}

export const responsibleRow = (world: World, charge: Charge): Schemas["Responsible"] => ({
  id: charge.id,
  type: charge.type,
  external_id: externalIdOf(world, charge),
  assigned_at: micros(charge.assignedAt),
});

export const dialogRow = (world: World, dialog: Dialog): Schemas["DialogListResponseItem"] => ({
  id: dialog.id,
  chat_id: dialog.chatId,
  bot_id: dialog.botId,
  begin_message_id: dialog.beginMessageId,
  ending_message_id: dialog.endingMessageId,
  // True on closed dialogs too, as recorded: "open" is to be judged by `closed_at`.
  is_active: true,
  is_assigned: dialog.responsible !== null,
  responsible: dialog.responsible === null ? null : responsibleRow(world, dialog.responsible),
  tags: [...dialog.tags],
  utm: null,
  created_at: micros(dialog.createdAt),
  updated_at: orNull(micros, dialog.updatedAt),
  closed_at: orNull(micros, dialog.closedAt),
});

export const dialogInChat = (world: World, dialog: Dialog): Schemas["Dialog"] => ({
  id: dialog.id,
  created_at: wholeSeconds(dialog.createdAt),
  assigned_at: dialog.responsible === null ? null : wholeSeconds(dialog.responsible.assignedAt),
  closed_at: orNull(wholeSeconds, dialog.closedAt),
  responsible: dialog.responsible === null ? null : actorOf(world, dialog.responsible),
  utm: null,
});

function quoteOf(world: World, id: number | null) {
  const quoted = id === null ? undefined : world.messages.get(id);
  if (quoted === undefined) return null;
  return {
    id: quoted.id,
    type: quoted.type,
    time: wholeSeconds(quoted.createdAt),
    content: quoted.content ?? "",
    ...(quoted.from === null ? {} : { from: actorOf(world, quoted.from) }),
    ...(quoted.items.length === 0 ? {} : { items: [...quoted.items] }),
  } satisfies Schemas["QuoteMessage"];
}

/** What may be done with a message, by the channel's abilities. */
function actionsOf(world: World, message: Message): Schemas["MessageAction"][] {
  const channelId = world.chats.get(message.chatId)?.channelId ?? 0;
  const text = world.channels.get(channelId)?.settings.text;
  const actions: Schemas["MessageAction"][] = [];
  if (message.type === "system" || message.type === "command") return actions;
  const ours = message.from?.type !== "customer";
  if (ours && (text?.editing === "receive" || text?.editing === "both")) actions.push("edit");
  if (ours && (text?.deleting === "receive" || text?.deleting === "both")) actions.push("delete");
  if (text?.quoting === "receive" || text?.quoting === "both") actions.push("quote");
  return actions;
}

/** A message as REST lists show it. A system message has no `from` at all. */
export function messageRow(world: World, message: Message) {
  return {
    id: message.id,
    chat_id: message.chatId,
    type: message.type,
    scope: message.scope,
    status: message.status,
    time: wholeSeconds(message.createdAt),
    is_edit: message.edited,
    is_read: message.read,
    channel_id: world.chats.get(message.chatId)?.channelId ?? null,
    channel_sent_at: orNull(micros, message.channelSentAt),
    note: message.note,
    dialog: message.dialogId === null ? null : { id: message.dialogId },
    action: message.action,
    actions: actionsOf(world, message),
    error: message.error,
    order: message.order,
    product: message.product,
    quote: quoteOf(world, message.quoteId),
    responsible: message.responsible === null ? null : actorOf(world, message.responsible),
    user: message.user === null ? null : actorOf(world, message.user),
    transport_attachments: message.attachments,
    content: message.content,
    created_at: micros(message.createdAt),
    updated_at: orNull(micros, message.updatedAt),
    ...(message.items.length === 0 ? {} : { items: [...message.items] }),
    ...(message.from === null ? {} : { from: actorOf(world, message.from) }),
  } satisfies Schemas["MessageListResponseItem"];
}

/** What REST and events say of a chat in the same words. `author_id` 0: no user of the staff started it. */
export function chatBasics(world: World, chat: Chat) {
  const channel = world.channels.get(chat.channelId);
  const customer = world.customers.get(chat.customerId);
  return {
    id: chat.id,
    name: customer === undefined ? null : customerName(customer),
    avatar: null,
    author_id: 0,
    channel: channel === undefined ? null : channelInChat(channel),
    customer: customer === undefined ? null : customerActor(customer),
    last_activity: wholeSeconds(chat.lastActivityAt),
    last_user_message: chat.lastUserMessageId === null ? null : { id: chat.lastUserMessageId },
    unread: chat.unread > 0,
    waiting_level: "none" as const,
    reply_deadline: orNull(wholeSeconds, chat.replyDeadlineAt),
  };
}

/** `last_message` is null, as recorded. The unread counter is `not_read_messages` here and spelt otherwise in events. */
export function chatRow(world: World, chat: Chat): Schemas["ChatsListResponseItem"] {
  const dialog = latestDialog(world, chat.id);
  return {
    ...chatBasics(world, chat),
    last_dialog: dialog === null ? null : dialogInChat(world, dialog),
    last_message: null,
    not_read_messages: chat.unread,
    waiting_level_transition_time: null,
    created_at: micros(chat.createdAt),
    updated_at: orNull(micros, chat.updatedAt),
  };
}

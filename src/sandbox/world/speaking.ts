import { addDialog, announceOpened, joinChat } from "./dialogs.ts";
import { emitChatCreated } from "./frames.ts";
import { announceChat, type Draft, messageFrom, storeMessage, systemMessage } from "./messages.ts";
import type { Chat, Customer, Message } from "./rows.ts";
import { latestDialog, nextId, openDialogOf, type World } from "./world.ts";

/** Whether the frame of a new dialog leaves before the frame of the message that began it. The order is not promised. */
function openedFirst(world: World): boolean {
  const wanted = world.behaviour.dialogOpened;
  world.turns.opened += 1;
  return wanted === "alternate" ? world.turns.opened % 2 === 1 : wanted === "before";
}

/** A public message opens a dialog when none is open; a mailing and words among the staff do not. */
function opensDialog(world: World, draft: Draft): boolean {
  return draft.scope === "public" && draft.mass !== true && openDialogOf(world, draft.chatId) === null;
}

function sayInNewDialog(world: World, now: number, draft: Draft): Message {
  const id = nextId(world, "message");
  const { chatId } = draft;
  const dialog = addDialog(world, now, { chatId, beginMessageId: id, botId: null });
  const first = openedFirst(world);
  if (first) announceOpened(world, now, dialog);
  const message = storeMessage(world, now, messageFrom({ ...draft, dialogId: dialog.id }, { id, now }));
  if (!first) announceOpened(world, now, dialog);
  systemMessage(world, now, { chatId, action: "dialog_opened", dialogId: dialog.id });
  return message;
}

/** Someone writes in a chat: the message, the dialog it may open, the membership it may make, and the chat's new state. */
export function say(world: World, now: number, draft: Draft): Message {
  if (draft.from?.type === "user") joinChat(world, now, { chatId: draft.chatId, userId: draft.from.id });
  const message = opensDialog(world, draft)
    ? sayInNewDialog(world, now, draft)
    : storeMessage(
        world,
        now,
        messageFrom(
          { dialogId: draft.mass ? null : (latestDialog(world, draft.chatId)?.id ?? null), ...draft },
          { id: nextId(world, "message"), now },
        ),
      );
  if (!message.mass) announceChat(world, now, draft.chatId);
  return message;
}

/** The chat of a customer; the first time it is made and announced. */
export function chatOf(world: World, now: number, customer: Customer): Chat {
  const known = [...world.chats.values()].find((chat) => chat.customerId === customer.id);
  if (known !== undefined) return known;
  const chat: Chat = {
    id: nextId(world, "chat"),
    customerId: customer.id,
    channelId: customer.channelId,
    createdAt: now,
    updatedAt: null,
    lastActivityAt: now,
    replyDeadlineAt: null,
    unread: 0,
    lastMessageId: null,
    lastUserMessageId: null,
  };
  world.chats.set(chat.id, chat);
  world.changes.push({ kind: "chat_created", chat });
  emitChatCreated(world, now, chat);
  return chat;
}

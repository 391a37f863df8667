import { messageRow } from "../../world/chat-shapes.ts";
import { announceChat, changeMessage } from "../../world/messages.ts";
import { nanos } from "../../world/moments.ts";
import type { Author, Message } from "../../world/rows.ts";
import { checkDelete, checkEdit, checkMessage } from "../../world/sending.ts";
import { say } from "../../world/speaking.ts";
import { fits, flag, page } from "../listing.ts";
import type { Handler, Handlers } from "./operation.ts";

const writerOf = (message: Message, type: Author["type"]): number | undefined =>
  message.from?.type === type ? message.from.id : undefined;

/** Deleted messages are gone from the list, mailings are in it only when asked for. */
const listMessages: Handler<"listMessages"> = ({ world, query }) => {
  const rows = [...world.messages.values()].filter((row) => {
    const channelId = world.chats.get(row.chatId)?.channelId ?? 0;
    return (
      !row.deleted &&
      (flag(query.include_mass_communication) === true || !row.mass) &&
      fits(query.chat_id, row.chatId) &&
      fits<number | null>(query.dialog_id, row.dialogId) &&
      fits(query.user_id, writerOf(row, "user")) &&
      fits(query.customer_id, writerOf(row, "customer")) &&
      fits(query.bot_id, writerOf(row, "bot")) &&
      fits(query.channel_id, channelId) &&
      fits(query.channel_type, world.channels.get(channelId)?.type) &&
      fits(query.type, row.type) &&
      fits(query.scope, row.scope)
    );
  });
  return page(rows, query, world.behaviour).map((row) => messageRow(world, row));
};

const sendMessage: Handler<"sendMessage"> = ({ world, bot, body, act }) => {
  const checked = checkMessage(world, body);
  const from: Author = { type: "bot", id: bot.id };
  const mass = body.mass_communication === true;
  const message = act((changed, now) => say(changed, now, { ...checked, chatId: body.chat_id, from, mass }));
  return { message_id: message.id, time: nanos(message.createdAt) };
};

const editMessage: Handler<"editMessage"> = ({ world, bot, params, body, act }) => {
  const { message, to } = checkEdit(world, { messageId: params.message_id, botId: bot.id }, body);
  act((changed, now) => {
    changeMessage(changed, now, { message, what: "edited", to: { ...to, edited: true, editedAt: now } });
    announceChat(changed, now, message.chatId);
  });
  return {};
};

const deleteMessage: Handler<"deleteMessage"> = ({ world, bot, params, act }) => {
  const message = checkDelete(world, { messageId: params.message_id, botId: bot.id });
  act((changed, now) => {
    changeMessage(changed, now, { message, what: "deleted", to: { deleted: true } });
    announceChat(changed, now, message.chatId);
  });
  return {};
};

/** Messages: reading, sending, editing, deleting. */
export const messageOperations: Handlers<"listMessages" | "sendMessage" | "editMessage" | "deleteMessage"> = {
  listMessages,
  sendMessage,
  editMessage,
  deleteMessage,
};

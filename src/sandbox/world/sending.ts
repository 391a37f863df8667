import { badRequest, notFound, Refusal } from "./refusal.ts";
import type { Attachment, Channel, Chat, Message, Schemas, StoredFile } from "./rows.ts";
import type { World } from "./world.ts";

type Body = Schemas["SendMessageRequestBody"];
type Edit = Schemas["EditMessageRequestBody"];
type Kind = "text" | "image" | "file" | "audio" | "product" | "order";

/** Kinds of message a bot can send, if its channel takes them. */
const KINDS: readonly string[] = ["text", "image", "file", "audio", "product", "order"] satisfies readonly Kind[];

/** The parts of a message a caller gives, checked and in the stand-in's own words. */
export type Content = Pick<Message, "content" | "items" | "note" | "order" | "product" | "quoteId" | "attachments">;

/** The bound of the older contract, kept where a channel states none. */
const UNSTATED_MAX_CHARS = 2000;

const takes = (feature: string | undefined): boolean => feature === "receive" || feature === "both";

/** Characters as people count them: an emoji is one. */
const length = (text: string): number => [...text].length;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function cleaned(world: World, text: string | undefined): string | null {
  const trimmed = text?.trim() ?? "";
  if (trimmed === "") return null;
  return world.behaviour.escapes ? trimmed.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign) : trimmed;
}

/** Abilities count for what goes to the customer; notes among the staff never leave the gateway. */
interface Target {
  readonly world: World;
  readonly channel: Channel | null;
  readonly chat: Chat;
}

function checkText({ channel }: Target, content: string | null): void {
  if (content === null) throw badRequest("content: this value should not be blank");
  const most = channel?.settings.text?.max_chars_count ?? UNSTATED_MAX_CHARS;
  if (length(content) > most)
    throw badRequest(`content: text is too long, the channel takes ${most} characters at most`);
}

function attached(file: StoredFile, caption: string | undefined, gateway: string): Attachment {
  const preview = file.kind === "image" ? { preview_url: `${gateway}/files/${file.id}` } : {};
  return { id: file.id, kind: file.kind, type: file.mime, size: file.size, caption: caption ?? "", ...preview };
}

function checkItems({ world, channel }: Target, kind: "image" | "file" | "audio", input: Body["items"]): Attachment[] {
  if (input === undefined || input.length === 0) throw badRequest("items: this value should not be blank");
  const setting = channel?.settings[kind];
  if (setting?.max_items_count !== undefined && input.length > setting.max_items_count) {
    throw badRequest(`items: the channel takes ${setting.max_items_count} at most`);
  }
  return input.map(({ id, caption }) => {
    const file = world.files.get(id);
    if (file === undefined) throw notFound("file", id);
    if (kind !== "file" && file.kind !== kind) throw badRequest(`items: file ${id} is not of type ${kind}`);
    if (setting?.max_item_size !== undefined && file.size > setting.max_item_size)
      throw badRequest("items: file is too large");
    return attached(file, caption, world.urls.gateway);
  });
}

function checkNote({ channel }: Target, kind: Kind, note: string | null): void {
  const setting = kind === "image" || kind === "file" ? channel?.settings[kind] : undefined;
  const most = setting?.note_max_chars_count;
  if (note !== null && most !== undefined && length(note) > most) throw badRequest(`note: ${most} characters at most`);
}

function checkButton({ channel }: Target, { type, title, payload }: Schemas["Suggestion"]): void {
  if (type === undefined) throw badRequest("suggestions: type is missing");
  if (!takes(channel?.settings.suggestions?.[type]))
    throw badRequest(`channel does not support suggestions of type ${type}`);
  if ((type === "text" || type === "url") && (title ?? "").trim() === "")
    throw badRequest("suggestions: title is missing");
  if (type === "url" && (payload ?? "") === "") throw badRequest("suggestions: payload is missing");
}

function checkQuote({ world, channel, chat }: Target, quoteId: number | undefined, kind: Kind): number | null {
  if (quoteId === undefined) return null;
  const quoted = world.messages.get(quoteId);
  if (quoted === undefined || quoted.deleted || quoted.chatId !== chat.id) throw notFound("message", quoteId);
  const setting = channel?.settings[kind];
  if (channel !== null && !(setting !== undefined && "quoting" in setting && takes(setting.quoting))) {
    throw badRequest("channel does not support quoting");
  }
  return quoteId;
}

function checkParts(target: Target, kind: Kind, body: Edit): Content {
  const content = cleaned(target.world, body.content);
  const note = cleaned(target.world, body.note);
  if (kind === "text") checkText(target, content);
  if (kind === "order" && body.order === undefined) throw badRequest("order: this value should not be blank");
  if (kind === "product" && body.product === undefined) throw badRequest("product: this value should not be blank");
  checkNote(target, kind, note);
  const buttons = body.transport_attachments?.suggestions ?? [];
  if (target.channel !== null) for (const button of buttons) checkButton(target, button);
  const withFiles = kind === "image" || kind === "file" || kind === "audio";
  return {
    content: kind === "text" ? content : null,
    note,
    items: withFiles ? checkItems(target, kind, body.items) : [],
    order: kind === "order" ? (body.order ?? null) : null,
    product: kind === "product" ? (body.product ?? null) : null,
    quoteId: checkQuote(target, body.quote_message_id, kind),
    attachments: buttons.length === 0 ? null : { suggestions: [...buttons] },
  };
}

function targetOf(world: World, chatId: number, scope: Message["scope"]): Target {
  const chat = world.chats.get(chatId);
  if (chat === undefined) throw notFound("chat", chatId);
  return { world, chat, channel: scope === "public" ? (world.channels.get(chat.channelId) ?? null) : null };
}

export interface Checked extends Content {
  readonly type: Kind;
  readonly scope: Message["scope"];
}

const isKind = (type: string): type is Kind => KINDS.includes(type);

/** What `POST /messages` would store. Throws Refusal when the channel, the chat or the account does not take it. */
export function checkMessage(world: World, body: Body): Checked {
  const { scope } = body;
  if (scope !== "public" && scope !== "private")
    throw badRequest("scope: the value you selected is not a valid choice");
  const target = targetOf(world, body.chat_id, scope);
  const type = body.type ?? "text";
  if (!isKind(type)) throw badRequest(`type: a bot cannot send ${type}`);
  if (target.channel !== null) {
    if (!target.channel.active) throw badRequest("channel is not active");
    if (target.channel.settings.sending_policy?.outgoing === "restricted")
      throw badRequest("outgoing messages are restricted");
    if (!takes(target.channel.settings[type]?.creating))
      throw badRequest(`channel does not support messages of type ${type}`);
  }
  return { type, scope, ...checkParts(target, type, body) };
}

/** The bot's own, living message. 404 when there is none, 403 when it is someone else's. */
function own(
  world: World,
  { messageId, botId }: { messageId: number; botId: number },
): { message: Message; kind: Kind } {
  const message = world.messages.get(messageId);
  if (message === undefined || message.deleted) throw notFound("message", messageId);
  if (message.from?.type !== "bot" || message.from.id !== botId || !isKind(message.type)) {
    throw new Refusal(403, ["access denied"]);
  }
  return { message, kind: message.type };
}

/** What `PATCH /messages/{id}` would store; parts that are not given stay as they are. */
export function checkEdit(
  world: World,
  who: { messageId: number; botId: number },
  body: Edit,
): { message: Message; to: Content } {
  const { message, kind } = own(world, who);
  const target = targetOf(world, message.chatId, message.scope);
  const setting = target.channel?.settings[kind];
  if (target.channel !== null && !(setting !== undefined && "editing" in setting && takes(setting.editing))) {
    throw badRequest("channel does not support editing");
  }
  const whole: Edit = {
    ...(message.content === null ? {} : { content: message.content }),
    ...(message.note === null ? {} : { note: message.note }),
    ...(message.order === null ? {} : { order: message.order }),
    ...(message.product === null ? {} : { product: message.product }),
    ...(message.items.length === 0 ? {} : { items: message.items.map(({ id }) => ({ id })) }),
    ...(message.attachments === null ? {} : { transport_attachments: message.attachments }),
    ...(message.quoteId === null ? {} : { quote_message_id: message.quoteId }),
    ...body,
  };
  return { message, to: checkParts(target, kind, whole) };
}

/** The message that `DELETE /messages/{id}` would take away. */
export function checkDelete(world: World, who: { messageId: number; botId: number }): Message {
  const { message, kind } = own(world, who);
  const target = targetOf(world, message.chatId, message.scope);
  if (target.channel !== null && !takes(target.channel.settings[kind]?.deleting)) {
    throw badRequest("channel does not support deleting");
  }
  return message;
}

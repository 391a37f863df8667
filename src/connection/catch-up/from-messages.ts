import { idAt, momentAt, objectAt, textAt } from "../../engine/fields.ts";
import type { Event } from "../../types/event.ts";
import type { JsonObject } from "../../types/json.ts";
import { type AboutDialog, assignedEvent, closedEvent, openedEvent, rebuilt } from "./dialog-events.ts";
import { writtenAt } from "./gap.ts";

/** Rows by id that the lists gave beside the messages. */
export interface Around {
  readonly chats: ReadonlyMap<number, JsonObject>;
  readonly dialogs: ReadonlyMap<number, JsonObject>;
  readonly botId: number;
  /** When a row that says nothing of it was written (Unix ms). */
  readonly now: number;
}

/** The `message_new` that was missed; null: the row is no message. Its chat comes from the list of chats, as a live event
 *  carries it; where that has none, deciding asks for it. */
export function newMessageEvent(row: JsonObject, around: Around): Event | null {
  const chatId = idAt(row, "chat_id");
  if (idAt(row, "id") === null || chatId === null) return null;
  const at = writtenAt(row) ?? around.now;
  return rebuilt("message_new", { message: withChat(row, chatId, around) }, { at, chatId });
}

/** The last change of a message since `from` (Unix ms), if rules can listen to it: an edit, or that a message of ours has
 *  failed. The steps before are not told by any list, nor are deletions. Null: there was none. */
export function updateEvent(row: JsonObject, around: Around, from: number): Event | null {
  const chatId = idAt(row, "chat_id");
  const at = momentAt(row, "updated_at");
  if (chatId === null || at === null || at < from) return null;
  if (row.is_edit !== true && !isOwnFailure(row, around)) return null;
  // Lists leave the moment of an edit out; it is part of the key.
  const edited = row.is_edit === true ? { edited_at: row.edited_at ?? row.updated_at ?? null } : {};
  const message = { ...withChat(row, chatId, around), ...edited };
  return rebuilt("message_updated", { message }, { at, chatId });
}

/** A message of ours that was sent in the gap and has failed in it: the echo and the failure are two events. */
export function isOwnFailure(row: JsonObject, { botId }: Pick<Around, "botId">): boolean {
  const from = objectAt(row, "from");
  return row.status === "failed" && from?.type === "bot" && idAt(from, "id") === botId;
}

/** The dialog event that a service note stands for: opened, assigned or closed. Null: it is none, or tells too little. */
export function dialogEvent(row: JsonObject, around: Around): Event | null {
  const chatId = idAt(row, "chat_id");
  const id = idAt(objectAt(row, "dialog") ?? undefined, "id");
  if (row.type !== "system" || chatId === null || id === null) return null;
  const about: AboutDialog = {
    id,
    chatId,
    row: around.dialogs.get(id) ?? null,
    chat: around.chats.get(chatId) ?? null,
  };
  const at = textAt(row, "created_at") ?? textAt(row, "time") ?? new Date(around.now).toISOString();
  const action = textAt(row, "action");
  if (action === "dialog_opened") return openedEvent(about, at);
  if (action === "dialog_closed") return closedEvent(about, at);
  const responsible = objectAt(row, "responsible");
  const holder = idAt(responsible ?? undefined, "id");
  if (action !== "dialog_assign" || holder === null) return null;
  return assignedEvent(about, { type: String(responsible?.type), id: holder, at });
}

function withChat(row: JsonObject, chatId: number, { chats }: Around): JsonObject {
  const chat = chats.get(chatId);
  return chat === undefined ? row : { ...row, chat };
}

import type { Event } from "../types/event.ts";
import type { JsonObject } from "../types/json.ts";
import { idAt, objectAt } from "./fields.ts";

/** Whose state an event touches. `dialogId` null with a `chatId`: the chat's latest known dialog is meant. */
export interface Subjects {
  readonly chatId: number | null;
  readonly dialogId: number | null;
  readonly customerId: number | null;
  readonly channelId: number | null;
}

/** The message of a message event; null: another event. */
export function messageOf(event: Event): JsonObject | null {
  return objectAt(event.data, "message");
}

/** The chat an event carries, wherever its type puts it; null: it carries none (as messages found by catch-up). */
export function chatOf(event: Event): JsonObject | null {
  const inMessage = objectAt(messageOf(event) ?? undefined, "chat");
  const inDialog = objectAt(objectAt(event.data, "dialog") ?? undefined, "chat");
  return inMessage ?? objectAt(event.data, "chat") ?? inDialog;
}

function customerOf(event: Event, chat: JsonObject | null): number | null {
  if (event.type === "customer_updated") return idAt(event.data, "id");
  const from = objectAt(messageOf(event) ?? undefined, "from");
  const author = from?.type === "customer" ? idAt(from, "id") : null;
  return idAt(objectAt(chat ?? undefined, "customer") ?? undefined, "id") ?? author;
}

function dialogOf(event: Event, chat: JsonObject | null): number | null {
  const message = messageOf(event);
  if (message !== null) {
    const own = idAt(objectAt(message, "dialog") ?? undefined, "id");
    return own ?? idAt(objectAt(chat ?? undefined, "last_dialog") ?? undefined, "id");
  }
  // The rows that Rulebook itself puts into the inbox name their dialog plainly.
  const dialog = idAt(objectAt(event.data, "dialog") ?? undefined, "id") ?? idAt(event.data, "dialog_id");
  return dialog ?? idAt(objectAt(chat ?? undefined, "last_dialog") ?? undefined, "id");
}

export function subjects(event: Event): Subjects {
  const chat = chatOf(event);
  const message = messageOf(event) ?? undefined;
  return {
    chatId: event.chatId,
    dialogId: dialogOf(event, chat),
    customerId: customerOf(event, chat),
    channelId: idAt(objectAt(chat ?? undefined, "channel") ?? undefined, "id") ?? idAt(message, "channel_id"),
  };
}

import type { Event } from "../../types/event.ts";

/** The highest message id seen in each chat: the look-up of a send whose answer was lost searches above it. Kept in memory
 *  for the chats of late; the gateway is asked about any other. */
export interface NewestMessages {
  note(chatId: number, messageId: number): void;
  get(chatId: number): number | null;
}

const MOST_CHATS = 10_000;

export function createNewestMessages(most = MOST_CHATS): NewestMessages {
  const newest = new Map<number, number>();
  return {
    note(chatId, messageId) {
      const highest = Math.max(messageId, newest.get(chatId) ?? 0);
      // Deleted first, so that the map stays in the order of use and its first entry is the oldest.
      newest.delete(chatId);
      newest.set(chatId, highest);
      const oldest = newest.keys().next();
      if (newest.size > most && !oldest.done) newest.delete(oldest.value);
    },
    get: (chatId) => newest.get(chatId) ?? null,
  };
}

/** The id of the message an event is about; null: none. */
export function messageIdOf({ data }: Event): number | null {
  const message = data.message;
  if (typeof message !== "object" || message === null || Array.isArray(message) || !("id" in message)) return null;
  return typeof message.id === "number" ? message.id : null;
}

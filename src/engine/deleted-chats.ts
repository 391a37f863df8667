import type { Event } from "../types/event.ts";

/** The chats that a `chats_deleted` event is about; none for any other event. Source: events.schema.json. */
export function deletedChats({ type, data }: Event): readonly number[] {
  if (type !== "chats_deleted" || !Array.isArray(data.chat_ids)) return [];
  return data.chat_ids.filter((id): id is number => typeof id === "number" && Number.isSafeInteger(id) && id > 0);
}

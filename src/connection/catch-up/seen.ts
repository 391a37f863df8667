import { idAt, numberAt } from "../../engine/fields.ts";
import type { Event } from "../../types/event.ts";
import type { Json, JsonObject } from "../../types/json.ts";

/** Up to where a connection has missed nothing. Stored with the events themselves, so that a killed program knows it. */
export interface Seen {
  /** Highest id of a message up to which all were received; null: none has come since the connection began. */
  readonly messageId: number | null;
  /** When the socket was last known to be good (Unix ms). */
  readonly at: number;
  /** When the connection first listened (Unix ms): what came before it is not the bot's affair. */
  readonly since: number;
}

/** The fact of the connection under which it is stored. */
export { SEEN } from "../../store/aging.ts";

/** Nothing has been seen, and nothing missed: the module hears what comes after it was connected. */
export const firstSeen = (now: number): Seen => ({ messageId: null, at: now, since: now });

/** As stored; null: the connection has never listened. */
export function readSeen(fact: Json): Seen | null {
  const at = numberAt(fact, "at");
  if (at === null) return null;
  return { messageId: idAt(fact, "messageId"), at, since: numberAt(fact, "since") ?? at };
}

export const seenFact = (seen: Seen): JsonObject => ({ ...seen });

/** After more of the stream: the highest of these ids (0: none), at this moment. Neither ever goes back. */
export function advanced(seen: Seen, { messageId, at }: { readonly messageId: number; readonly at: number }): Seen {
  const highest = Math.max(seen.messageId ?? 0, messageId);
  return { ...seen, messageId: highest > 0 ? highest : null, at: Math.max(seen.at, at) };
}

/** The highest id of the new messages among these events; 0: there is none. */
export function highestMessage(events: readonly Event[]): number {
  return events.reduce((most, event) => Math.max(most, newMessageId(event) ?? 0), 0);
}

/** The id of the message that a `message_new` brings; null: another event. */
export function newMessageId({ type, data }: Event): number | null {
  return type === "message_new" ? idAt(data.message, "id") : null;
}

import { idAt } from "../../engine/fields.ts";
import type { Event } from "../../types/event.ts";
import type { JsonObject } from "../../types/json.ts";
import { eventsFromDialog } from "./dialog-events.ts";
import { type Around, dialogEvent, isOwnFailure, newMessageEvent, updateEvent } from "./from-messages.ts";
import type { Gap } from "./gap.ts";
import type { Found } from "./read-gap.ts";

/** What else is known about a gap than its lists. `heardFrom`: the lowest id of a message that the socket brought after it
 *  (Infinity: none yet); from there on it tells of everything itself. */
export interface AboutGap {
  readonly gap: Gap;
  readonly botId: number;
  readonly now: number;
  readonly heardFrom: number;
}

/** Everything that happened in a gap, as the events that were missed; oldest messages first. Those that did come have the
 *  same keys. Pure. */
export function eventsOf(found: Found, { gap, botId, now, heardFrom }: AboutGap): readonly Event[] {
  const around: Around = { chats: found.chats, dialogs: found.dialogs, botId, now };
  const isMissed = (row: JsonObject) => {
    const id = idAt(row, "id") ?? 0;
    // Around the cut a note may be known and its dialog event with it, under the moment that only the socket tells.
    return id > gap.cursor && id < heardFrom;
  };
  const told = found.messages.flatMap((row) => [
    newMessageEvent(row, around),
    isMissed(row) ? dialogEvent(row, around) : null,
    isOwnFailure(row, around) ? updateEvent(row, around, gap.from) : null,
  ]);
  const changed = found.updated.map((row) => updateEvent(row, around, gap.from));
  return [...told, ...changed].filter((event) => event !== null).concat(dialogEvents(found, gap));
}

function dialogEvents({ dialogs, chats }: Found, { from, oldest }: Gap): readonly Event[] {
  return [...dialogs].flatMap(([id, row]) => {
    const chatId = idAt(row, "chat_id");
    if (chatId === null) return [];
    return eventsFromDialog({ id, chatId, row, chat: chats.get(chatId) ?? null }, Math.max(from, oldest));
  });
}

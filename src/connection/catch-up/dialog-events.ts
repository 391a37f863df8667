import { idAt, momentAt, objectAt, textAt } from "../../engine/fields.ts";
import { eventKey } from "../../gateway/keys.ts";
import type { Event } from "../../types/event.ts";
import type { Json, JsonObject } from "../../types/json.ts";

/** What is known of a dialog: its row of `GET /dialogs` and its chat's of `GET /chats`, as far as there are any. */
export interface AboutDialog {
  readonly id: number;
  readonly chatId: number;
  readonly row: JsonObject | null;
  readonly chat: JsonObject | null;
}

/** Who was put in charge, and when (RFC 3339). */
export interface Assignment {
  readonly type: string;
  readonly id: number;
  readonly at: string;
}

/** An event in the shape of a live one, so that it has the same key and rules read the same fields. `at`: Unix ms. */
export function rebuilt(type: string, data: JsonObject, { at, chatId }: { at: number; chatId: number }): Event {
  const key = eventKey({ type, data, timestamp: Math.floor(at / 1_000) });
  return { key, type, at, chatId, data };
}

/** What a dialog is now (who is in charge, its tags) comes from its list, not from its past: none of it is told here. */
export function openedEvent(about: AboutDialog, at: string): Event {
  const dialog = { ...dialogOf(about, at), chat: chatOf(about) };
  return rebuilt("dialog_opened", { dialog }, { at: Date.parse(at), chatId: about.chatId });
}

export function closedEvent(about: AboutDialog, at: string): Event {
  const closedAt = textAt(about.row ?? undefined, "closed_at") ?? at;
  const ending = about.row?.ending_message_id ?? null;
  const dialog = { ...dialogOf(about, null), closed_at: closedAt, ending_message_id: ending, chat: chatOf(about) };
  return rebuilt("dialog_closed", { dialog }, { at: Date.parse(at), chatId: about.chatId });
}

export function assignedEvent(about: AboutDialog, { type, id, at }: Assignment): Event {
  const assigned = { type, id, assigned_at: exactMoment(about.row, { type, id, at }) };
  const dialog = { ...dialogOf(about, null), assigned_at: assigned.assigned_at, responsible: assigned, chat: null };
  const data = { dialog, chat: chatOf(about) };
  return rebuilt("dialog_assign", data, { at: Date.parse(at), chatId: about.chatId });
}

function dialogOf({ id, row }: AboutDialog, openedAt: string | null): JsonObject {
  const created: Json = row?.created_at ?? openedAt;
  const begin: JsonObject =
    row !== null && "begin_message_id" in row ? { begin_message_id: row.begin_message_id ?? null } : {};
  return { id, ...(created === null ? {} : { created_at: created }), ...begin };
}

/** The chat as its list shows it; without one, its id at least. */
const chatOf = ({ chat, chatId }: AboutDialog): JsonObject => chat ?? { id: chatId };

/** A service note is written a moment after what it tells of, perhaps in the next second: the list knows better. */
const NOTE_DELAY_MS = 5_000;

function exactMoment(row: JsonObject | null, { type, id, at }: Assignment): string {
  const holder = objectAt(row ?? undefined, "responsible");
  const listed = textAt(holder ?? undefined, "assigned_at");
  const isSame = holder !== null && idAt(holder, "id") === id && holder.type === type;
  if (!isSame || listed === null) return at;
  return Math.abs(Date.parse(listed) - Date.parse(at)) <= NOTE_DELAY_MS ? listed : at;
}

/** The dialog events that a list of dialogs tells of: what happened between `from` and now, each at most once. */
export function eventsFromDialog(about: AboutDialog & { readonly row: JsonObject }, from: number): readonly Event[] {
  const { row } = about;
  const since = (name: string, of: JsonObject | null) => {
    const at = momentAt(of ?? undefined, name);
    return at !== null && at >= from ? textAt(of ?? undefined, name) : null;
  };
  const holder = objectAt(row, "responsible");
  const [opened, assigned, closed] = [since("created_at", row), since("assigned_at", holder), since("closed_at", row)];
  const holderId = idAt(holder ?? undefined, "id");
  return [
    ...(opened === null ? [] : [openedEvent(about, opened)]),
    ...(assigned === null || holderId === null
      ? []
      : [assignedEvent(about, { type: String(holder?.type), id: holderId, at: assigned })]),
    ...(closed === null ? [] : [closedEvent(about, closed)]),
  ];
}

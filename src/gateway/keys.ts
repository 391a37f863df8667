import { createHash } from "node:crypto";
import { objectOf } from "../api/shape.ts";
import type { Json, JsonObject } from "../types/json.ts";
import { timestampMs } from "./timestamp.ts";

/** An event before it has a key. `timestamp` is `meta.timestamp` as it came (0: none). An event rebuilt from the REST lists
 *  is given in the same shape, so that it gets the same key. */
export interface Unkeyed {
  readonly type: string;
  readonly data: JsonObject;
  readonly timestamp: number;
}

/** The dedupe key: the same happening has the same key however often and by whichever way it comes
 *  (docs/decisions/010-catch-up.md; the gateway sends no event id). Moments inside keys are whole Unix seconds, since lists and frames write
 *  the same moment with different precision. No customer's text is readable in it. */
export function eventKey(event: Unkeyed): string {
  const { type, data } = event;
  const message = part(data, "message");
  const dialog = part(data, "dialog");
  if (type === "message_new" && isId(message.id)) return `${type}:${message.id}`;
  if (type === "message_updated" && isId(message.id)) return `${type}:${message.id}:${digest(editable(message))}`;
  if ((type === "message_deleted" || type === "message_restored") && isId(message.id)) {
    return `${type}:${message.id}:${event.timestamp}`;
  }
  if (type === "dialog_opened" && isId(dialog.id)) return `${type}:${dialog.id}`;
  if (type === "dialog_closed" && isId(dialog.id)) return `${type}:${dialog.id}:${moment(dialog.closed_at, event)}`;
  if (type === "dialog_assign" && isId(dialog.id)) return assignKey(event, dialog);
  return `${type}:${entity(data)}:${event.timestamp}:${digest(data)}`;
}

/** Who was assigned belongs to the key: two assignments can fall into one second. */
function assignKey(event: Unkeyed, dialog: JsonObject): string {
  const { id, type, assigned_at } = part(dialog, "responsible");
  const who = isId(id) ? `${String(type)}:${id}` : "nobody";
  return `${event.type}:${String(dialog.id)}:${who}:${moment(assigned_at ?? dialog.assigned_at, event)}`;
}

/** What an update can change. Absent, null and empty are the same thing here. */
function editable({ status, content, is_edit, edited_at, reactions }: JsonObject): JsonObject {
  const given = Array.isArray(reactions) && reactions.length > 0 ? reactions : null;
  return {
    status: status ?? null,
    content: content ?? null,
    is_edit: is_edit === true,
    edited_at: secondsOf(edited_at),
    reactions: given,
  };
}

/** What the event is about, for types without a rule of their own: `chat.5301,user.12`. */
function entity(data: JsonObject): string {
  const named = ["message", "dialog", "chat", "user", "customer", "bot", "channel"].flatMap((name) => {
    const { id } = part(data, name);
    return isId(id) ? [`${name}.${id}`] : [];
  });
  if (isId(data.id)) named.push(String(data.id));
  return named.join(",") || "-";
}

const moment = (value: Json | undefined, { timestamp }: Unkeyed): number =>
  secondsOf(value) ?? Math.floor(timestampMs(timestamp) / 1_000);

function secondsOf(value: Json | undefined): number | null {
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : Math.floor(ms / 1_000);
}

const digest = (value: Json) => createHash("sha256").update(canonical(value)).digest("base64url").slice(0, 22);

/** JSON with sorted keys: the order of keys says nothing. Depth is bounded where the text is read. */
function canonical(value: Json): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(",")}}`;
}

const isId = (value: Json | undefined): value is number | string =>
  (typeof value === "number" && Number.isSafeInteger(value)) || (typeof value === "string" && value !== "");

/** A map inside the data; an empty one where there is none. */
const part = (data: JsonObject, name: string): JsonObject => objectOf(data[name]);

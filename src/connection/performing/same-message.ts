import type { Json, JsonObject } from "../../types/json.ts";

/** Is this row of `GET /messages` the message that `body` asked to send? The server trims and escapes what it stores
 *  (reliability.md F37), so texts are compared in a normal form; type, scope and quoted message must agree as well. */
export function isSameMessage(body: JsonObject, row: JsonObject): boolean {
  return (
    (body.type ?? "text") === row.type &&
    body.scope === row.scope &&
    sameQuote(body.quote_message_id ?? null, idOf(row.quote)) &&
    CONTENT.every((field) => sameText(body[field], row[field])) &&
    sameCard(body.product, row.product, ["id", "name"]) &&
    sameCard(body.order, row.order, ["external_id", "number"]) &&
    sameItems(body.items, row.items)
  );
}

/** A text as it looks to a reader: white space and escapes of the server make no difference. */
export function readableText(value: Json | undefined): string {
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  return unescapeHtml(text).normalize("NFC").replace(/\s+/gu, " ").trim();
}

const CONTENT = ["content", "note"] as const;

const ENTITIES: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#34;": '"',
  "&#39;": "'",
  "&apos;": "'",
  "&amp;": "&",
};

const unescapeHtml = (text: string) =>
  text.replace(/&(?:lt|gt|quot|apos|amp|#34|#39);/g, (entity) => ENTITIES[entity] ?? entity);

const sameText = (left: Json | undefined, right: Json | undefined) => readableText(left) === readableText(right);

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const idOf = (value: Json | undefined) => (isObject(value) ? (value.id ?? null) : null);

/** A channel may drop the quote; taking that for another message would send the reply twice. */
const sameQuote = (sent: Json, stored: Json) => stored === null || sent === stored;

/** Cards come back with more fields than were sent: those that name the thing decide. */
function sameCard(sent: Json | undefined, stored: Json | undefined, fields: readonly string[]): boolean {
  if (!isObject(sent) || !isObject(stored)) return isObject(sent) === isObject(stored);
  return fields.every((field) => sent[field] === undefined || sameText(sent[field], stored[field]));
}

function sameItems(sent: Json | undefined, stored: Json | undefined): boolean {
  const left = Array.isArray(sent) ? sent : [];
  const right = Array.isArray(stored) ? stored : [];
  return left.length === right.length && left.every((item, index) => idOf(item) === idOf(right[index]));
}

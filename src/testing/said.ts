import { isObject, type Json, type JsonObject } from "../types/json.ts";
import type { Sent } from "./gateway.ts";

/** One thing that the customer or the staff was told. */
export interface Said {
  readonly to: "customer" | "staff";
  /** The text; other things in brackets: `[image] caption`. */
  readonly text: string;
  /** Titles of its buttons, also where they are a numbered list. */
  readonly buttons: readonly string[];
}

/** What a call told somebody; null: it was refused, or it says nothing. */
export function saidBy({ call, refusal }: Sent): Said | null {
  const body = call.body ?? {};
  if (refusal !== null) return null;
  if (call.operation === "editMessage")
    return { to: "customer", text: `[edited] ${textIn(body, "content")}`, buttons: [] };
  if (call.operation === "deleteMessage") return { to: "customer", text: "[deleted]", buttons: [] };
  if (call.operation !== "sendMessage") return null;
  return { to: body.scope === "private" ? "staff" : "customer", text: contentOf(body), buttons: buttonsOf(body) };
}

function contentOf(body: JsonObject): string {
  const type = textIn(body, "type");
  const card = objectIn(body, type);
  if (type === "text") return textIn(body, "content").trim();
  if (type === "product") return `[product] ${textIn(card, "name")}`.trim();
  if (type === "order") return `[order] ${textIn(card, "number")}`.trim();
  return `[${type}] ${textIn(body, "note")}`.trim();
}

function buttonsOf(body: JsonObject): readonly string[] {
  const suggestions = objectIn(body, "transport_attachments").suggestions ?? [];
  const titles = (Array.isArray(suggestions) ? suggestions : []).flatMap((one: Json) =>
    isObject(one) && one.type === "text" ? [textIn(one, "title")] : [],
  );
  return titles.length > 0 ? titles : numberedIn(textIn(body, "content"));
}

/** The titles of a numbered list at the end of a text. */
function numberedIn(text: string): readonly string[] {
  const titles: string[] = [];
  for (const line of text.split("\n").toReversed()) {
    const found = /^(\d+)\. (.+)$/u.exec(line);
    if (found === null) break;
    titles.unshift(found[2] ?? "");
    if (found[1] === "1") return titles;
  }
  return [];
}

const textIn = (value: JsonObject, key: string): string => {
  const text = value[key];
  return typeof text === "string" || typeof text === "number" ? String(text) : "";
};

function objectIn(value: JsonObject, key: string): JsonObject {
  const inner = value[key];
  return isObject(inner) ? inner : {};
}

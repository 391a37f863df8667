import type { Occasion } from "../types/event.ts";
import type { JsonObject } from "../types/json.ts";
import { textOf } from "./raw.ts";

const DIALOG: Readonly<Record<string, Occasion>> = {
  opened: "dialog:opened",
  assigned: "dialog:assigned",
  closed: "dialog:closed",
};

const MANAGER: Readonly<Record<string, Occasion>> = {
  online: "manager:online",
  offline: "manager:offline",
  joined: "manager:joined",
  left: "manager:left",
};

const CHATLESS: ReadonlySet<string> = new Set([
  "manager:online",
  "manager:offline",
  "event:user_updated",
  "event:user_online_updated",
  "event:customer_updated",
  "event:bot_updated",
  "event:channel_updated",
  "event:chats_deleted",
]);

/** What a raw `when:` listens to, and the key that says so; null when it names no event. */
export function occasionOf(when: JsonObject): { readonly on: Occasion; readonly key: string } | null {
  for (const key of Object.keys(when)) {
    const on = occasionBy(key, textOf(when[key]) ?? "");
    if (on !== null) return { on, key };
  }
  return null;
}

function occasionBy(key: string, value: string): Occasion | null {
  if (key === "message" || key === "message_has" || key === "message_is" || key === "message_matches") return "message";
  if (key === "command" || key === "reply_failed" || isSilence(key)) return key;
  if (key === "dialog") return DIALOG[value] ?? null;
  if (key === "manager") return MANAGER[value] ?? null;
  return key === "event" ? `event:${value}` : null;
}

/** Does nobody speaking bring it about? */
export function isSilence(on: string): on is "manager_silent" | "customer_silent" {
  return on === "manager_silent" || on === "customer_silent";
}

/** The words by which the staff brings about what a raw `when:` listens to (`command`, `from: manager`); null: it does not. */
export function byStaff(when: JsonObject, on: Occasion): string | null {
  if (on === "command" || on.startsWith("manager:")) return on.replace(":", ": ");
  return when.from === "manager" ? "from: manager" : null;
}

/** Does this occasion happen in a chat? */
export function hasChat(on: Occasion): boolean {
  return !CHATLESS.has(on);
}

/** Is a customer known, if only because the event is about one? */
export function hasCustomer(on: Occasion): boolean {
  return hasChat(on) || on === "event:customer_updated";
}

/** Is this occasion a message that somebody wrote, so that `from`, `scope` and `first` mean something? */
export function isMessage(on: Occasion): boolean {
  return on === "message" || /^event:message_(new|updated|deleted|restored)$/u.test(on);
}

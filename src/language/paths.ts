import type { Occasion } from "../types/event.ts";

/** What stands at a path that rules may read: always there, maybe null, a group of further names, or anything (stored values,
 *  raw data) whose names are not known at load. */
export type Offer = "value" | "nullable" | "open" | { readonly [name: string]: Offer };

const person: Offer = { id: "nullable", name: "nullable", online: "nullable" };

/** Of a manager who is certainly there. */
const somebody: Offer = { id: "value", name: "value", online: "value" };

const message: Offer = {
  id: "value",
  text: "value",
  type: "value",
  scope: "value",
  items: "open",
  time: "value",
  from: "value",
};

const known: Readonly<Record<string, Offer>> = {
  bot: { id: "value", name: "value" },
  now: "value",
  event: "open",
};

const inChat: Readonly<Record<string, Offer>> = {
  ...known,
  customer: {
    id: "nullable",
    first_name: "nullable",
    last_name: "nullable",
    username: "nullable",
    phone: "nullable",
    email: "nullable",
    language: "nullable",
  },
  dialog: { id: "nullable", tags: "open", opened_at: "nullable", team: "nullable", assigned: "value", first: "value" },
  chat: { id: "nullable" },
  channel: { id: "nullable", name: "nullable", type: "nullable" },
  manager: person,
  previous: { manager: person },
};

/** Whoever is silent is responsible, and after an assignment was so before. */
const managerSilent: Readonly<Record<string, Offer>> = {
  ...inChat,
  manager: somebody,
  previous: { manager: somebody },
};

/** Names that `set:` and `save:` may add to: any further name under them is a stored value, null until stored. */
export const STORED = ["dialog", "customer", "chat"] as const;

/** Everything a rule for this occasion may read, by first name, besides what its files declare (`hours`) and its actions bring
 *  (`answer`, `args`). Source: docs/rules.md. */
export function offeredPaths(on: Occasion): Readonly<Record<string, Offer>> {
  if (on === "message") return { ...inChat, message, match: "open" };
  if (on === "command") return { ...inChat, message, command: { name: "value", args: "value" } };
  if (on === "reply_failed" || on === "dialog:opened") return { ...inChat, message };
  if (on.startsWith("event:message_")) return { ...inChat, message, match: "open" };
  if (on === "manager:online" || on === "manager:offline") return { ...known, manager: somebody };
  if (on === "manager_silent") return managerSilent;
  return inChat;
}

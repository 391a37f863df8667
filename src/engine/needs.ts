import type { Rulebook } from "../types/rule.ts";

/** Always subscribed to: what the engine must know of messages, dialogs, people, customers and channels. One set for nearly
 *  every rulebook keeps socket swaps rare (spec 4.1 "Sockets"). */
const ENGINE_NEEDS = [
  "message_new",
  "message_updated",
  "dialog_opened",
  "dialog_assign",
  "dialog_closed",
  "user_joined_chat",
  "user_left_chat",
  "user_online_updated",
  "user_updated",
  "customer_updated",
  "channel_updated",
  "bot_updated",
  "chats_deleted",
] as const;

/** By the list of rules, which many rulebooks share. */
const needs = new WeakMap<Rulebook["rules"], readonly string[]>();

/** The event types the socket has to ask for, sorted. */
export function neededEvents({ rules }: Rulebook): readonly string[] {
  const known = needs.get(rules);
  if (known !== undefined) return known;
  const raw = rules.map((rule) => rule.on).filter((on) => on.startsWith("event:"));
  const found = [...new Set([...ENGINE_NEEDS, ...raw.map((on) => on.slice("event:".length))])].toSorted();
  needs.set(rules, found);
  return found;
}

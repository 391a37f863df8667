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

/** The event types the socket has to ask for, sorted. */
export function neededEvents(rulebook: Rulebook): readonly string[] {
  const raw = rulebook.rules.map((rule) => rule.on).filter((on) => on.startsWith("event:"));
  return [...new Set([...ENGINE_NEEDS, ...raw.map((on) => on.slice("event:".length))])].toSorted();
}

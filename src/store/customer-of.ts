import { subjects } from "../engine/subjects.ts";
import type { Event } from "../types/event.ts";

/** Is this stored event (JSON) about the customer, wherever its type names them? */
export function isAbout(event: string, customerId: number): boolean {
  const { customerId: named } = subjects(JSON.parse(event) as Event);
  return named === customerId;
}

/** One of these stands in every stored event that names the id, and in few others. */
export const tracesOf = (customerId: number): readonly [string, string] => [
  `"id":${customerId},`,
  `"id":${customerId}}`,
];

/** The fact in which guesses at orders are counted, by chat. */
export const ORDER_TRIES = "order_tries";

/** That fact (JSON) without these chats; null: they are not in it. */
export function triesWithout(value: string, chatIds: readonly number[]): string | null {
  const known: unknown = JSON.parse(value);
  if (typeof known !== "object" || known === null) return null;
  const gone = new Set(chatIds.map(String));
  const left = Object.entries(known).filter(([chat]) => !gone.has(chat));
  return left.length === Object.keys(known).length ? null : JSON.stringify(Object.fromEntries(left));
}

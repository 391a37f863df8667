import type { RequestDone } from "../../connection/connection.ts";
import type { Registration } from "../../connection/registering/register.ts";
import { isObject, type Json, type JsonObject } from "../../types/json.ts";

/** Requests of one connection to the CRM and the gateway. `since`: Unix ms of the first. */
export interface Tally {
  readonly since: number;
  readonly good: number;
  readonly bad: number;
}

/** The practice of the vendor's own modules (crm-api.md section 7). */
const WINDOW_MS = 15 * 60_000;
const FEWEST = 10;
const GOOD_SHARE = 0.8;
/** Of one kind of trouble the admins hear this often at most. */
const AGAIN_MS = 24 * 3_600_000;

/** Was it answered as it should be? Null says nothing about that: we asked too often. Something that is not there is an answer. */
export function isGood({ error }: Pick<RequestDone, "error">): boolean | null {
  if (error === "limited") return null;
  return error === null || error === "not_found";
}

/** The tally with one more request; after a quarter of an hour it begins anew. */
export function counted(tally: Tally | null, request: { readonly good: boolean; readonly at: number }): Tally {
  const { good, at } = request;
  const isFresh = tally !== null && at >= tally.since && at - tally.since < WINDOW_MS;
  const before = isFresh ? tally : { since: at, good: 0, bad: 0 };
  return { ...before, good: before.good + (good ? 1 : 0), bad: before.bad + (good ? 0 : 1) };
}

export function isFailing({ good, bad }: Tally): boolean {
  return good + bad >= FEWEST && good / (good + bad) < GOOD_SHARE;
}

/** A kind of trouble; `requests`: too many of them fail. */
export type Trouble =
  | "requests"
  | "scopes"
  | "module"
  | "chats_disabled"
  | "no_token"
  | "token_refused"
  | "bad_address";

/** What keeps the bot from working until somebody in the account does something. Null: nothing does, it is somebody's wish, or the account
 *  can't be told of it anyway (a key that it refuses, a CRM that does not answer). */
export function troubleOf(registration: Registration): Exclude<Trouble, "requests"> | null {
  switch (registration.kind) {
    case "refused":
      return registration.why === "key" ? null : registration.why;
    case "chats_disabled":
    case "no_token":
    case "token_refused":
    case "bad_address":
      return registration.kind;
    default:
      return null;
  }
}

/** What the admins were told. `open`: the trouble that lasts; null: none does. */
export interface Told {
  readonly open: Trouble | null;
  /** When they were last told of each kind (Unix ms). */
  readonly at: Readonly<Record<string, number>>;
}

/** What is stored is ours; anything else counts as nothing. */
export function readTold(fact: Json): Told {
  if (!isObject(fact)) return { open: null, at: {} };
  const at = isObject(fact.at) ? Object.entries(fact.at) : [];
  const moments = at.filter((entry): entry is [string, number] => typeof entry[1] === "number");
  return { open: typeof fact.open === "string" ? (fact.open as Trouble) : null, at: Object.fromEntries(moments) };
}

export const toldFact = ({ open, at }: Told): JsonObject => ({ open, at: { ...at } });

/** May they be told of it now? A trouble that lasts is told once, whatever happens to us meanwhile. */
export function isNews(told: Told, trouble: Trouble, now: number): boolean {
  const last = told.at[trouble] ?? null;
  const isRecent = last !== null && now >= last && now - last < AGAIN_MS;
  return !isRecent && told.open !== trouble;
}

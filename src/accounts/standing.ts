import type { Registration } from "../connection/registering/register.ts";
import type { ConnectionRecord } from "../store/store.ts";
import { isObject, type Json, type JsonObject } from "../types/json.ts";

/** How an account stands, for whoever owns it. Each has its own sentence on the pages. */
export type StandingName =
  | "working"
  | "catching_up"
  | "starting"
  | "off_by_owner"
  | "paused"
  | "switched_off"
  | "frozen"
  | "needs_reconnect"
  | "scopes"
  | "chats_disabled"
  | "unreachable"
  | "gateway"
  | "token_refused"
  | "no_token"
  | "bad_address"
  | "moved"
  | "refused";

/** What the store keeps of a registration: nothing secret. */
export const standingFact = (registration: Registration): JsonObject => ({
  kind: registration.kind,
  why: "why" in registration ? registration.why : null,
});

export interface Known {
  readonly record: Pick<ConnectionRecord, "enabled" | "paused">;
  /** As `standingFact` made it; null: nothing was ever kept. */
  readonly fact: Json;
  /** What the connection tells of itself; null: another process works on it. */
  readonly status: JsonObject | null;
}

/** What people want comes first, then how the registration stands, then how the socket does. */
export function standingOf({ record, fact, status }: Known): StandingName {
  if (record.paused) return "paused";
  if (!record.enabled) return "off_by_owner";
  const { kind, why } = isObject(fact) ? fact : {};
  if (kind === "registered") return atWork(status);
  // Its wish was changed a moment ago: the CRM is being asked.
  if (why === "paused" || why === "by_owner" || typeof kind !== "string") return "starting";
  return OF_REGISTRATION[`${kind}/${String(why ?? "")}`] ?? OF_REGISTRATION[kind] ?? "unreachable";
}

const OF_REGISTRATION: Readonly<Record<string, StandingName>> = {
  "inactive/frozen": "frozen",
  inactive: "switched_off",
  "refused/key": "needs_reconnect",
  "refused/scopes": "scopes",
  refused: "refused",
  chats_disabled: "chats_disabled",
  unreachable: "unreachable",
  not_a_crm: "moved",
  moved: "moved",
  no_token: "no_token",
  token_refused: "token_refused",
  bad_address: "bad_address",
};

function atWork(status: JsonObject | null): StandingName {
  if (status === null) return "working";
  const { socket, catch_up: catchUp } = status;
  if (!isObject(socket)) return "starting";
  if (socket.state !== "open") return socket.state === "connecting" ? "starting" : "gateway";
  return isObject(catchUp) && catchUp.gap === true ? "catching_up" : "working";
}

import type { Registration } from "../../connection/registering/register.ts";
import type { ConnectionRecord } from "../../store/store.ts";
import { isObject, type Json, type JsonObject } from "../../types/json.ts";

/** How an account stands, for whoever owns it. Each has its own sentence on the pages. */
export type StandingName =
  | "working"
  | "catching_up"
  | "starting"
  | "unattended"
  | "off_by_owner"
  | "paused"
  | "switched_off"
  | "frozen"
  | "needs_reconnect"
  | "no_key"
  | "scopes"
  | "chats_disabled"
  | "unreachable"
  | "gateway"
  | "token_refused"
  | "no_token"
  | "bad_address"
  | "moved"
  | "gone"
  | "refused";

/** How the socket of an account at work is, as far as its owner is concerned. `waiting`: the gateway does not answer. */
export type SocketStanding = "open" | "waiting";

/** What the store keeps of a registration and its socket (null: nothing is known of that yet): nothing secret. */
export const standingFact = (registration: Registration, socket: SocketStanding | null): JsonObject => ({
  kind: registration.kind,
  why: "why" in registration ? registration.why : null,
  socket,
});

export interface Known {
  readonly record: Pick<ConnectionRecord, "enabled" | "paused">;
  /** False: neither the file nor the store has an API key that could be used. */
  readonly hasKey: boolean;
  /** As `standingFact` made it; null: nothing was ever kept. */
  readonly fact: Json;
  /** What the connection tells of itself; null: it does not work in this process. */
  readonly status: JsonObject | null;
  /** Does any process work on it? Asked only where this one does not. */
  readonly isHeld: boolean;
}

/** Without a key nothing goes on; else what people want comes first, then how the registration stands, then how the socket does. */
export function standingOf({ record, hasKey, fact, status, isHeld }: Known): StandingName {
  if (!hasKey) return "no_key";
  if (record.paused) return "paused";
  if (!record.enabled) return "off_by_owner";
  const { kind, why, socket } = isObject(fact) ? fact : {};
  if (kind === "registered") return status === null ? elsewhere(socket ?? null, isHeld) : atWork(status);
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
  not_a_crm: "gone",
  moved: "moved",
  no_token: "no_token",
  token_refused: "token_refused",
  bad_address: "bad_address",
};

function atWork({ socket, catch_up: catchUp }: JsonObject): StandingName {
  if (!isObject(socket)) return "starting";
  if (socket.state !== "open") return socket.state === "connecting" ? "starting" : "gateway";
  return isObject(catchUp) && catchUp.gap === true ? "catching_up" : "working";
}

/** By what whoever works on it has kept; that says nothing any more when nobody does. */
function elsewhere(socket: Json, isHeld: boolean): StandingName {
  if (!isHeld) return "unattended";
  if (socket === "open") return "working";
  return socket === "waiting" ? "gateway" : "starting";
}

import { randomBytes } from "node:crypto";
import type { Readiness } from "../service/server.ts";
import { STATUS_TOKEN, WHOLE_PROGRAM } from "../service/status-facts.ts";
import type { Store } from "../store/store.ts";
import type { JsonObject } from "../types/json.ts";
import type { RunState } from "./reload.ts";

/** With what programs of the operator ask us; made once, kept in the store. */
export async function openStatusToken(store: Store): Promise<string> {
  const known = await store.fact(WHOLE_PROGRAM, STATUS_TOKEN);
  if (typeof known === "string") return known;
  const made = randomBytes(32).toString("hex");
  await store.saveFact(WHOLE_PROGRAM, STATUS_TOKEN, made);
  return made;
}

export const readinessOf = ({ draining, faults }: RunState, isStoreUsable: boolean): Readiness => ({
  ready: isStoreUsable,
  draining,
  configLastReloadSuccess: faults.length === 0 ? 1 : 0,
  configErrors: faults,
});

export const configStatus = (faults: readonly string[]): JsonObject => ({
  last_reload_success: faults.length === 0,
  errors: [...faults],
});

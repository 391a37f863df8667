import { randomBytes } from "node:crypto";
import type { Readiness } from "../service/server.ts";
import { readStatusToken, STATUS_TOKEN, statusTokenFact } from "../service/status-facts.ts";
import type { Store } from "../store/store.ts";
import { WHOLE_PROGRAM } from "../store/whole-program.ts";
import type { JsonObject } from "../types/json.ts";
import { isSealed, type Vault } from "../vault.ts";
import type { RunState } from "./reload.ts";

export interface TokenOptions {
  readonly store: Pick<Store, "fact" | "saveFact" | "leases">;
  /** Null: nothing is sealed. */
  readonly vault: Vault | null;
}

/** With what programs of the operator ask us. A program that has its store for itself makes it anew at each start, so that none of a copy
 *  opens anything; replicas share one. One that lay there unsealed although there is a key is not used any more. */
export async function openStatusToken({ store, vault }: TokenOptions): Promise<string> {
  const fact = store.leases.shared ? await store.fact(WHOLE_PROGRAM, STATUS_TOKEN) : null;
  const isBare = vault !== null && typeof fact === "string" && !isSealed(fact);
  const known = isBare ? null : readStatusToken(fact, vault);
  if (known !== null && (vault === null || vault.isCurrent(String(fact)))) return known;
  const token = known ?? randomBytes(32).toString("hex");
  await store.saveFact(WHOLE_PROGRAM, STATUS_TOKEN, statusTokenFact(token, vault));
  return token;
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

import { isSealed, type Vault } from "../vault.ts";

/** What opens `/status` and `/operation`; sealed where there is a key to seal with. */
export const STATUS_TOKEN = "status_token";
/** Where the running program answers; `rulebot status` reads it. */
export const STATUS_ADDRESS = "status_address";

const CONTEXT = "token of /status";

/** The token as it lies in the store. */
export const statusTokenFact = (token: string, vault: Vault | null): string =>
  vault === null ? token : vault.seal(token, CONTEXT);

/** The token of a stored fact; null: there is none, or it can't be opened. */
export function readStatusToken(fact: unknown, vault: Vault | null): string | null {
  if (typeof fact !== "string") return null;
  if (!isSealed(fact)) return fact;
  return vault?.open(fact, CONTEXT) ?? null;
}

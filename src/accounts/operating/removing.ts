import type { CrmApi } from "../../api/crm.ts";
import { ApiError } from "../../api/errors.ts";
import type { Clock } from "../../clock.ts";
import type { ModuleSettings } from "../../connection/registering/module.ts";
import { switchOff } from "../../connection/registering/switch-off.ts";
import type { Log } from "../../log.ts";
import type { ConnectionRecord, Store } from "../../store/store.ts";

/** What became of the module in the CRM. `off_before`: there was nothing to switch off; `left_on`: nobody has its key, or the CRM did not
 *  take it, so a person has to switch it off there. */
export type ModuleEnd = "switched_off" | "off_before" | "left_on";

/** `own`: the file itself names the account, so it would be back at once; `gone`: there is no such connection. */
export type Removal =
  | { readonly kind: "removed"; readonly connectionId: string; readonly module: ModuleEnd }
  | { readonly kind: "own"; readonly connectionId: string }
  | { readonly kind: "gone" };

export interface RemovingOptions {
  /** Keys in plain: `sealedStore`. */
  readonly store: Pick<Store, "connection" | "removeConnection">;
  /** Of the file's own account; null: the file names none. */
  readonly ownId: string | null;
  readonly module: Omit<ModuleSettings, "clientId">;
  /** Closed after use. */
  readonly crmOf: (account: { readonly url: string; readonly apiKey: string }) => CrmApi;
  /** Whoever shares the work out looks at once. */
  readonly look: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** A person waits for the CRM no longer than this; the account is removed all the same. */
const SWITCH_OFF_MS = 15_000;
const ATTEMPTS = 2;

/** Removes an account for good: its module is switched off in the CRM with its own key, as far as the CRM lets us, then the connection goes with
 *  all that is stored of it. Whoever works on it stops at the next look. Rejects with StoreError. */
export function createRemoving(options: RemovingOptions): (connectionId: string) => Promise<Removal> {
  const { store, ownId, look, log } = options;
  return async (connectionId) => {
    const record = await store.connection(connectionId);
    if (record === null) return { kind: "gone" };
    if (connectionId === ownId) return { kind: "own", connectionId };
    // First: without the stored key nobody could do it any more.
    const module = await endModule(options, record);
    await store.removeConnection(connectionId);
    look();
    log.info({ connection: connectionId, module }, "an account was removed with all that was stored of it");
    return { kind: "removed", connectionId, module };
  };
}

/** Rejects only because of faults of our own. */
async function endModule(
  { module, crmOf, clock, log }: RemovingOptions,
  { id, crmUrl, apiKey, clientId, moduleCode }: ConnectionRecord,
): Promise<ModuleEnd> {
  if (apiKey === null) return "left_on";
  const late = new AbortController();
  const cancel = clock.after(SWITCH_OFF_MS, () => late.abort(new Error("the account takes too long")));
  const asking = { attempts: ATTEMPTS, signal: late.signal };
  try {
    const crm = crmOf({ url: crmUrl, apiKey });
    const end = switchOff(crm, { ...module, code: moduleCode, clientId }, asking).finally(crm.close);
    return (await end) ? "switched_off" : "off_before";
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    log.warn({ connection: id, err: error }, "the module of an account that is removed could not be switched off");
    return "left_on";
  } finally {
    cancel();
  }
}

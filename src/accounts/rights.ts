import type { CrmApi } from "../api/crm.ts";
import { ApiError } from "../api/errors.ts";
import type { Clock } from "../clock.ts";
import { untilStored } from "../connection/serving/until-stored.ts";
import type { Log } from "../log.ts";
import { SCOPES_ASKED } from "./facts.ts";
import type { Standing } from "./shops.ts";

export interface RightsOptions {
  readonly crmOf: (account: { readonly url: string; readonly apiKey: string }) => CrmApi;
  /** Every right that the bot can use, not only what is missing: the new key has what is asked for. */
  readonly scopes: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const AGAIN_MS = 24 * 3_600_000;

/** A module that was connected in one step may ask for rights that its key lacks; the CRM then gives another key (crm-api.md section 3).
 *  One that came through the form can't: its owner reads on the settings page what is missing. At most once a day. */
export function createRights(options: RightsOptions): (standing: Standing) => void {
  return (standing) => {
    const { registration } = standing;
    if (registration.kind !== "refused" || registration.why !== "scopes") return;
    askForRights(options, standing).catch((error) =>
      options.log.warn({ connection: standing.record.id, err: error }, "more rights could not be asked for"),
    );
  };
}

async function askForRights(
  { crmOf, scopes, clock, log, signal }: RightsOptions,
  { record, store }: Standing,
): Promise<void> {
  const { id, crmUrl, apiKey, moduleCode } = record;
  if (apiKey === null) return;
  const askedAt = await store.fact(id, SCOPES_ASKED);
  if (typeof askedAt === "number" && clock.now() - askedAt < AGAIN_MS) return;
  await store.saveFact(id, SCOPES_ASKED, clock.now());
  const crm = crmOf({ url: crmUrl, apiKey });
  try {
    const renewed = await crm.updateScopes(moduleCode, scopes);
    // The old key has ended: the new one must not be lost.
    await untilStored(() => store.changeConnection(id, { apiKey: renewed }), { clock, log, signal });
    log.info({ connection: id }, "the account gave the bot more rights, and a new key");
  } catch (error) {
    if (!(error instanceof ApiError) || error.kind !== "bad_request") throw error;
    log.debug({ connection: id }, "the account gives more rights only by hand");
  } finally {
    crm.close();
  }
}

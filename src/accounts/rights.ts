import type { CrmApi } from "../api/crm.ts";
import { ApiError } from "../api/errors.ts";
import { createPlaces } from "../api/pace/places.ts";
import type { Clock } from "../clock.ts";
import { missingScopes } from "../connection/registering/scopes.ts";
import { untilStored } from "../connection/serving/until-stored.ts";
import type { Log } from "../log.ts";
import type { ConnectionRecord } from "../store/store.ts";
import { isObject, type Json } from "../types/json.ts";
import type { Rulebook } from "../types/rule.ts";
import { RIGHTS_SEEN, SCOPES_ASKED } from "./facts.ts";
import { neededRights } from "./needed-rights.ts";
import type { Standing } from "./shops.ts";

export interface RightsOptions {
  readonly crmOf: (account: { readonly url: string; readonly apiKey: string }) => CrmApi;
  readonly rulebookOf: (record: ConnectionRecord) => Pick<Rulebook, "rules" | "teams">;
  /** Every right that the bot can use, not only what is missing: the new key has what is asked for. */
  readonly scopes: readonly string[];
  /** Whoever works on the connection looks at once: the old key has ended. */
  readonly look: () => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** A module that was connected in one step may ask for rights that its key lacks; the CRM then gives another key (crm-api.md section 3).
 *  One that came through the form can't: its owner reads on the settings page what is missing. Neither ever rejects. */
export interface Rights {
  /** Asks for rights where registering needs them, or where the rules do. */
  onStanding(standing: Standing): void;
  /** An account at work goes on with other rules: asks for rights where these need them. */
  onRules(account: Account): void;
}

type Account = Pick<Standing, "record" | "store">;

/** More rights are asked for, and a key that had them is looked at, this often at most. */
const AGAIN_MS = 24 * 3_600_000;
/** Other rules concern many accounts at once, but nobody waits for this. */
const AT_ONCE = 4;

export function createRights(options: RightsOptions): Rights {
  const { log, signal } = options;
  const places = createPlaces(AT_ONCE);
  const inTurn = async ({ record, store }: Account, task: typeof followRules) => {
    if (record.apiKey === null) return;
    try {
      const leave = await places.enter(signal);
      await task(options, { record, store }).finally(leave);
    } catch (error) {
      if (!signal.aborted)
        log.warn({ connection: record.id, err: error }, "whether the key has all rights could not be settled");
    }
  };
  return {
    onStanding({ registration, ...account }) {
      if (registration.kind === "registered") void inTurn(account, followRules);
      const lacks = registration.kind === "refused" && registration.why === "scopes";
      if (lacks) void inTurn(account, askForRights);
    },
    onRules: (account) => void inTurn(account, followRules),
  };
}

/** The CRM is asked what the key may do only when the rules need something that it was not seen to have. */
async function followRules(options: RightsOptions, { record, store }: Account): Promise<void> {
  const { rulebookOf, crmOf, clock, log, signal } = options;
  const needed = neededRights(rulebookOf(record));
  if (needed.length === 0 || wasSeen(await store.fact(record.id, RIGHTS_SEEN), needed, clock.now())) return;
  const crm = crmOf({ url: record.crmUrl, apiKey: record.apiKey ?? "" });
  try {
    const missing = missingScopes(await crm.credentials({ attempts: 2, signal }), needed);
    if (missing.length === 0) return await store.saveFact(record.id, RIGHTS_SEEN, { at: clock.now(), scopes: needed });
    log.warn({ connection: record.id, missing }, "the API key lacks rights that the rules need");
  } finally {
    crm.close();
  }
  await askForRights(options, { record, store });
}

function wasSeen(fact: Json, needed: readonly string[], now: number): boolean {
  if (!isObject(fact) || typeof fact.at !== "number" || now - fact.at >= AGAIN_MS) return false;
  const { scopes } = fact;
  return Array.isArray(scopes) && needed.every((scope) => scopes.includes(scope));
}

async function askForRights(
  { crmOf, scopes, look, clock, log, signal }: RightsOptions,
  { record, store }: Account,
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
    look();
    log.info({ connection: id }, "the account gave the bot more rights, and a new key");
  } catch (error) {
    if (!(error instanceof ApiError) || error.kind !== "bad_request") throw error;
    log.debug({ connection: id }, "the account gives more rights only by hand");
  } finally {
    crm.close();
  }
}

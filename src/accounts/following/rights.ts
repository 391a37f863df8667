import { ApiError } from "../../api/errors.ts";
import { createPlaces } from "../../api/pace/places.ts";
import { createMutexes } from "../../connection/lanes/mutexes.ts";
import { untilStored } from "../../connection/serving/until-stored.ts";
import type { Log } from "../../log.ts";
import { LeaseLost } from "../../store/leases.ts";
import { RIGHTS_MISSING, RIGHTS_SEEN, SCOPES_ASKED } from "../facts.ts";
import type { Standing } from "../working/shops.ts";
import { type KeyRightsOptions, lackingRights, neededBy, readRights, rightsFact } from "./key-rights.ts";

export interface RightsOptions extends KeyRightsOptions {
  /** Every right that the bot can use, not only what is missing: the new key has what is asked for. */
  readonly scopes: readonly string[];
  /** Whoever works on the connection looks at once: the old key has ended. */
  readonly look: () => void;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** What the rules need and the key lacks is kept for the owner, who reads it on the settings page. A module that was connected in one step may
 *  ask for it as well; the CRM then gives another key (crm-api.md section 3). Nothing here ever rejects. */
export interface Rights {
  /** Asks for rights where registering needs them, or where the rules do. */
  onStanding(standing: Standing): void;
  /** An account at work goes on with other rules: asks for rights where these need them. */
  onRules(account: Account): void;
  /** Somebody has shown the key: what it lacks is asked and kept anew. */
  examine(account: Account): Promise<void>;
}

type Account = Pick<Standing, "present" | "store">;

/** More rights are asked for, and a key that had them is looked at, this often at most. */
const AGAIN_MS = 24 * 3_600_000;
/** A key that lacks rights may be given them in the CRM without a word to us. */
const LACKING_MS = 3_600_000;
/** Other rules concern many accounts at once, but nobody waits for this. */
const AT_ONCE = 4;

export function createRights(options: RightsOptions): Rights {
  const { clock, log, signal } = options;
  const places = createPlaces(AT_ONCE);
  const turns = createMutexes<string>();
  const later = new Map<string, () => void>();
  signal.addEventListener("abort", () => {
    for (const cancel of later.values()) cancel();
  });
  /** Looks again after a while as long as something is missing. */
  const remember = (account: Account, isLacking: boolean) => {
    const { id } = account.present();
    later.get(id)?.();
    later.delete(id);
    if (isLacking && !signal.aborted)
      later.set(
        id,
        clock.after(LACKING_MS, () => void inTurn(account, followRules)),
      );
  };
  // One after another for one account, so that it is asked once; another one need not wait for its CRM.
  const guarded = ({ present }: Account, task: () => Promise<void>) => {
    const { id, apiKey } = present();
    if (apiKey === null) return Promise.resolve();
    return turns.run(id, task).catch((error) => {
      if (signal.aborted || error instanceof LeaseLost) return;
      log.warn({ connection: id, err: error }, "whether the key has all rights could not be settled");
    });
  };
  const inTurn = (account: Account, task: typeof followRules) =>
    guarded(account, async () => {
      const leave = await places.enter(signal);
      remember(account, await task(options, account).finally(leave));
    });
  return {
    onStanding({ registration, ...account }) {
      if (registration.kind === "registered") void inTurn(account, followRules);
      const lacks = registration.kind === "refused" && registration.why === "scopes";
      if (lacks) void inTurn(account, askForRights);
    },
    onRules: (account) => void inTurn(account, followRules),
    examine: (account) => guarded(account, async () => void (await lookAt(options, account))),
  };
}

/** The CRM is asked what the key may do only when the rules need something that it was not seen to have. True: it lacks something. */
async function followRules(options: RightsOptions, { present, store }: Account): Promise<boolean> {
  const record = present();
  const { id, apiKey } = record;
  if (apiKey === null) return false;
  const needed = neededBy(options, record);
  if (needed.length === 0) return false;
  const seen = readRights(await store.fact(id, RIGHTS_SEEN), apiKey);
  const isFresh = seen !== null && options.clock.now() - seen.at < AGAIN_MS;
  if (isFresh && needed.every((scope) => seen.scopes.includes(scope))) return false;
  const missing = await lookAt(options, { present, store });
  if (missing.length === 0) return false;
  options.log.warn({ connection: id, missing }, "the API key lacks rights that the rules need");
  await askForRights(options, { present, store });
  return true;
}

/** What the key lacks by the CRM's own word, which is kept. */
async function lookAt(options: RightsOptions, { present, store }: Account): Promise<readonly string[]> {
  const { clock, signal } = options;
  const record = present();
  const { id, apiKey } = record;
  if (apiKey === null) return [];
  const before = readRights(await store.fact(id, RIGHTS_MISSING), apiKey)?.scopes ?? [];
  const missing = await lackingRights(options, { record, apiKey }, signal);
  const now = clock.now();
  if (missing.join() !== before.join()) await store.saveFact(id, RIGHTS_MISSING, rightsFact(apiKey, missing, now));
  const needed = neededBy(options, record);
  const isComplete = missing.length === 0 && needed.length > 0;
  if (isComplete) await store.saveFact(id, RIGHTS_SEEN, rightsFact(apiKey, needed, now));
  return missing;
}

/** Only a module that was connected in one step gets any. */
async function askForRights(options: RightsOptions, { present, store }: Account): Promise<boolean> {
  const { crmOf, scopes, look, clock, log, signal } = options;
  const { id, crmUrl, apiKey, moduleCode } = present();
  if (apiKey === null) return false;
  const askedAt = await store.fact(id, SCOPES_ASKED);
  if (typeof askedAt === "number" && clock.now() - askedAt < AGAIN_MS) return false;
  await store.saveFact(id, SCOPES_ASKED, clock.now());
  const crm = crmOf({ url: crmUrl, apiKey });
  try {
    // Once, and to its end: a key that the CRM has made and that did not reach us would be lost.
    const renewed = await crm.updateScopes(moduleCode, scopes, { attempts: 1 });
    // The old key has ended: the new one must not be lost.
    await untilStored(() => store.changeConnection(id, { apiKey: renewed }), { clock, log, signal });
    look();
    log.info({ connection: id }, "the account gave the bot more rights, and a new key");
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.kind !== "bad_request") {
      if (error.sent === "no") await store.saveFact(id, SCOPES_ASKED, askedAt);
      throw error;
    }
    log.debug({ connection: id }, "the account gives more rights only by hand");
  } finally {
    crm.close();
  }
  return false;
}

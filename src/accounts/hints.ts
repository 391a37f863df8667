import type { CrmApi } from "../api/crm.ts";
import { ApiError } from "../api/errors.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { ConnectionRecord, Store } from "../store/store.ts";
import { SETTINGS_HINT } from "./facts.ts";
import type { Accounts } from "./types.ts";

export interface HintsOptions {
  readonly store: Store;
  /** Left out: accounts do not move. */
  readonly moving?: {
    readonly crmOf: (account: { readonly url: string; readonly apiKey: string }) => CrmApi;
    /** An address of a callback as we keep it; null: it is not that of a CRM account. */
    readonly crmUrlOf: (address: string) => Promise<string | null>;
  };
  readonly look: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Callbacks come unsigned: however many there are for one connection, the store is written this often at most. Nothing is missed by it:
 *  whoever works on the connection asks the CRM only that long after a hint. */
const HINT_MS = 1_000;
/** A changed address is asked about at the account this often at most. */
const MOVED_MS = 60_000;

/** What the CRM's callbacks do. None of them is believed: each only makes us ask the CRM that we know, with the key that we have. */
export function createHints(options: HintsOptions): Pick<Accounts, "hint"> {
  const { store, clock, look } = options;
  const hints = createGate(clock, HINT_MS);
  const moves = createGate(clock, MOVED_MS);
  return {
    async hint(clientId, about, systemUrl) {
      const record = await store.connectionOfClient(clientId);
      if (record === null) return false;
      const isMoving = systemUrl !== null && systemUrl !== record.crmUrl && options.moving !== undefined;
      if (isMoving && moves.opens(record.id)) void followMove(options, options.moving, { record, systemUrl });
      if (!hints.opens(`${about} ${record.id}`)) return true;
      if (about === "settings") await store.saveFact(record.id, SETTINGS_HINT, clock.now());
      await store.touchConnection(record.id);
      look();
      return true;
    },
  };
}

/** An account was renamed only if the account that we know says so itself, and is the same at its new address. Never rejects. */
async function followMove(
  { store, log, look }: HintsOptions,
  { crmOf, crmUrlOf }: NonNullable<HintsOptions["moving"]>,
  { record, systemUrl }: { readonly record: ConnectionRecord; readonly systemUrl: string },
): Promise<void> {
  if (record.apiKey === null) return;
  const crm = crmOf({ url: record.crmUrl, apiKey: record.apiKey });
  try {
    const claimed = await crmUrlOf(systemUrl);
    if (claimed === null || claimed === record.crmUrl) return;
    const named = await ownWord(crm);
    const told = named === null ? null : await crmUrlOf(named);
    if (told !== claimed) return;
    // Its own word is not enough: whoever runs an installation could claim somebody else's address. The key has to open the account there.
    await opensThere(crmOf({ url: claimed, apiKey: record.apiKey }));
    await store.changeConnection(record.id, { crmUrl: claimed });
    log.info({ connection: record.id, crm: claimed }, "the account has a new address, as it says itself");
    look();
  } catch (error) {
    log.warn({ connection: record.id, err: error }, "a callback names another address, which could not be confirmed");
  } finally {
    crm.close();
  }
}

/** Where the account is, by its own word: as it tells, or where its old address leads. Null: it does not say. Rejects with ApiError. */
async function ownWord(crm: CrmApi): Promise<string | null> {
  try {
    return (await crm.systemInfo()).publicUrl ?? null;
  } catch (error) {
    if (error instanceof ApiError && error.movedTo !== null) return error.movedTo;
    throw error;
  }
}

/** Rejects with ApiError when the key is not accepted there. */
async function opensThere(crm: CrmApi): Promise<void> {
  try {
    await crm.credentials();
  } finally {
    crm.close();
  }
}

/** Opens once per key and so many milliseconds. */
function createGate(clock: Clock, ms: number) {
  const openedAt = new Map<string, number>();
  return {
    opens(key: string): boolean {
      const now = clock.now();
      const last = openedAt.get(key);
      if (last !== undefined && now - last < ms) return false;
      for (const [old, at] of openedAt) if (now - at >= ms) openedAt.delete(old);
      openedAt.set(key, now);
      return true;
    },
  };
}

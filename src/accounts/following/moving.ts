import type { CrmApi } from "../../api/crm.ts";
import { ApiError } from "../../api/errors.ts";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { ConnectionRecord, Store } from "../../store/store.ts";
import { findAccount } from "../connecting/identity.ts";
import type { Standing } from "../working/shops.ts";

export interface MovingOptions {
  readonly store: Store;
  readonly crmOf: (account: { readonly url: string; readonly apiKey: string }) => CrmApi;
  /** An address as we keep it; null: it is not that of a CRM account. */
  readonly crmUrlOf: (address: string) => Promise<string | null>;
  readonly look: () => void;
  readonly log: Log;
}

/** An account was renamed only if the account that we know says so itself, and is the same at its new address. `claimed`: the address that
 *  a callback names; null: the account itself is asked. False: it could not be settled, so trying again may help. Never rejects. */
export async function followMove(
  options: MovingOptions,
  { record, claimed }: { readonly record: ConnectionRecord; readonly claimed: string | null },
): Promise<boolean> {
  const { store, log, look } = options;
  if (record.apiKey === null) return true;
  try {
    const next = await confirmedAddress(options, { crmUrl: record.crmUrl, apiKey: record.apiKey, claimed });
    if (next === null) return claimed !== null;
    if (next === record.crmUrl) return true;
    const holder = await findAccount(store, next, record.moduleCode);
    if (holder !== null) {
      log.warn(
        { connection: record.id, holder: holder.id, crm: next },
        "the account has a new address that another connection has already: one of the two is to be removed",
      );
      return true;
    }
    await store.changeConnection(record.id, { crmUrl: next });
    log.info({ connection: record.id, crm: next }, "the account has a new address, as it says itself");
    look();
    return true;
  } catch (error) {
    log.warn(
      { connection: record.id, err: error },
      "the account seems to have another address, which could not be confirmed",
    );
    return false;
  }
}

interface Confirming {
  readonly crmUrl: string;
  readonly apiKey: string;
  readonly claimed: string | null;
}

/** Where the account is, by its own word. Null: it does not say, or not what was claimed. Rejects with ApiError. */
async function confirmedAddress(
  { crmOf, crmUrlOf }: MovingOptions,
  { crmUrl, apiKey, claimed }: Confirming,
): Promise<string | null> {
  const wanted = claimed === null ? null : await crmUrlOf(claimed);
  if (claimed !== null && (wanted === null || wanted === crmUrl)) return null;
  const named = await asking(crmOf({ url: crmUrl, apiKey }), ownWord);
  const told = named === null ? null : await crmUrlOf(named);
  if (told === null || (wanted !== null && told !== wanted)) return null;
  if (told === crmUrl) return told;
  // Its own word is not enough: whoever runs an installation could claim somebody else's address. The key has to open the account there.
  await asking(crmOf({ url: told, apiKey }), (crm) => crm.credentials({ attempts: ATTEMPTS }));
  return told;
}

const ATTEMPTS = 2;

/** Where the account is, by its own word: as it tells, or where its old address leads. Null: it does not say. Rejects with ApiError. */
async function ownWord(crm: CrmApi): Promise<string | null> {
  try {
    return (await crm.systemInfo({ attempts: ATTEMPTS })).publicUrl ?? null;
  } catch (error) {
    if (error instanceof ApiError && error.movedTo !== null) return error.movedTo;
    throw error;
  }
}

const asking = <T>(crm: CrmApi, task: (crm: CrmApi) => Promise<T>): Promise<T> => task(crm).finally(crm.close);

export interface MovesOptions extends MovingOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Follows accounts whose CRM itself leads on to another address, without anybody's hint. */
export interface Moves {
  /** How a registration stands has changed. */
  onStanding(standing: Pick<Standing, "present" | "registration">): void;
}

/** As often as a connection asks the CRM how its module stands. */
const AGAIN_MS = 300_000;

export function createMoves(options: MovesOptions): Moves {
  const under = new Map<string, AbortController>();
  return {
    onStanding({ present, registration }) {
      const { id } = present();
      under.get(id)?.abort(new Error("it stands otherwise by now"));
      under.delete(id);
      if (registration.kind !== "moved" || registration.where === null) return;
      const over = new AbortController();
      under.set(id, over);
      void followUntilSettled(options, id, AbortSignal.any([options.signal, over.signal]));
    },
  };
}

/** Never rejects. */
async function followUntilSettled(options: MovesOptions, id: string, signal: AbortSignal): Promise<void> {
  const { store, clock, log } = options;
  while (!signal.aborted) {
    try {
      const record = await store.connection(id);
      if (record === null || (await followMove(options, { record, claimed: null }))) return;
    } catch (error) {
      log.warn({ connection: id, err: error }, "where the account is could not be settled");
    }
    await clock.sleep(AGAIN_MS, signal).catch(() => {});
  }
}

import type { ConnectionRecord, Store } from "../../store/store.ts";
import { type KeyRightsOptions, lackingRights } from "../following/key-rights.ts";
import { isSameSecret } from "../same-secret.ts";
import type { ConnectRefusal } from "../types.ts";
import type { AccountCheck } from "./check-account.ts";

export interface ProvingOptions extends KeyRightsOptions {
  readonly store: Pick<Store, "changeConnection">;
  /** The file's own account; null: it names none. */
  readonly own: { readonly id: string; readonly apiKey: string } | null;
  readonly check: (asked: { readonly address: string; readonly apiKey: string }) => Promise<AccountCheck>;
  /** Whoever shares the work out looks at once. */
  readonly look: () => void;
}

/** Null: it is the account's key, or another one that the account accepts. That one is taken over if ours no longer works, or lacks rights that
 *  the rules need and it has; one that serves stays, since it may be the module's own, made in one step, that can be given more rights. The
 *  file's own account has its key in the file. Rejects with StoreError. */
export async function refusalOfKey(
  options: ProvingOptions,
  record: ConnectionRecord,
  apiKey: string,
): Promise<ConnectRefusal | null> {
  const { store, own, check, look } = options;
  const isOwn = record.id === own?.id;
  const known = isOwn ? own.apiKey : record.apiKey;
  if (known !== null && isSameSecret(known, apiKey)) return null;
  const checked = await check({ address: record.crmUrl, apiKey });
  if (!checked.ok) return checked.refusal;
  if (isOwn || (known !== null && !(await isBetter(options, record, { known, apiKey })))) return null;
  await store.changeConnection(record.id, { apiKey });
  look();
  return null;
}

interface Keys {
  readonly known: string;
  readonly apiKey: string;
}

async function isBetter(options: ProvingOptions, record: ConnectionRecord, keys: Keys): Promise<boolean> {
  return !(await isStillGood(options, record.crmUrl, keys.known)) || (await hasMoreRights(options, record, keys));
}

/** Only the CRM's own word against it counts: one that cannot be asked now may be good. */
async function isStillGood({ check }: ProvingOptions, crmUrl: string, apiKey: string): Promise<boolean> {
  const checked = await check({ address: crmUrl, apiKey });
  return checked.ok || (checked.refusal.why !== "wrong_key" && checked.refusal.why !== "scopes");
}

/** It lacks less of what the rules need, and nothing that ours has. */
async function hasMoreRights(
  options: ProvingOptions,
  record: ConnectionRecord,
  { known, apiKey }: Keys,
): Promise<boolean> {
  const lacking = (key: string) => lackingRights(options, { record, apiKey: key }).catch(() => null);
  const [before, after] = await Promise.all([lacking(known), lacking(apiKey)]);
  if (before === null || after === null) return false;
  return after.length < before.length && after.every((scope) => before.includes(scope));
}

import type { CrmApi } from "../../api/crm.ts";
import type { Lookup } from "../../api/inside.ts";
import type { Network } from "../../api/network.ts";
import type { ModuleSettings } from "../../connection/registering/module.ts";
import { type Registration, register } from "../../connection/registering/register.ts";
import type { ConnectionRecord, Store } from "../../store/store.ts";

export interface RepairingOptions {
  readonly store: Store;
  readonly module: Omit<ModuleSettings, "clientId">;
  /** The file's own account; null: it names none. */
  readonly own: { readonly id: string } | null;
  readonly lookup: Lookup;
  readonly network: Network;
}

export interface Repairing {
  readonly known: ConnectionRecord;
  /** As it is now: checked, with a key that the account accepts. */
  readonly account: { readonly url: string; readonly apiKey: string };
  /** Of that address and key. */
  readonly crm: Pick<CrmApi, "credentials" | "readModule" | "editModule">;
}

/** An account that is connected already goes on with the new key, at the address that it has now, and its module is switched on: a person has
 *  pressed "Connect". Address and key of the file's own account stay as the file says. What the account has accepted is kept even if its
 *  module cannot work just now. Rejects with StoreError. */
export async function repair(
  options: RepairingOptions,
  { known, account, crm }: Repairing,
): Promise<{ readonly record: ConnectionRecord; readonly registration: Registration }> {
  const { store, module, own, lookup } = options;
  const isOwn = known.id === own?.id;
  const record = isOwn ? known : { ...known, crmUrl: account.url, apiKey: account.apiKey };
  const isNew = record.crmUrl !== known.crmUrl || record.apiKey !== known.apiKey;
  if (isNew) await store.changeConnection(known.id, { crmUrl: account.url, apiKey: account.apiKey });
  const network = isOwn ? undefined : options.network;
  const registration = await register({ crm, record, module, lookup, network, switchOn: true });
  if (registration.kind === "registered") await keepAccess(store, known, registration);
  await store.touchConnection(known.id);
  return { record, registration };
}

async function keepAccess(
  store: Store,
  known: ConnectionRecord,
  { gatewayUrl, token }: { readonly gatewayUrl: string; readonly token: string },
): Promise<void> {
  if (known.gatewayUrl !== gatewayUrl || known.token !== token) await store.saveAccess(known.id, { gatewayUrl, token });
}

import type { CrmApi } from "../../api/crm.ts";
import type { RequestOptions } from "../../api/http/http.ts";
import { botPart } from "../../connection/registering/module.ts";
import { connectionId } from "../../connection/registering/record.ts";
import type { ConnectionRecord, Store } from "../../store/store.ts";
import { isSameSecret } from "../same-secret.ts";

/** The connection of the account at this address. */
export async function findAccount(store: Store, crmUrl: string, moduleCode: string): Promise<ConnectionRecord | null> {
  const record = await store.connection(connectionId({ crmUrl, moduleCode }));
  if (record !== null && record.crmUrl === crmUrl) return record;
  // An account that was renamed keeps its connection's id.
  return (await store.connections()).find((one) => one.crmUrl === crmUrl && one.moduleCode === moduleCode) ?? null;
}

/** The connection of an account that was connected under another address, by the module that stands there. Its client id is no proof: it is
 *  part of addresses and callbacks, and whoever runs an installation could put it into a module. The module's token is: only the
 *  account and we know it, and with the same token it is the same bot in the same chats. Rejects with ApiError and StoreError. */
export async function findByModule(
  { store, crm, code }: { readonly store: Store; readonly crm: Pick<CrmApi, "readModule">; readonly code: string },
  asking: RequestOptions,
): Promise<ConnectionRecord | null> {
  const found = await crm.readModule(code, asking);
  if (found === null) return null;
  const clientId: unknown = found.clientId;
  const token: unknown = botPart(found)?.token;
  if (typeof clientId !== "string" || typeof token !== "string") return null;
  const record = await store.connectionOfClient(clientId);
  if (record === null || record.moduleCode !== code || record.token === null) return null;
  return isSameSecret(record.token, token) ? record : null;
}

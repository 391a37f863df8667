import { connectionId, newRecord } from "../connection/registering/record.ts";
import { openStore } from "../store/open.ts";
import { type ConnectionRecord, type Store, StoreError } from "../store/store.ts";
import type { Settings } from "../types/settings.ts";

/** What the store knows of the configured account, read beside a running bot; a record of nothing where it knows nothing. */
export async function knownRecord(settings: Settings): Promise<ConnectionRecord> {
  const account = accountOf(settings);
  const store = await openToRead(settings);
  if (store === null) return newRecord(account);
  try {
    return (await store.connection(connectionId(account))) ?? newRecord(account);
  } finally {
    await store.close();
  }
}

export function accountOf({ crm, module }: Settings): { readonly crmUrl: string; readonly moduleCode: string } {
  return { crmUrl: crm?.url ?? "", moduleCode: module.code };
}

/** The store, to be read only; null: it has not been made yet, or can't be read. */
export async function openToRead({ storage }: Settings): Promise<Store | null> {
  try {
    return await openStore(storage, { readOnly: true });
  } catch (error) {
    if (error instanceof StoreError) return null;
    throw error;
  }
}

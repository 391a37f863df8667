import type { CrmApi } from "../api/crm.ts";
import { ApiError } from "../api/errors.ts";
import type { Lookup } from "../api/inside.ts";
import type { Network } from "../api/network.ts";
import { describeModule, type ModuleSettings } from "../connection/registering/module.ts";
import { connectionId, newRecord } from "../connection/registering/record.ts";
import { type Registration, register } from "../connection/registering/register.ts";
import type { ConnectionRecord, Store } from "../store/store.ts";
import type { Language } from "../types/issue.ts";
import type { AccountCheck } from "./check-account.ts";
import type { ConnectRefusal } from "./types.ts";

/** An account that passed every check, or why it was not connected. */
export type Connecting =
  | { readonly kind: "connected"; readonly record: ConnectionRecord; readonly again: boolean }
  | { readonly kind: "refused"; readonly refusal: ConnectRefusal };

export interface ConnectingOptions {
  readonly store: Store;
  readonly module: { readonly code: string; readonly name: string; readonly publicUrl: string };
  /** Host, versions, rights; asks the account. */
  readonly check: (asked: Asked) => Promise<AccountCheck>;
  /** A client for an account that was checked; closed after use. */
  readonly crmOf: (account: { readonly url: string; readonly apiKey: string }) => CrmApi;
  readonly lookup: Lookup;
  readonly network: Network;
}

export interface Asked {
  readonly address: string;
  readonly apiKey: string;
}

/** Checks the account, registers the module there and keeps the connection (crm-api.md 4a, steps 5-8; the commands are set by whoever
 *  works on the connection, before it listens). An account that is connected already gets the new key: a key that the
 *  account accepts, with all rights, is the proof. What is refused leaves nothing behind. Rejects with StoreError. */
export async function connectAccount(
  options: ConnectingOptions,
  asked: Asked & { readonly language: Language | null },
): Promise<Connecting> {
  const checked = await options.check(asked);
  if (!checked.ok) return { kind: "refused", refusal: checked.refusal };
  const account = { url: checked.crmUrl, apiKey: asked.apiKey.trim() };
  const known = await findAccount(options.store, account.url, options.module.code);
  if (known !== null) return await repair(options.store, known, account.apiKey);
  return await connectAnew(options, account, asked.language);
}

/** The connection of the account at this address. */
export async function findAccount(store: Store, crmUrl: string, moduleCode: string): Promise<ConnectionRecord | null> {
  const record = await store.connection(connectionId({ crmUrl, moduleCode }));
  if (record !== null && record.crmUrl === crmUrl) return record;
  // An account that was renamed keeps its connection's id.
  return (await store.connections()).find((one) => one.crmUrl === crmUrl && one.moduleCode === moduleCode) ?? null;
}

async function repair(store: Store, known: ConnectionRecord, apiKey: string): Promise<Connecting> {
  // The file's own account has its key in the file.
  if (known.apiKey !== null && known.apiKey !== apiKey) await store.changeConnection(known.id, { apiKey });
  else await store.touchConnection(known.id);
  return { kind: "connected", record: { ...known, apiKey: known.apiKey === null ? null : apiKey }, again: true };
}

async function connectAnew(
  options: ConnectingOptions,
  account: { readonly url: string; readonly apiKey: string },
  language: Language | null,
): Promise<Connecting> {
  const { store, module } = options;
  const made = newRecord({ crmUrl: account.url, moduleCode: module.code });
  const holder = await store.connection(made.id);
  // Another replica was quicker.
  if (holder?.crmUrl === account.url) return await repair(store, holder, account.apiKey);
  // The name is that of an account which has moved away from this address.
  const id = holder === null ? made.id : `${made.id}/${made.clientId.slice(0, 8)}`;
  const crm = options.crmOf(account);
  try {
    return await registerAnew(options, crm, { ...made, id, apiKey: account.apiKey, language });
  } finally {
    crm.close();
  }
}

async function registerAnew(
  { store, module, lookup, network }: ConnectingOptions,
  crm: CrmApi,
  fresh: ConnectionRecord,
): Promise<Connecting> {
  // A person has pressed "Connect": a module that was switched off is switched on.
  const stand = (record: ConnectionRecord) => register({ crm, record, module, lookup, network, switchOn: true });
  const undo = () => takeBack(crm, { ...module, clientId: fresh.clientId });
  const registration = await stand(fresh);
  if (registration.kind !== "registered") {
    await undo();
    return { kind: "refused", refusal: refusalOf(registration) };
  }
  const { gatewayUrl, token } = registration;
  const record = await store.addConnection({ ...fresh, gatewayUrl, token }).catch(async (error) => {
    await undo();
    throw error;
  });
  const isOurs = record.clientId === fresh.clientId;
  // Another replica connected the same account meanwhile: the CRM has to know the id that was kept.
  if (!isOurs) await stand(record);
  return { kind: "connected", record, again: !isOurs };
}

/** What the CRM took, but we cannot keep, is switched off there: nobody is to count on a module that does nothing. Connecting again switches
 *  it on. Never rejects because of the CRM. */
async function takeBack(crm: CrmApi, module: ModuleSettings): Promise<void> {
  try {
    const found = await crm.readModule(module.code, { attempts: 1 });
    const isOurs = found?.clientId === module.clientId && found.active !== false;
    if (isOurs) await crm.editModule({ ...describeModule(module), active: false }, { attempts: 2 });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

/** What a registration that failed means to whoever fills in the form. */
export function refusalOf(registration: Exclude<Registration, { readonly kind: "registered" }>): ConnectRefusal {
  switch (registration.kind) {
    case "refused":
      if (registration.why === "scopes") return { why: "scopes", missing: registration.missing };
      return registration.why === "key" ? { why: "wrong_key" } : { why: "module", words: registration.words };
    case "inactive":
      return { why: "switched_off" };
    case "chats_disabled":
      return { why: "chats_disabled" };
    case "unreachable":
      return { why: "unreachable", detail: registration.detail };
    case "not_a_crm":
      return { why: "not_a_crm" };
    case "moved":
      return { why: "moved", where: null };
    case "no_token":
    case "token_refused":
      return { why: "no_token" };
    case "bad_address":
      return { why: "bad_gateway_address" };
  }
}

import type { CrmApi } from "../../api/crm.ts";
import { ApiError } from "../../api/errors.ts";
import type { Clock } from "../../clock.ts";
import { newRecord } from "../../connection/registering/record.ts";
import { crmWith, type Registration, register } from "../../connection/registering/register.ts";
import { switchOff } from "../../connection/registering/switch-off.ts";
import type { ConnectionRecord } from "../../store/store.ts";
import type { Language } from "../../types/issue.ts";
import { within } from "../deadline.ts";
import type { ConnectRefusal } from "../types.ts";
import type { AccountCheck } from "./check-account.ts";
import { findAccount, findByModule } from "./identity.ts";
import { refusalOfError } from "./refusal.ts";
import { type RepairingOptions, repair } from "./repairing.ts";

/** An account that passed every check, or why it was not connected. */
export type Connecting =
  | { readonly kind: "connected"; readonly record: ConnectionRecord; readonly again: boolean }
  | { readonly kind: "refused"; readonly refusal: ConnectRefusal };

export interface ConnectingOptions extends RepairingOptions {
  /** Host, versions, rights; asks the account. */
  readonly check: (asked: Asked) => Promise<AccountCheck>;
  /** A client for an account that was checked; closed after use. */
  readonly crmOf: (account: { readonly url: string; readonly apiKey: string }) => CrmApi;
  readonly clock: Clock;
}

export interface Asked {
  readonly address: string;
  readonly apiKey: string;
}

/** A person waits, and so does whoever connects the same account once more. The check before has a limit of its own. */
const REGISTERING_MS = 40_000;
const UNDOING_MS = 10_000;
/** The connection itself may be using the key meanwhile; the time limit ends them all. */
const ATTEMPTS = 4;

/** Checks the account, registers the module there and keeps the connection (crm-api.md 4a, steps 5-8; the commands are set by whoever
 *  works on the connection, before it listens). An account that is connected already gets the new key: a key that the
 *  account accepts, with all rights, is the proof. It is known by its address, or by the module that stands in it: one that was renamed
 *  stays one connection. What is refused leaves nothing behind. Rejects with StoreError. */
export async function connectAccount(
  options: ConnectingOptions,
  asked: Asked & { readonly language: Language | null },
): Promise<Connecting> {
  const checked = await options.check(asked);
  if (!checked.ok) return { kind: "refused", refusal: checked.refusal };
  const account = { url: checked.crmUrl, apiKey: asked.apiKey.trim() };
  const crm = options.crmOf(account);
  try {
    return await within({ clock: options.clock, ms: REGISTERING_MS }, (signal) =>
      settle({ ...options, account, crm, language: asked.language, asking: { attempts: ATTEMPTS, signal } }),
    );
  } catch (error) {
    if (error instanceof ApiError) return { kind: "refused", refusal: refusalOfError(error) };
    throw error;
  } finally {
    crm.close();
  }
}

/** One account that was checked. */
interface Settling extends ConnectingOptions {
  readonly account: { readonly url: string; readonly apiKey: string };
  /** Of that account. */
  readonly crm: CrmApi;
  readonly language: Language | null;
  /** Attempts and the time limit of each request. */
  readonly asking: { readonly attempts: number; readonly signal: AbortSignal };
}

/** Rejects with ApiError and StoreError. */
async function settle(settling: Settling): Promise<Connecting> {
  const { store, module, crm, account, asking } = settling;
  const known =
    (await findAccount(store, account.url, module.code)) ??
    (await findByModule({ store, crm, code: module.code }, asking));
  return known === null ? await connectAnew(settling) : await connectAgain(settling, known);
}

async function connectAgain(settling: Settling, known: ConnectionRecord): Promise<Connecting> {
  const crm = crmWith(settling.crm, settling.asking);
  const { record, registration } = await repair(settling, { known, account: settling.account, crm });
  return registration.kind === "registered"
    ? { kind: "connected", record, again: true }
    : { kind: "refused", refusal: refusalOf(registration) };
}

async function connectAnew(settling: Settling): Promise<Connecting> {
  const { store, module, account, language } = settling;
  const made = newRecord({ crmUrl: account.url, moduleCode: module.code });
  const holder = await store.connection(made.id);
  // Another replica was quicker.
  if (holder?.crmUrl === account.url) return await connectAgain(settling, holder);
  // The name is that of an account which has moved away from this address.
  const id = holder === null ? made.id : `${made.id}/${made.clientId.slice(0, 8)}`;
  return await registerAnew(settling, { ...made, id, apiKey: account.apiKey, language });
}

async function registerAnew(settling: Settling, fresh: ConnectionRecord): Promise<Connecting> {
  const { store, module, lookup, network } = settling;
  const crm = crmWith(settling.crm, settling.asking);
  // A person has pressed "Connect": a module that was switched off is switched on.
  const stand = (record: ConnectionRecord) => register({ crm, record, module, lookup, network, switchOn: true });
  const undo = () => takeBack(settling, fresh.clientId);
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
async function takeBack({ crm, module, clock }: Settling, clientId: string): Promise<void> {
  try {
    await within({ clock, ms: UNDOING_MS }, (signal) =>
      switchOff(crm, { ...module, clientId }, { attempts: ATTEMPTS, signal }),
    );
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

/** What a registration that failed means to whoever fills in the form. */
function refusalOf(registration: Exclude<Registration, { readonly kind: "registered" }>): ConnectRefusal {
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
      return { why: "moved", where: registration.where };
    case "no_token":
    case "token_refused":
      return { why: "no_token" };
    case "bad_address":
      return { why: "bad_gateway_address" };
  }
}

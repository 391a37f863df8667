import type { CrmApi } from "../../api/crm.ts";
import { ApiError } from "../../api/errors.ts";
import type { RequestOptions } from "../../api/http/http.ts";
import type { Clock } from "../../clock.ts";
import { missingScopes, NEEDED_SCOPES } from "../../connection/registering/scopes.ts";
import type { Log } from "../../log.ts";
import { within } from "../deadline.ts";
import type { ConnectRefusal } from "../types.ts";
import { type DomainLists, type KnownHosts, type ReadAddress, readAddress } from "./address.ts";
import { refusalOfError } from "./refusal.ts";

/** `crmUrl`: the account's own address of itself if it has proven to be that account too, else the one that was asked. */
export type AccountCheck =
  | { readonly ok: true; readonly crmUrl: string }
  | { readonly ok: false; readonly refusal: ConnectRefusal };

/** What somebody typed, or a one-step connection named. */
export interface CheckedAccount {
  readonly address: string;
  readonly apiKey: string;
}

export interface AccountCheckOptions {
  /** The vendor's lists, as of now; asked for only when the operator has not named the host. */
  readonly lists: () => Promise<DomainLists>;
  readonly isAllowed: KnownHosts["isAllowed"];
  /** A client for an account whose host is a known one; closed after use. */
  readonly crmOf: (account: { readonly url: string; readonly apiKey: string }) => CrmApi;
  readonly clock: Clock;
  readonly log: Log;
}

export interface AccountChecker {
  /** Is there an account at this address, does the key open it, and may the bot work there? Asks in the order of crm-api.md section 2;
   *  nothing is asked of a host that is not a known one. Never rejects because of the account. */
  check(account: CheckedAccount): Promise<AccountCheck>;
  /** The address as we keep it; null: it is not that of a CRM account. Asks nobody but the vendor's lists. */
  crmUrlOf(address: string): Promise<string | null>;
}

/** A person waits for the answer. */
const WHOLE_MS = 20_000;
/** The key may be in use meanwhile: by the connection itself, by another replica that was asked as well. */
const ATTEMPTS = 3;

export function createAccountChecker(options: AccountCheckOptions): AccountChecker {
  return {
    async check({ address, apiKey }) {
      const read = await readKnown(options, address);
      if (!read.ok) return { ok: false, refusal: { why: "address", fault: read.fault } };
      const key = apiKey.trim();
      if (key === "") return { ok: false, refusal: { why: "key_missing" } };
      // Anything else can't be a key, nor be put into a header.
      if (!KEY.test(key)) return { ok: false, refusal: { why: "wrong_key" } };
      const checked = await within({ clock: options.clock, ms: WHOLE_MS }, (signal) =>
        examine(options, { url: read.url, apiKey: key }, signal),
      );
      if (!checked.ok) options.log.info({ crm: read.url, why: checked.refusal.why }, "an account was not accepted");
      return checked;
    },
    async crmUrlOf(address) {
      const read = await readKnown(options, address);
      return read.ok ? read.url : null;
    },
  };
}

async function readKnown({ lists, isAllowed }: AccountCheckOptions, address: string): Promise<ReadAddress> {
  const named = readAddress(address, { lists: NO_LISTS, isAllowed });
  return named.ok ? named : readAddress(address, { lists: await lists(), isAllowed });
}

const NO_LISTS: DomainLists = { cloud: [], own: [] };

const KEY = /^[\x21-\x7e]{1,255}$/;

interface Account {
  readonly url: string;
  readonly apiKey: string;
}

async function examine(options: AccountCheckOptions, account: Account, signal: AbortSignal): Promise<AccountCheck> {
  const asking = { attempts: ATTEMPTS, signal };
  const crm = options.crmOf(account);
  try {
    const { versions } = await crm.apiVersions(asking);
    if (!Array.isArray(versions)) return { ok: false, refusal: { why: "not_a_crm" } };
    if (!versions.includes(API_VERSION)) return { ok: false, refusal: { why: "old_version" } };
    const missing = missingScopes(await crm.credentials(asking), NEEDED_SCOPES);
    if (missing.length > 0) return { ok: false, refusal: { why: "scopes", missing } };
    return { ok: true, crmUrl: await ownAddress(options, { crm, account }, asking) };
  } catch (error) {
    if (error instanceof ApiError) return { ok: false, refusal: refusalOfError(error) };
    throw error;
  } finally {
    crm.close();
  }
}

const API_VERSION = "5.0";

/** An account may be reachable under several names; its `publicUrl` is the one to keep. It counts only if the host is a known one and the
 *  same key opens the account there: otherwise whoever runs an own installation could pass it off as somebody else's account. */
async function ownAddress(
  options: AccountCheckOptions,
  { crm, account }: { crm: CrmApi; account: Account },
  asking: RequestOptions,
): Promise<string> {
  const { publicUrl } = await crm.systemInfo(asking).catch(ignored);
  if (typeof publicUrl !== "string") return account.url;
  const read = await readKnown(options, publicUrl);
  if (!read.ok || read.url === account.url) return account.url;
  const there = options.crmOf({ ...account, url: read.url });
  try {
    const { success } = await there.credentials(asking).catch(ignored);
    return success === true ? read.url : account.url;
  } finally {
    there.close();
  }
}

/** What is not told is not missed. */
function ignored(error: unknown): { publicUrl?: string; success?: boolean } {
  if (error instanceof ApiError) return {};
  throw error;
}

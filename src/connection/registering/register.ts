import type { CrmApi } from "../../api/crm.ts";
import { ApiError } from "../../api/errors.ts";
import type { Lookup } from "../../api/inside.ts";
import type { Network } from "../../api/network.ts";
import type { IntegrationModuleIn, IntegrationModuleOut } from "../../generated/crm-api.ts";
import type { ConnectionRecord } from "../../store/store.ts";
import { type AddressFault, gatewayAddressFault } from "./address.ts";
import {
  botPart,
  describeActiveModule,
  describeModule,
  differingFields,
  isSwitchedOff,
  type ModuleSettings,
} from "./module.ts";
import { missingScopes, NEEDED_SCOPES } from "./scopes.ts";

/** What became of a registration. `words` are the CRM's own, possibly none. Never an exception: each of these is something
 *  that happens to a shop, and each has its own sentence (`sentences.ts`). */
export type Registration =
  | { readonly kind: "registered"; readonly gatewayUrl: string; readonly token: string; readonly did: Did }
  /** `by_owner`: at our own settings page; `paused`: by the operator. The CRM was not asked then. */
  | { readonly kind: "inactive"; readonly why: "switched_off" | "frozen" | "by_owner" | "paused" }
  | { readonly kind: "refused"; readonly why: "key"; readonly words: readonly string[] }
  | { readonly kind: "refused"; readonly why: "scopes"; readonly missing: readonly string[] }
  | { readonly kind: "refused"; readonly why: "module"; readonly words: readonly string[] }
  | { readonly kind: "chats_disabled"; readonly words: readonly string[] }
  | { readonly kind: "unreachable"; readonly detail: string }
  | { readonly kind: "not_a_crm" }
  /** `where`: scheme and host that the redirect names; null: they can't be read. */
  | { readonly kind: "moved"; readonly detail: string; readonly where: string | null }
  | { readonly kind: "no_token" }
  /** The CRM is content, but the gateway refuses the token that the CRM gives. */
  | { readonly kind: "token_refused" }
  | { readonly kind: "bad_address"; readonly why: AddressFault };

type Did = "created" | "updated" | "nothing" | "switched_on";

export interface RegisterOptions {
  readonly crm: Pick<CrmApi, "credentials" | "readModule" | "editModule">;
  readonly record: ConnectionRecord;
  readonly module: Omit<ModuleSettings, "clientId">;
  readonly lookup: Lookup;
  /** Of an account that came through the form; left out: the CRM's address is the operator's own word. */
  readonly network?: Network | undefined;
  /** A person asks for it (`rulebot register`, "Connect"), so a module that is switched off is switched on. What the CRM has frozen only the
   *  CRM itself releases. */
  readonly switchOn?: boolean;
}

/** The CRM with the same attempts, or the same signal to stop, for every call of a registration. */
export function crmWith(
  crm: RegisterOptions["crm"],
  options: { readonly attempts?: number; readonly signal?: AbortSignal },
): RegisterOptions["crm"] {
  return {
    credentials: () => crm.credentials(options),
    readModule: (code) => crm.readModule(code, options),
    editModule: (module) => crm.editModule(module, options),
  };
}

/** Makes the module stand in the CRM as it should, and gets the gateway address and token. Repeating it is harmless: the module's code is its identity, so two starts at once write one module. */
export async function register(options: RegisterOptions): Promise<Registration> {
  try {
    return await attempt(options);
  } catch (error) {
    if (error instanceof ApiError) return refusalOf(error);
    throw error;
  }
}

/** Reads the module only: for a look at a running connection. Null: the module is gone. */
export async function readAccess(options: RegisterOptions): Promise<Registration | null> {
  try {
    const found = await options.crm.readModule(options.module.code);
    if (found === null) return null;
    const off = isSwitchedOff(found);
    if (off !== null) return { kind: "inactive", why: off };
    return await checked(options, accessFrom(undefined, found, options.record), "nothing");
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return (error.kind === "refused" ? await lostRights(options) : null) ?? refusalOf(error);
  }
}

/** A key that has lost rights is refused in the same way as one that is no longer accepted; only what it may do tells them apart. */
async function lostRights({ crm }: RegisterOptions): Promise<Registration | null> {
  try {
    const missing = missingScopes(await crm.credentials(), NEEDED_SCOPES);
    return missing.length === 0 ? null : { kind: "refused", why: "scopes", missing };
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}

async function attempt(options: RegisterOptions): Promise<Registration> {
  const { crm, module } = options;
  const missing = missingScopes(await crm.credentials(), NEEDED_SCOPES);
  if (missing.length > 0) return { kind: "refused", why: "scopes", missing };
  const found = await crm.readModule(module.code);
  if (found === null) return write(options, "created");
  const off = isSwitchedOff(found);
  if (off === "frozen" || (off !== null && options.switchOn !== true)) return { kind: "inactive", why: off };
  if (off !== null) return write(options, "switched_on");
  return settle(options, found);
}

/** The module is there and active: it is written again only if something differs or we have no way in. */
async function settle(options: RegisterOptions, found: IntegrationModuleOut): Promise<Registration> {
  const wanted = describeModule({ ...options.module, clientId: options.record.clientId });
  const access = accessFrom(undefined, found, options.record);
  const complete = access.gatewayUrl !== null && access.token !== null;
  if (complete && differingFields(wanted, found).length === 0) return checked(options, access, "nothing");
  return write(options, "updated");
}

async function write(options: RegisterOptions, did: Did): Promise<Registration> {
  const settings = { ...options.module, clientId: options.record.clientId };
  const wanted = did === "updated" ? describeModule(settings) : describeActiveModule(settings);
  const edited = await edit(options, wanted);
  if ("kind" in edited) return edited;
  // A module that was absent has had its old token revoked: the stored one is of no use then.
  const known = did === "created" ? { gatewayUrl: null, token: null } : options.record;
  const answered = accessFrom(edited.info, null, known);
  // The answer may lack what the module itself holds (reliability.md F65): read it before giving up.
  const lacking = edited.info?.token === undefined || answered.gatewayUrl === null;
  const found = lacking ? await options.crm.readModule(options.module.code) : null;
  return checked(options, accessFrom(edited.info, found, known), did);
}

type BotInfo = { readonly endpointUrl?: string; readonly token?: string };

async function edit(
  { crm }: RegisterOptions,
  wanted: IntegrationModuleIn,
): Promise<{ readonly info: BotInfo | undefined } | Registration> {
  try {
    const info = await crm.editModule(wanted);
    return { info: info.mgBot };
  } catch (error) {
    if (!(error instanceof ApiError) || error.kind !== "bad_request") throw error;
    const words = error.errors;
    return saysChatsDisabled(words) ? { kind: "chats_disabled", words } : { kind: "refused", why: "module", words };
  }
}

/** Address and token: from the answer, else from the module as read (its token is the newer one after a re-issue),
 *  else from the store. */
function accessFrom(
  info: BotInfo | undefined,
  found: IntegrationModuleOut | null,
  record: Pick<ConnectionRecord, "gatewayUrl" | "token">,
) {
  const read = found === null ? null : botPart(found);
  return {
    gatewayUrl: info?.endpointUrl ?? read?.endpointUrl ?? record.gatewayUrl,
    token: info?.token ?? read?.token ?? record.token,
  };
}

async function checked(
  { record, lookup, network }: RegisterOptions,
  { gatewayUrl, token }: { gatewayUrl: string | null; token: string | null },
  did: Did,
): Promise<Registration> {
  if (gatewayUrl === null || gatewayUrl === "" || token === null || token === "") return { kind: "no_token" };
  const fault = await gatewayAddressFault({ gatewayUrl, crmUrl: record.crmUrl, network }, lookup);
  if (fault !== null) return { kind: "bad_address", why: fault };
  return { kind: "registered", gatewayUrl, token, did };
}

/** The CRM says it in one language or another; the words themselves are shown as well. */
const saysChatsDisabled = (words: readonly string[]) =>
  words.some(
    (line) =>
      /\bchats?\b|\bчат|\bchats\b/iu.test(line) && /disabled|not enabled|off\b|отключ|выключ|desactiv/iu.test(line),
  );

/** The account does not exist, or the host is something else (crm-api.md, "Errors"). */
const saysNoAccount = (words: readonly string[]) => words.some((line) => /account does not exist/i.test(line));

const isRedirect = ({ status }: ApiError) => status !== null && status >= 300 && status < 400;

/** A failed request to the CRM as what it means for the module. */
export function refusalOf(error: ApiError): Registration {
  if (error.kind === "refused") return { kind: "refused", why: "key", words: error.errors };
  if (error.kind === "not_json" || error.kind === "not_found") return { kind: "not_a_crm" };
  if (isRedirect(error)) return { kind: "moved", detail: error.message, where: error.movedTo };
  if (error.kind === "bad_request")
    return saysNoAccount(error.errors)
      ? { kind: "not_a_crm" }
      : { kind: "refused", why: "module", words: error.errors };
  return { kind: "unreachable", detail: error.message };
}

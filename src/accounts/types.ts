import type { Language } from "../types/issue.ts";
import type { JsonObject } from "../types/json.ts";
import type { Removal } from "./operating/removing.ts";
import type { StandingName } from "./watching/standing.ts";

/** What is wrong with an address that somebody typed or that a call named, before anything is asked there.
 *  `not_a_crm_host`: neither on the vendor's lists nor among `service.allowed_crm_hosts`; `no_account_name`: a zone of the vendor
 *  without the account's own name (`retailcrm.ru`); `foreign_letters`: letters that only look like those of a CRM's address. */
export type AddressProblem =
  | "empty"
  | "not_an_address"
  | "not_https"
  | "user_info"
  | "port"
  | "foreign_letters"
  | "no_account_name"
  | "not_a_crm_host";

/** Why an account could not be connected. Each has its own sentence (`sentences.ts`) that says what to do next. `words` are the
 *  CRM's own, `detail` is one English line about the network, `where` the origin that a redirect names (null: none readable). */
export type ConnectRefusal =
  | { readonly why: "address"; readonly fault: AddressProblem }
  | {
      readonly why:
        | "key_missing"
        | "wrong_key"
        | "no_such_account"
        | "old_version"
        | "chats_disabled"
        | "switched_off"
        | "not_a_crm"
        | "too_busy"
        | "no_token"
        | "bad_gateway_address"
        | "not_signed";
    }
  | { readonly why: "scopes"; readonly missing: readonly string[] }
  | { readonly why: "unreachable"; readonly detail: string }
  | { readonly why: "moved"; readonly where: string | null }
  | { readonly why: "module"; readonly words: readonly string[] };

/** What the owner of an account chooses; null: as the configuration says. */
export interface OwnerSettings {
  /** Of messages to the staff, and of texts when a customer's language is not known. */
  readonly language: Language | null;
  /** IANA name, such as `Europe/Madrid`. */
  readonly timezone: string | null;
  /** A name of `rule_sets:`. */
  readonly ruleSet: string | null;
  readonly enabled: boolean;
}

/** One connected account as its owner and the admin see it. No secrets. */
export interface AccountView {
  readonly connectionId: string;
  readonly clientId: string;
  readonly crmUrl: string;
  /** The file itself names it (`crm:`). */
  readonly isOwn: boolean;
  readonly settings: OwnerSettings;
  /** The operator's switch (`rulebot pause`). */
  readonly paused: boolean;
  readonly standing: StandingName;
  /** Rights that its rules need and its key lacks, as the CRM calls them; none: nothing is missing, or nobody knows yet. */
  readonly missingRights: readonly string[];
  /** Of the connection, when it works in this process. */
  readonly status: JsonObject | null;
  /** What the owner may choose from. */
  readonly ruleSets: readonly string[];
}

/** `again`: the account had been connected before, and is repaired. */
export type ConnectOutcome =
  | { readonly kind: "connected"; readonly account: AccountView; readonly again: boolean }
  | { readonly kind: "refused"; readonly refusal: ConnectRefusal };

/** Has the visitor shown the account's key? `unknown`: there is no such client. */
export type SignIn =
  | { readonly kind: "signed_in"; readonly account: AccountView }
  | { readonly kind: "refused"; readonly refusal: ConnectRefusal }
  | { readonly kind: "unknown" };

/** All connected accounts: what the HTTP side may do. Rejections are StoreErrors; whatever a visitor can cause is a value. */
export interface Accounts {
  /** Checks the account and registers the module there. Connecting again repairs: the same account, perhaps a new key. */
  connect(asked: {
    readonly address: string;
    readonly apiKey: string;
    readonly language: Language;
  }): Promise<ConnectOutcome>;
  /** One-step connection: checks the signature (`token` = hex HMAC-SHA256 of the key), then as `connect`. */
  connectInOneStep(asked: {
    readonly token: string;
    readonly apiKey: string;
    readonly systemUrl: string;
  }): Promise<ConnectOutcome>;
  /** By the unguessable id; null: there is none. */
  byClientId(clientId: string): Promise<AccountView | null>;
  byId(connectionId: string): Promise<AccountView | null>;
  /** Is it the account's key? A new key that the CRM accepts for this account is taken over. */
  signIn(clientId: string, apiKey: string): Promise<SignIn>;
  change(connectionId: string, wanted: OwnerSettings): Promise<void>;
  /** The CRM's callback. It is unsigned, so only a hint: the CRM is asked. False: there is no such client. */
  hint(clientId: string, about: "activity" | "settings", systemUrl: string | null): Promise<boolean>;
  list(): Promise<readonly AccountView[]>;
  /** The operator's switch; null: all connections. Gives the ids that were changed. */
  pause(connectionId: string | null, paused: boolean): Promise<readonly string[]>;
  /** For good: the module is switched off in the CRM, as far as that goes, and nothing stays stored of the account. */
  remove(connectionId: string): Promise<Removal>;
}

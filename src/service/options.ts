import type { Operation } from "../accounts/operating/operation.ts";
import type { Accounts } from "../accounts/types.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Language } from "../types/issue.ts";
import type { JsonObject } from "../types/json.ts";
import type { Vault } from "../vault.ts";
import type { Limits } from "./security/limits.ts";

/** May traffic come? `ready` is the store's and the rulebook's affair alone: neither the CRM nor the gateway makes a restart
 *  useful (reliability.md P15). The rest tells the operator about the last reload. */
export interface Readiness {
  readonly ready: boolean;
  readonly draining: boolean;
  /** 1: the last reading of the files was taken over; 0: it had faults and the rules before go on. */
  readonly configLastReloadSuccess: 0 | 1;
  /** `file:line:column  cause` of each fault of the last reading. */
  readonly configErrors: readonly string[];
}

/** What a server of accounts that connect by themselves needs; see `service:` of the configuration. */
export interface ManyAccounts {
  readonly accounts: Accounts;
  /** Seals the sessions; the same keys in every replica. */
  readonly vault: Vault;
  readonly adminPassword: string;
  /** Is there a one-step connection (`service.secret`)? */
  readonly isOneStep: boolean;
  /** Rights of the API key: without which nothing works, and which some rules need. */
  readonly scopes: { readonly needed: readonly string[]; readonly useful: readonly string[] };
  /** Sites that may show the form in a frame: `https://*.retailcrm.ru`, `http://127.0.0.1:8090`; see `frameSites`. */
  readonly frameSites: () => Promise<readonly string[]>;
}

export interface Metrics {
  /** Null: open to everyone. */
  readonly token: string | null;
  read(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** How long a client may take, in ms: against those who hold connections open by sending slowly. */
export interface Timeouts {
  readonly headersMs: number;
  /** The whole request, with its body. */
  readonly requestMs: number;
  /** How often both are looked at. */
  readonly checkEveryMs: number;
}

export interface ServiceOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly log: Log;
  readonly clock: Clock;
  /** `module.public_url`: where browsers and the CRM reach us. https there makes cookies and headers those of https. */
  readonly publicUrl: string;
  /** `module.name`. */
  readonly name: string;
  /** For visitors whose browser prefers none of ours, and for answers to the CRM. */
  readonly language: Language;
  /** `http.trusted_proxies`: only these are believed about the visitor's address. */
  readonly trustedProxies: readonly string[];
  readonly readiness: () => Readiness;
  readonly status: () => Promise<JsonObject>;
  /** Opens `/status`. */
  readonly statusToken: string;
  /** Null: there is no `/metrics`. */
  readonly metrics: Metrics | null;
  /** What the program's own commands ask for; left out: nothing. */
  readonly operation?: Operation;
  /** The CRM calls back about the module of this client id. Nothing signs it, so it is a hint only. False: nobody here has that
   *  id. */
  readonly onHint: (clientId: string, about: "activity" | "settings", systemUrl: string | null) => Promise<boolean>;
  /** Null: the file's own account is the only one. */
  readonly many: ManyAccounts | null;
  /** Left out: `USUAL_LIMITS`. */
  readonly limits?: Limits;
  /** Left out: `USUAL_TIMEOUTS`. */
  readonly timeouts?: Timeouts;
}

import { type AccountsOptions, createAccounts } from "../accounts/accounts.ts";
import { createAccountChecker } from "../accounts/connecting/check-account.ts";
import { BUNDLED_LISTS, createDomainLists } from "../accounts/connecting/domain-lists.ts";
import { createMoves } from "../accounts/following/moving.ts";
import { createRights, type Rights } from "../accounts/following/rights.ts";
import type { Accounts } from "../accounts/types.ts";
import { createCrmApi } from "../api/crm.ts";
import { systemLookup } from "../api/inside.ts";
import { createNetwork, type Network } from "../api/network.ts";
import { createOutside } from "../api/outside.ts";
import type { Paces } from "../api/pace/paces.ts";
import type { Clock } from "../clock.ts";
import { NEEDED_SCOPES, USEFUL_SCOPES } from "../connection/registering/scopes.ts";
import type { Log } from "../log.ts";
import { frameSites } from "../service/security/headers.ts";
import type { ManyAccounts } from "../service/server.ts";
import type { ConnectionRecord } from "../store/store.ts";
import type { Rulebook } from "../types/rule.ts";
import type { ServiceSettings, Settings } from "../types/settings.ts";
import type { Vault } from "../vault.ts";

export interface ManyOptions
  extends Pick<AccountsOptions, "store" | "module" | "own" | "ruleSetsFor" | "statusOf" | "look"> {
  readonly rulebookOf: (record: ConnectionRecord) => Rulebook;
  readonly settings: Settings & { readonly service: ServiceSettings };
  readonly vault: Vault;
  readonly paces: Paces;
  readonly clock: Clock;
  readonly log: Log;
  /** In [0, 1). */
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** What serves accounts that connect by themselves. */
export interface Many {
  readonly accounts: Accounts;
  /** Which addresses of theirs may be connected to. */
  readonly network: Network;
  readonly onStanding: Rights["onStanding"];
  readonly onRules: Rights["onRules"];
  /** For the pages. */
  readonly pages: ManyAccounts;
  close(): void;
}

/** The lists are fetched within this, or those of before are used. */
const LISTS_MS = 5_000;

export function wireMany(options: ManyOptions): Many {
  const { settings, paces, clock, log, random, store } = options;
  const { service } = settings;
  const network = createNetwork({ allowedHosts: service.allowedCrmHosts });
  const outside = createOutside({ allowedHosts: [], limitMs: LISTS_MS });
  const lists = createDomainLists({ fetch: (url) => outside.call({ method: "GET", url }), store, clock, log });
  const crmOf = (account: { readonly url: string; readonly apiKey: string }) =>
    createCrmApi({ ...account, paces, clock, random, log, network });
  const checker = createAccountChecker({
    lists,
    isAllowed: network.isAllowed,
    crmOf,
    clock,
    log,
  });
  const rights = createRights({ ...options, crmOf, scopes: [...NEEDED_SCOPES, ...USEFUL_SCOPES] });
  const accounts = createAccounts({
    ...options,
    examine: rights.examine,
    secret: service.secret,
    check: checker.check,
    crmUrlOf: checker.crmUrlOf,
    crmOf,
    lookup: systemLookup,
    network,
  });
  const moves = createMoves({ ...options, crmOf, crmUrlOf: checker.crmUrlOf });
  return {
    accounts,
    network,
    onStanding(standing) {
      rights.onStanding(standing);
      moves.onStanding(standing);
    },
    onRules: rights.onRules,
    pages: {
      accounts,
      vault: options.vault,
      adminPassword: service.adminPassword,
      isOneStep: service.secret !== null,
      scopes: { needed: NEEDED_SCOPES, useful: USEFUL_SCOPES },
      async frameSites() {
        // A page does not wait for the vendor.
        const { cloud, own } = await Promise.race([lists(), clock.sleep(SOON_MS).then(() => BUNDLED_LISTS)]);
        return [...frameSites(cloud, service.allowedCrmHosts), ...own.map((host) => `https://${host}`)];
      },
    },
    close: outside.close,
  };
}

const SOON_MS = 300;

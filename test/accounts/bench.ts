import { type AccountsOptions, createAccounts } from "../../src/accounts/accounts.ts";
import { createAccountChecker } from "../../src/accounts/connecting/check-account.ts";
import { BUNDLED_LISTS } from "../../src/accounts/connecting/domain-lists.ts";
import { createRights } from "../../src/accounts/following/rights.ts";
import type { Accounts } from "../../src/accounts/types.ts";
import { createCrmApi } from "../../src/api/crm.ts";
import { systemLookup } from "../../src/api/inside.ts";
import { createNetwork } from "../../src/api/network.ts";
import { systemClock } from "../../src/clock.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/index.ts";
import { openStore } from "../../src/store/open.ts";
import type { ConnectionRecord, Store } from "../../src/store/store.ts";
import type { Rulebook } from "../../src/types/rule.ts";
import { rulebook } from "../engine/world.ts";
import { createTestLog } from "../helpers/test-log.ts";

export const SECRET = "the secret of the marketplace";
const MODULE = { code: "rulebot", name: "Helper", publicUrl: "https://bot.example" };

/** One CRM account and the use cases of many, with nobody who works on them. */
export interface Bench {
  readonly sandbox: Sandbox;
  readonly store: Store;
  readonly accounts: Accounts;
  readonly options: AccountsOptions;
  /** How often whoever shares the work out was told to look. */
  readonly looked: () => number;
  readonly log: ReturnType<typeof createTestLog>;
}

type Over = Partial<Pick<AccountsOptions, "secret" | "own" | "clock" | "store">>;

/** `neighbours`: other accounts whose hosts are known ones, too. */
export async function bench(
  sandboxOptions: SandboxOptions = {},
  over: Over | ((sandbox: Sandbox) => Over) = {},
  neighbours: readonly Sandbox[] = [],
  rules: Rulebook = rulebook("- rule: Answer\n  when: {message: any}\n  do:\n    - reply: Hello."),
): Promise<Bench> {
  const sandbox = await startSandbox(sandboxOptions);
  const store = await openStore(":memory:");
  stops.push(
    () => store.close(),
    () => sandbox.stop(),
  );
  const log = createTestLog();
  const network = createNetwork({ allowedHosts: [sandbox, ...neighbours].flatMap(hostsOf) });
  const shared = { clock: systemClock, log: log.log, network };
  const crmOf = (account: { url: string; apiKey: string }) =>
    createCrmApi({ ...shared, ...account, random: () => 0, limits: { responseMs: 2_000 } });
  const checker = createAccountChecker({
    ...shared,
    lists: async () => BUNDLED_LISTS,
    isAllowed: network.isAllowed,
    crmOf,
  });
  const { signal } = new AbortController();
  let looked = 0;
  const options: AccountsOptions = {
    ...shared,
    ...checker,
    store,
    module: MODULE,
    crmOf,
    lookup: systemLookup,
    rulebookOf: () => rules,
    examine: createRights({ ...shared, crmOf, rulebookOf: () => rules, scopes: [], look() {}, signal }).examine,
    secret: SECRET,
    own: null,
    ruleSetsFor: () => ["madrid", "paris"],
    statusOf: async () => null,
    look: () => {
      looked += 1;
    },
    ...(typeof over === "function" ? over(sandbox) : over),
  };
  return { sandbox, store, accounts: createAccounts(options), options, looked: () => looked, log };
}

/** An account of somebody else, which ends with the benches. */
export async function neighbour(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  stops.push(() => sandbox.stop());
  return sandbox;
}

const stops: (() => Promise<unknown>)[] = [];

export async function closeBenches(): Promise<void> {
  for (const stop of stops.splice(0).reverse()) await stop();
}

const hostsOf = ({ crmUrl, gatewayUrl }: Sandbox) => {
  const { port } = new URL(crmUrl);
  return [`127.0.0.1:${port}`, `127.2.0.1:${port}`, new URL(gatewayUrl).host];
};

export const asked = ({ sandbox }: Bench, over: { apiKey?: string; address?: string } = {}) => ({
  address: sandbox.crmUrl,
  apiKey: sandbox.apiKey,
  language: "es" as const,
  ...over,
});

export const moduleOf = ({ sandbox }: Bench) => sandbox.world.modules.get("rulebot");

/** Connected through the form, and its row. */
export async function connected(
  ...given: Parameters<typeof bench>
): Promise<Bench & { readonly record: ConnectionRecord }> {
  const here = await bench(...given);
  await here.accounts.connect(asked(here));
  const [record] = await here.store.connections();
  if (record === undefined) throw new Error("it was not connected");
  return { ...here, record };
}

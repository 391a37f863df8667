import type { ModuleEnd } from "../../src/accounts/operating/removing.ts";
import type { Accounts, AccountView, ConnectOutcome, OwnerSettings, SignIn } from "../../src/accounts/types.ts";

/** A connected account; give only what differs. */
export const accountView = (over: Partial<AccountView> = {}): AccountView => ({
  connectionId: "shop.simla.com/rulebot",
  clientId: "c".repeat(64),
  crmUrl: "https://shop.simla.com",
  isOwn: false,
  settings: { language: null, timezone: null, ruleSet: null, enabled: true },
  paused: false,
  standing: "working",
  missingRights: [],
  status: null,
  ruleSets: [],
  ...over,
});

export const GOOD_KEY = "the-key-of-the-account";

/** Stands for the use cases: keeps accounts in memory, and what was asked of it. */
export interface FakeAccounts extends Accounts {
  readonly asked: (readonly [name: string, ...given: readonly unknown[]])[];
  readonly views: AccountView[];
  /** What the next connecting comes to; left alone: GOOD_KEY connects the first account, any other key is wrong. */
  outcome: ConnectOutcome | null;
  /** What becomes of the module of an account that is removed. */
  moduleEnd: ModuleEnd;
}

export function createFakeAccounts(...views: AccountView[]): FakeAccounts {
  const asked: (readonly [string, ...unknown[]])[] = [];
  const outcomeFor = (apiKey: string): ConnectOutcome => {
    if (fake.outcome !== null) return fake.outcome;
    const [account] = views;
    return account === undefined || apiKey !== GOOD_KEY
      ? { kind: "refused", refusal: { why: "wrong_key" } }
      : { kind: "connected", account, again: false };
  };
  const replace = (id: string, change: (view: AccountView) => AccountView) => {
    const index = views.findIndex(({ connectionId }) => connectionId === id);
    const found = views[index];
    if (found !== undefined) views[index] = change(found);
  };
  const fake: FakeAccounts = {
    asked,
    views,
    outcome: null,
    moduleEnd: "switched_off",
    async connect(given) {
      asked.push(["connect", given]);
      return outcomeFor(given.apiKey);
    },
    async connectInOneStep(given) {
      asked.push(["connectInOneStep", given]);
      return given.token === "signed" ? outcomeFor(given.apiKey) : { kind: "refused", refusal: { why: "not_signed" } };
    },
    byClientId: async (clientId) => views.find((view) => view.clientId === clientId) ?? null,
    byId: async (id) => views.find((view) => view.connectionId === id) ?? null,
    async signIn(clientId, apiKey): Promise<SignIn> {
      asked.push(["signIn", clientId, apiKey]);
      const account = views.find((view) => view.clientId === clientId);
      if (account === undefined) return { kind: "unknown" };
      return apiKey === GOOD_KEY ? { kind: "signed_in", account } : { kind: "refused", refusal: { why: "wrong_key" } };
    },
    async change(id, wanted: OwnerSettings) {
      asked.push(["change", id, wanted]);
      replace(id, (view) => ({ ...view, settings: wanted }));
    },
    async hint(clientId, about, systemUrl) {
      asked.push(["hint", clientId, about, systemUrl]);
      return views.some((view) => view.clientId === clientId);
    },
    list: async () => [...views],
    async pause(id, paused) {
      asked.push(["pause", id, paused]);
      if (id !== null) replace(id, (view) => ({ ...view, paused, standing: paused ? "paused" : "working" }));
      return id === null ? [] : [id];
    },
    async remove(id) {
      asked.push(["remove", id]);
      const index = views.findIndex(({ connectionId }) => connectionId === id);
      const [view] = index === -1 ? [] : views.splice(index, 1);
      return view === undefined ? { kind: "gone" } : { kind: "removed", connectionId: id, module: fake.moduleEnd };
    },
  };
  return fake;
}

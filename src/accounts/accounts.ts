import { createHash, timingSafeEqual } from "node:crypto";
import type { Clock } from "../clock.ts";
import { createMutexes } from "../connection/lanes/mutexes.ts";
import type { Log } from "../log.ts";
import type { ConnectionRecord } from "../store/store.ts";
import type { JsonObject } from "../types/json.ts";
import { type ConnectingOptions, connectAccount } from "./connecting.ts";
import { STANDING } from "./facts.ts";
import { createHints } from "./hints.ts";
import { isSigned } from "./one-step.ts";
import { standingOf } from "./standing.ts";
import type { Accounts, AccountView, ConnectOutcome, OwnerSettings, SignIn } from "./types.ts";

export interface AccountsOptions extends ConnectingOptions {
  /** With which the marketplace signs one-step connections; null: there are none. */
  readonly secret: string | null;
  /** The file's own account; null: it names none. */
  readonly own: { readonly id: string; readonly apiKey: string } | null;
  /** An address of a callback, normalised; null: it is not that of a CRM account. */
  readonly crmUrlOf: (address: string) => Promise<string | null>;
  /** Rule sets that the owner of this account may choose from. */
  readonly ruleSetsFor: (record: ConnectionRecord) => readonly string[];
  /** What the connection tells of itself; null: it does not work in this process. */
  readonly statusOf: (connectionId: string) => Promise<JsonObject | null>;
  /** Whoever shares the work out looks at once. */
  readonly look: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** The use cases of the pages and callbacks. */
export function createAccounts(options: AccountsOptions): Accounts {
  const { store } = options;
  const byAddress = createMutexes<string>();
  const hints = createHints({ ...options, moving: options });
  const view = (record: ConnectionRecord) => viewOf(options, record);
  const viewOrNull = async (found: Promise<ConnectionRecord | null>) => {
    const record = await found;
    return record === null ? null : await view(record);
  };
  // Two clicks on "Connect" at once make one module and one connection. Other accounts need not wait for a slow CRM.
  const connect = async (asked: Parameters<typeof connectAccount>[1]): Promise<ConnectOutcome> =>
    byAddress.run(await options.crmUrlOf(asked.address), async () => {
      const outcome = await connectAccount(options, asked);
      if (outcome.kind === "refused") return outcome;
      options.look();
      options.log.info({ connection: outcome.record.id, again: outcome.again }, "an account was connected");
      return { kind: "connected", account: await view(outcome.record), again: outcome.again };
    });
  return {
    connect,
    async connectInOneStep({ token, apiKey, systemUrl }) {
      const isGenuine = options.secret !== null && isSigned({ token, apiKey }, options.secret);
      if (!isGenuine) return { kind: "refused", refusal: { why: "not_signed" } };
      return await connect({ address: systemUrl, apiKey, language: null });
    },
    byClientId: (clientId) => viewOrNull(store.connectionOfClient(clientId)),
    byId: (id) => viewOrNull(store.connection(id)),
    async signIn(clientId, apiKey) {
      const record = await store.connectionOfClient(clientId);
      if (record === null) return { kind: "unknown" };
      const signIn = await provenBy(options, record, apiKey.trim());
      return signIn === null ? { kind: "signed_in", account: await view(record) } : signIn;
    },
    async change(id, wanted) {
      const record = await store.connection(id);
      if (record === null) return;
      await store.changeConnection(id, soundSettings(wanted, options.ruleSetsFor(record)));
      options.look();
    },
    hint: hints.hint,
    list: async () => await Promise.all((await store.connections()).map(view)),
    async pause(id, paused) {
      const records = await store.connections();
      const meant = records.filter((record) => (id === null || record.id === id) && record.paused !== paused);
      for (const record of meant) await store.changeConnection(record.id, { paused });
      options.look();
      return meant.map((record) => record.id);
    },
  };
}

/** Null: it is the account's key, or another one that the account accepts. That one is taken over if ours no longer works; one that works stays,
 *  since it may be the module's own, made in one step, that can be given more rights. */
async function provenBy(
  { store, own, check, look }: AccountsOptions,
  record: ConnectionRecord,
  apiKey: string,
): Promise<SignIn | null> {
  const known = record.apiKey ?? (record.id === own?.id ? own.apiKey : null);
  if (known !== null && isSame(known, apiKey)) return null;
  const checked = await check({ address: record.crmUrl, apiKey });
  if (!checked.ok) return { kind: "refused", refusal: checked.refusal };
  if (record.apiKey === null || (await isStillGood({ check }, record.crmUrl, record.apiKey))) return null;
  await store.changeConnection(record.id, { apiKey });
  look();
  return null;
}

/** Only the CRM's own word against it counts: one that cannot be asked now may be good. */
async function isStillGood({ check }: Pick<AccountsOptions, "check">, crmUrl: string, apiKey: string) {
  const checked = await check({ address: crmUrl, apiKey });
  return checked.ok || (checked.refusal.why !== "wrong_key" && checked.refusal.why !== "scopes");
}

const isSame = (left: string, right: string) => timingSafeEqual(digest(left), digest(right));

const digest = (text: string) => createHash("sha256").update(text).digest();

/** What a form may ask for: anything unknown is as the configuration says. */
function soundSettings(wanted: OwnerSettings, ruleSets: readonly string[]): OwnerSettings {
  const { timezone, ruleSet } = wanted;
  return {
    ...wanted,
    timezone: timezone !== null && isZone(timezone) ? timezone : null,
    ruleSet: ruleSet !== null && ruleSets.includes(ruleSet) ? ruleSet : null,
  };
}

function isZone(name: string): boolean {
  return name === "UTC" || Intl.supportedValuesOf("timeZone").includes(name);
}

async function viewOf(options: AccountsOptions, record: ConnectionRecord): Promise<AccountView> {
  const { id, clientId, crmUrl, language, timezone, ruleSet, enabled, paused } = record;
  const [fact, status] = await Promise.all([options.store.fact(id, STANDING), options.statusOf(id)]);
  return {
    connectionId: id,
    clientId,
    crmUrl,
    settings: { language, timezone, ruleSet, enabled },
    paused,
    standing: standingOf({ record, fact, status }),
    status,
    ruleSets: options.ruleSetsFor(record),
  };
}

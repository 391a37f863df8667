import type { Clock } from "../clock.ts";
import { createMutexes } from "../connection/lanes/mutexes.ts";
import { inParts } from "../in-parts.ts";
import { isZone } from "../language/hours/zone.ts";
import type { Log } from "../log.ts";
import type { Holding } from "../store/leases.ts";
import type { ConnectionRecord, Store } from "../store/store.ts";
import type { Json, JsonObject } from "../types/json.ts";
import { type ConnectingOptions, connectAccount } from "./connecting/connecting.ts";
import { isSigned } from "./connecting/one-step.ts";
import { refusalOfKey } from "./connecting/signing-in.ts";
import { RIGHTS_MISSING, STANDING } from "./facts.ts";
import { createHints } from "./following/hints.ts";
import { type KeyRightsOptions, neededBy, readRights } from "./following/key-rights.ts";
import type { Rights } from "./following/rights.ts";
import { createRemoving } from "./operating/removing.ts";
import type { Accounts, AccountView, ConnectOutcome, OwnerSettings } from "./types.ts";
import { standingOf } from "./watching/standing.ts";

export interface AccountsOptions extends ConnectingOptions, Pick<KeyRightsOptions, "rulebookOf"> {
  /** With which the marketplace signs one-step connections; null: there are none. */
  readonly secret: string | null;
  /** The file's own account; null: it names none. */
  readonly own: { readonly id: string; readonly apiKey: string } | null;
  /** An address of a callback, normalised; null: it is not that of a CRM account. */
  readonly crmUrlOf: (address: string) => Promise<string | null>;
  /** Rule sets that the owner of this account may choose from. */
  readonly ruleSetsFor: (record: ConnectionRecord) => readonly string[];
  /** Somebody has shown this key of the account: what it lacks is asked and kept anew. Never rejects. */
  readonly examine: Rights["examine"];
  /** What the connection tells of itself; null: it does not work in this process. */
  readonly statusOf: (connectionId: string) => Promise<JsonObject | null>;
  /** Whoever shares the work out looks at once. */
  readonly look: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** A list of a thousand accounts must not have the store for itself. */
const VIEWED_AT_ONCE = 20;

/** The use cases of the pages and callbacks. */
export function createAccounts(options: AccountsOptions): Accounts {
  const { store } = options;
  const byAddress = createMutexes<string>();
  const hints = createHints({ ...options, moving: options });
  const removeNow = createRemoving({ ...options, ownId: options.own?.id ?? null });
  const view = (record: ConnectionRecord, held = heldIn(store)) => viewOf(options, record, held);
  const examined = async (record: ConnectionRecord) => {
    await options.examine({ present: () => record, store });
    return await view(record);
  };
  const viewOrNull = async (found: Promise<ConnectionRecord | null>) => {
    const record = await found;
    return record === null ? null : await view(record);
  };
  // Two clicks on "Connect" at once make one module and one connection. Other accounts need not wait for a slow CRM.
  const connect = async (asked: Parameters<typeof connectAccount>[1]): Promise<ConnectOutcome> =>
    byAddress.run(await options.crmUrlOf(asked.address), async () => {
      const outcome = await connectAccount(options, asked);
      if (outcome.kind === "refused") return outcome;
      // Before the work begins: it need not ask the CRM the same then.
      const account = await examined(outcome.record);
      options.look();
      options.log.info({ connection: account.connectionId, again: outcome.again }, "an account was connected");
      return { kind: "connected", account, again: outcome.again };
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
      const refusal = await refusalOfKey(options, record, apiKey.trim());
      if (refusal !== null) return { kind: "refused", refusal };
      const present = (await store.connection(record.id)) ?? record;
      const account = await view(present);
      // Rights that were missing may have been given meanwhile.
      const isWorthAsking = account.missingRights.length > 0 || present.apiKey !== record.apiKey;
      return { kind: "signed_in", account: isWorthAsking ? await examined(present) : account };
    },
    async change(id, wanted) {
      const record = await store.connection(id);
      if (record === null) return;
      await store.changeConnection(id, soundSettings(wanted, options.ruleSetsFor(record)));
      options.look();
    },
    hint: hints.hint,
    async list() {
      const held = heldIn(store);
      return await inParts(await store.connections(), VIEWED_AT_ONCE, (record) => view(record, held));
    },
    async pause(id, paused) {
      const records = await store.connections();
      const meant = records.filter((record) => (id === null || record.id === id) && record.paused !== paused);
      for (const record of meant) await store.changeConnection(record.id, { paused });
      options.look();
      return meant.map((record) => record.id);
    },
    // Not while the same account is being connected again.
    remove: async (id) => byAddress.run((await store.connection(id))?.crmUrl ?? null, async () => await removeNow(id)),
  };
}

/** What a form may ask for: anything unknown is as the configuration says. */
function soundSettings(wanted: OwnerSettings, ruleSets: readonly string[]): OwnerSettings {
  const { timezone, ruleSet } = wanted;
  return {
    ...wanted,
    timezone: timezone !== null && isZone(timezone) ? timezone : null,
    ruleSet: ruleSet !== null && ruleSets.includes(ruleSet) ? ruleSet : null,
  };
}

type Held = () => Promise<ReadonlySet<string>>;

/** The connections on which some process works; asked once, and only if somebody wants to know. */
function heldIn({ leases }: Store): Held {
  let found: ReturnType<Held> | null = null;
  const ask = async () => new Set((await leases.holdings()).filter(isHeld).map(({ connectionId }) => connectionId));
  return () => {
    found ??= ask();
    return found;
  };
}

const isHeld = ({ owner }: Holding) => owner !== null;

async function viewOf(options: AccountsOptions, record: ConnectionRecord, held: Held): Promise<AccountView> {
  const { id, clientId, crmUrl, language, timezone, ruleSet, enabled, paused } = record;
  const { store } = options;
  const [fact, rights, status] = await Promise.all([
    store.fact(id, STANDING),
    store.fact(id, RIGHTS_MISSING),
    options.statusOf(id),
  ]);
  const isOwn = id === options.own?.id;
  const isWorkedOn = status !== null || (await held()).has(id);
  const hasKey = record.apiKey !== null || isOwn;
  return {
    connectionId: id,
    clientId,
    crmUrl,
    isOwn,
    settings: { language, timezone, ruleSet, enabled },
    paused,
    standing: standingOf({ record, hasKey, fact, status, isHeld: isWorkedOn }),
    missingRights: missingNow(options, record, rights),
    status,
    ruleSets: options.ruleSetsFor(record),
  };
}

/** What the rules of today need; what is kept may be about those of before. */
function missingNow(options: AccountsOptions, record: ConnectionRecord, fact: Json): readonly string[] {
  const missing = record.apiKey === null ? null : readRights(fact, record.apiKey);
  if (missing === null || missing.scopes.length === 0) return [];
  const needed = neededBy(options, record);
  return missing.scopes.filter((scope) => needed.includes(scope));
}

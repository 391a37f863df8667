import type { ConnectionOptions } from "../../connection/connection.ts";
import { openRecord } from "../../connection/registering/record.ts";
import type { Registration } from "../../connection/registering/register.ts";
import type { Log } from "../../log.ts";
import type { Assigned, Work } from "../../replica/hands.ts";
import type { ConnectionRecord, Store } from "../../store/store.ts";
import type { Sentence } from "../../types/issue.ts";
import type { JsonObject } from "../../types/json.ts";
import type { Rule, Rulebook } from "../../types/rule.ts";
import { STANDING } from "../facts.ts";
import { createStandingKeeper, type StandingKeeper } from "../watching/keep-standing.ts";
import { awaitKey } from "./keyless.ts";
import { openShop, type SharedOptions, type Shop } from "./shop.ts";

/** The account that the file itself names. */
export interface OwnAccount {
  readonly id: string;
  readonly crm: { readonly url: string; readonly apiKey: string };
  /** For the operator at the terminal. */
  readonly onRegistration: (registration: Registration, sentence: Sentence) => void;
  /** The CRM refused it at its first start, and waiting does not help. */
  readonly onRefused: () => void;
}

export interface ShopsOptions {
  readonly shared: SharedOptions;
  /** Null: the file names none. */
  readonly own: OwnAccount | null;
  /** For accounts that connected by themselves: addresses that nobody of ours chose. */
  readonly strangers: Partial<ConnectionOptions>;
  readonly rulebookOf: (record: ConnectionRecord) => Rulebook;
  /** How the registration of an account stands, whenever that changes. */
  readonly onStanding?: (shop: Standing) => void;
  /** An account goes on with other rules, since they or its choice have changed. */
  readonly onRules?: (shop: Pick<Standing, "present" | "store">) => void;
}

/** How an account stands, with what is needed to do something about it. */
export interface Standing {
  /** As it is stored by the time it is asked for: its owner may have changed the language, the rules or the key meanwhile. */
  readonly present: () => ConnectionRecord;
  readonly registration: Registration;
  readonly store: Store;
}

/** The accounts at work in this process. */
export interface Shops {
  /** For the replica: begins the work on a stored connection. Rejects with StoreError. */
  begin(assigned: Assigned): Promise<Work>;
  /** The rules have changed: every account goes on with its own. */
  useRules(): Promise<void>;
  /** Null: it does not work here. */
  at(id: string): Shop | null;
  all(): readonly Shop[];
}

export function createShops(options: ShopsOptions): Shops {
  const { shared } = options;
  const open = new Map<string, Shop>();
  const savedRules = new WeakMap<readonly Rule[], Promise<void>>();
  return {
    at: (id) => open.get(id) ?? null,
    all: () => [...open.values()],
    async useRules() {
      await Promise.all([...open.values()].map((shop) => shop.useRules()));
    },
    async begin(given) {
      const assigned = { ...given, store: savingRulesOnce(given.store, savedRules) };
      const openIt = () => openOne(options, open, assigned);
      const work = await openIt();
      if (work !== null) return work;
      const log = shared.log.child({ connection: given.connectionId });
      sayKeyless(log, await given.store.connection(given.connectionId));
      return awaitKey({ open: openIt, clock: shared.clock, log });
    },
  };
}

/** Null: nobody has a key to it. Rejects with StoreError. */
async function openOne(options: ShopsOptions, open: Map<string, Shop>, assigned: Assigned): Promise<Work | null> {
  const { own, shared } = options;
  const { connectionId: id, store } = assigned;
  const record = await recordOf(store, { id, own, module: shared.module });
  if (record === null) return null;
  const keeper = createStandingKeeper({
    before: await store.fact(id, STANDING),
    save: (fact) => store.saveFact(id, STANDING, fact),
    clock: shared.clock,
    log: shared.log.child({ connection: id }),
  });
  const startOf = (present: () => ConnectionRecord) => startOptions(options, { present, store, keeper });
  const shop = await openShop({
    assigned,
    record,
    startOf,
    rulebookOf: options.rulebookOf,
    onRules: (present) => options.onRules?.({ present, store }),
    shared,
  });
  open.set(id, shop);
  if (id === own?.id) void shop.connection().ended.then((refusal) => refusal !== null && own.onRefused(), NOT_REFUSED);
  return {
    changed: shop.changed,
    async drain() {
      // Another lease on the same connection may have begun meanwhile.
      if (open.get(id) === shop) open.delete(id);
      await shop.drain();
      keeper.stop();
    },
  };
}

/** What ended it otherwise is in the log, and is no refusal. */
const NOT_REFUSED = () => {};

/** What can't be decrypted was named at the start already, all in one line. */
function sayKeyless(log: Log, record: ConnectionRecord | null): void {
  if (record?.unreadable === true)
    log.info("the key of this account cannot be decrypted: it waits until it is connected again");
  else log.warn("the store knows this account, but neither the file nor the store has a key to it");
}

interface Known {
  readonly id: string;
  readonly own: OwnAccount | null;
  readonly module: SharedOptions["module"];
}

/** Null: nobody has a key to it. That happens when the file names another account than before, or the key that sealed it is lost. */
async function recordOf(store: Store, { id, own, module }: Known): Promise<ConnectionRecord | null> {
  if (id === own?.id) return await openRecord(store, { crmUrl: own.crm.url, moduleCode: module.code });
  const record = await store.connection(id);
  return record === null || record.apiKey === null ? null : record;
}

interface Starting {
  readonly present: () => ConnectionRecord;
  readonly store: Store;
  readonly keeper: StandingKeeper;
}

/** What a connection that begins now is started with; what it reports is about the account as it is then. */
function startOptions(
  { own, strangers, onStanding }: ShopsOptions,
  { present, store, keeper }: Starting,
): Partial<ConnectionOptions> & Pick<ConnectionOptions, "crm"> {
  keeper.begins();
  const record = present();
  const onSocket = keeper.socket;
  const onRegistration = (registration: Registration) => {
    keeper.registration(registration);
    onStanding?.({ present, registration, store });
  };
  if (record.id !== own?.id) {
    const crm = { url: record.crmUrl, apiKey: record.apiKey ?? "" };
    return { ...strangers, record, crm, onSocket, onRegistration };
  }
  return {
    crm: own.crm,
    endsOnRefusal: true,
    onSocket,
    onRegistration(registration, sentence) {
      onRegistration(registration);
      own.onRegistration(registration, sentence);
    },
  };
}

/** A thousand connections that share their rules write them once, even if they all begin to at the same moment. */
function savingRulesOnce(store: Store, saving: WeakMap<readonly Rule[], Promise<void>>): Store {
  return {
    ...store,
    async saveRules(rules) {
      const others = saving.get(rules);
      if (others !== undefined && (await hasSucceeded(others))) return;
      const own = store.saveRules(rules);
      saving.set(rules, own);
      await own;
    },
  };
}

const hasSucceeded = (task: Promise<void>): Promise<boolean> =>
  task.then(
    () => true,
    () => false,
  );

/** What `/status` tells of one connection; one that another replica works on has no more to tell here. */
export const statusOf = async (shop: Shop | null, id: string): Promise<JsonObject> =>
  shop === null ? { id, elsewhere: true } : await shop.status();

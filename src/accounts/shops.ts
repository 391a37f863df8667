import type { ConnectionOptions } from "../connection/connection.ts";
import { openRecord } from "../connection/registering/record.ts";
import type { Registration } from "../connection/registering/register.ts";
import type { Assigned, Work } from "../replica/hands.ts";
import type { ConnectionRecord, Store } from "../store/store.ts";
import type { Sentence } from "../types/issue.ts";
import type { JsonObject } from "../types/json.ts";
import type { Rule, Rulebook } from "../types/rule.ts";
import { STANDING } from "./facts.ts";
import { openShop, type SharedOptions, type Shop } from "./shop.ts";
import { standingFact } from "./standing.ts";

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
  readonly onRules?: (shop: Pick<Standing, "record" | "store">) => void;
}

/** How an account stands, with what is needed to do something about it. */
export interface Standing {
  readonly record: ConnectionRecord;
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
  const { own, shared } = options;
  const open = new Map<string, Shop>();
  const savedRules = new WeakMap<readonly Rule[], Promise<void>>();
  return {
    at: (id) => open.get(id) ?? null,
    all: () => [...open.values()],
    async useRules() {
      await Promise.all([...open.values()].map((shop) => shop.useRules()));
    },
    async begin(assigned) {
      const { connectionId: id } = assigned;
      const store = savingRulesOnce(assigned.store, savedRules);
      const record = await recordOf(store, { id, own, module: shared.module });
      if (record === null) {
        shared.log.warn(
          { connection: id },
          "the store knows this account, but neither the file nor the store has a key to it",
        );
        return { changed() {}, async drain() {} };
      }
      const startOf = (present: ConnectionRecord) => startOptions(options, { record: present, store });
      const shop = await openShop({
        assigned: { ...assigned, store },
        record,
        startOf,
        rulebookOf: options.rulebookOf,
        onRules: (present) => options.onRules?.({ record: present, store }),
        shared,
      });
      open.set(id, shop);
      if (id === own?.id) void shop.connection().ended.then((refusal) => refusal !== null && own.onRefused());
      return {
        changed: shop.changed,
        async drain() {
          // Another lease on the same connection may have begun meanwhile.
          if (open.get(id) === shop) open.delete(id);
          await shop.drain();
        },
      };
    },
  };
}

interface Known {
  readonly id: string;
  readonly own: OwnAccount | null;
  readonly module: SharedOptions["module"];
}

/** Null: nobody has a key to it. That happens when the file names another account than before. */
async function recordOf(store: Store, { id, own, module }: Known): Promise<ConnectionRecord | null> {
  if (id === own?.id) return await openRecord(store, { crmUrl: own.crm.url, moduleCode: module.code });
  const record = await store.connection(id);
  return record === null || record.apiKey === null ? null : record;
}

function startOptions(
  { own, strangers, shared, onStanding }: ShopsOptions,
  { record, store }: { readonly record: ConnectionRecord; readonly store: Store },
): Partial<ConnectionOptions> & Pick<ConnectionOptions, "crm"> {
  const keepStanding = (registration: Registration) =>
    store
      .saveFact(record.id, STANDING, standingFact(registration))
      .catch((error) => shared.log.warn({ connection: record.id, err: error }, "how it stands could not be kept"));
  if (record.id === own?.id) {
    return {
      crm: own.crm,
      endsOnRefusal: true,
      onRegistration(registration, sentence) {
        void keepStanding(registration);
        onStanding?.({ record, registration, store });
        own.onRegistration(registration, sentence);
      },
    };
  }
  return {
    ...strangers,
    record,
    crm: { url: record.crmUrl, apiKey: record.apiKey ?? "" },
    onRegistration(registration) {
      void keepStanding(registration);
      onStanding?.({ record, registration, store });
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

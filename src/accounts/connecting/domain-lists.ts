import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Store } from "../../store/store.ts";
import { WHOLE_PROGRAM } from "../../store/whole-program.ts";
import { isObject, type Json } from "../../types/json.ts";
import { type DomainLists, readDomain } from "./address.ts";

export interface DomainListsOptions {
  /** GETs JSON of one of the two addresses; rejects when it cannot (too large, too slow, not there). It is not given a key. */
  readonly fetch: (url: string) => Promise<Json>;
  readonly store: Pick<Store, "fact" | "saveFact">;
  readonly clock: Clock;
  readonly log: Log;
  /** Left out: the vendor's. */
  readonly urls?: Readonly<Record<keyof DomainLists, string>>;
}

/** Source: crm-api.md section 2. */
export const DOMAIN_LIST_URLS: Readonly<Record<keyof DomainLists, string>> = {
  cloud: "https://infra-data.retailcrm.tech/crm-domains.json",
  own: "https://infra-data.retailcrm.tech/box-domains.json",
};

/** For a program that has never reached the vendor: the zones named in the vendor's code. */
export const BUNDLED_LISTS: DomainLists = {
  cloud: [
    "retailcrm.ru",
    "retailcrm.pro",
    "retailcrm.es",
    "simla.com",
    "ecomlogic.com",
    "simlachat.com",
    "simlachat.ru",
  ],
  own: [],
};

/** The lists are asked for this often, as the vendor's core does; after a failure sooner, but not at every click. */
const FRESH_MS = 3_600_000;
const AGAIN_MS = 60_000;
/** Fact of the whole program: `{at, cloud, own}`, shared by all replicas. */
const FACT = "crm_domains";

interface Copy extends DomainLists {
  /** Unix ms. */
  readonly at: number;
}

/** Gives the present lists: at most an hour old, else the last good ones (which outlive a restart), else the bundled ones. Never rejects:
 *  a host that is on no list we have is simply not accepted. */
export function createDomainLists(options: DomainListsOptions): () => Promise<DomainLists> {
  const { clock } = options;
  let copy: Copy | null = null;
  let askAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<Copy> | null = null;

  const renew = async (): Promise<Copy> => {
    const last = copy ?? (await storedCopy(options));
    const isFresh = last !== null && Math.abs(clock.now() - last.at) < FRESH_MS;
    const found = isFresh ? last : await fetched(options, last ?? { ...BUNDLED_LISTS, at: 0 });
    const isNew = Math.abs(clock.now() - found.at) < FRESH_MS;
    askAt = isNew ? found.at + FRESH_MS : clock.now() + AGAIN_MS;
    copy = found;
    return found;
  };
  return async () => {
    if (copy !== null && clock.now() < askAt) return copy;
    asking ??= renew().finally(() => {
      asking = null;
    });
    return asking;
  };
}

/** Both lists anew, and stored. One that can't be had stays as it was; the copy then keeps its age. */
async function fetched({ fetch, store, clock, log, urls = DOMAIN_LIST_URLS }: DomainListsOptions, last: Copy) {
  const ask = async (kind: keyof DomainLists): Promise<readonly string[] | null> => {
    try {
      return readList(await fetch(urls[kind]), kind);
    } catch (error) {
      log.warn({ list: kind, err: error }, "the vendor's list of CRM hosts could not be read; the last one is used");
      return null;
    }
  };
  const [cloud, own] = await Promise.all([ask("cloud"), ask("own")]);
  const at = cloud === null || own === null ? last.at : clock.now();
  const copy: Copy = { cloud: cloud ?? last.cloud, own: own ?? last.own, at };
  if (cloud !== null || own !== null) {
    await store
      .saveFact(WHOLE_PROGRAM, FACT, { ...copy, cloud: [...copy.cloud], own: [...copy.own] })
      .catch((error) => log.warn({ err: error }, "the list of CRM hosts could not be stored"));
  }
  return copy;
}

/** Null: none is stored, or the store cannot be read now. */
async function storedCopy({ store, log }: DomainListsOptions): Promise<Copy | null> {
  try {
    const fact = await store.fact(WHOLE_PROGRAM, FACT);
    if (!isObject(fact) || typeof fact.at !== "number") return null;
    const cloud = namesIn(fact.cloud);
    return cloud.length === 0 ? null : { at: fact.at, cloud, own: namesIn(fact.own) };
  } catch (error) {
    log.warn({ err: error }, "the stored list of CRM hosts could not be read");
    return null;
  }
}

/** `{"createDate": "...", "domains": [{"domain": "..."}]}`. Throws when it is something else, or a list of zones without a zone. */
function readList(answer: Json, kind: keyof DomainLists): readonly string[] {
  const rows = isObject(answer) ? answer.domains : null;
  if (!Array.isArray(rows)) throw new Error("it is not a list of domains");
  const names = namesIn(rows.map((row) => (isObject(row) ? (row.domain ?? null) : null)));
  // An empty list of zones would lock everybody out: rather a mistake over there.
  if (names.length === 0 && (kind === "cloud" || rows.length > 0)) throw new Error("it names no domain");
  return names;
}

function namesIn(value: Json | undefined): readonly string[] {
  if (!Array.isArray(value)) return [];
  const names = value.flatMap((one) => (typeof one === "string" ? [readDomain(one)] : []));
  return [...new Set(names.filter((name) => name !== null))];
}

import type { DomainListName } from "../crm/domain-lists.ts";
import { type Behaviour, usualBehaviour } from "../options.ts";
import type { Stage } from "../stage.ts";
import { addKey, changeKey, deleteKey, type Rights } from "../world/keys.ts";
import type { OldAddress } from "../world/market-rows.ts";
import { USUAL_SCOPES } from "../world/seed.ts";
import { callSettings } from "./callback.ts";

/** From now on the account answers at this host too, at the same port. Resolves to its root address. */
export type OpenAddress = (host: string) => Promise<string>;

export interface Renaming {
  /** Left out: another loopback address, such as 127.2.0.1 after 127.0.0.1. */
  readonly host?: string;
  /** What the old address does from now on; left out: it goes on answering. */
  readonly old?: OldAddress;
}

/** What the owner does in the account's settings, and how the CRM itself behaves. */
export interface AccountHands {
  /** Makes an API key. Left out: the permissions that a bot needs, all shops. An older key has `methods` instead of scopes. */
  newKey(rights?: Rights): string;
  /** Throws RangeError for an unknown key; so does `deleteKey`. */
  changeKey(key: string, to: Rights): void;
  deleteKey(key: string): void;
  /** `publicUrl` changes. Nobody is told: modules hear of it with the next activity. Resolves to the new address. */
  renameAccount(how?: Renaming): Promise<string>;
  /** Changes zone or language and posts every module's `settings` callback with what changed. */
  changeSettings(to: { readonly timezone?: string; readonly language?: string }): Promise<void>;
  /** What the vendor's list of hosts holds from now on. */
  listDomains(list: DomainListName, domains: readonly string[]): void;
  /** Throws RangeError for what cannot be set. Sockets that are open keep their pings. */
  behave(to: Partial<Behaviour>): void;
}

const rightsOf = (rights: Rights): Rights =>
  rights.scopes === undefined && rights.methods === undefined ? { ...rights, scopes: USUAL_SCOPES } : rights;

/** 127.1.3.4 -> 127.2.3.4 -> 127.3.3.4: apart from the addresses that accounts begin with. */
function nextHost(hostname: string): string {
  const [, second = "0", ...rest] = hostname.split(".");
  return ["127", Math.max(2, Number(second) + 1), ...rest].join(".");
}

async function rename(stage: Stage, openAddress: OpenAddress, { host, old }: Renaming): Promise<string> {
  const { world } = stage;
  const { host: before, hostname } = new URL(world.urls.crm);
  const url = await openAddress(host ?? nextHost(hostname));
  world.oldHosts.delete(new URL(url).host);
  if (old !== undefined) world.oldHosts.set(before, old);
  world.urls.crm = url;
  return url;
}

async function changeSettings(stage: Stage, to: { timezone?: string; language?: string }): Promise<void> {
  const { world } = stage;
  if (to.timezone !== undefined) world.timezone = to.timezone;
  if (to.language !== undefined) world.language = to.language;
  const changed = [to.timezone === undefined ? [] : ["timezone"], to.language === undefined ? [] : ["system_language"]];
  await Promise.all([...world.modules.values()].map((module) => callSettings(stage, module, { only: changed.flat() })));
}

function behave({ world }: Stage, to: Partial<Behaviour>): void {
  const unknown = Object.keys(to).find((name) => !Object.hasOwn(usualBehaviour, name) || name === "chatsEnabled");
  if (unknown !== undefined) throw new RangeError(`no behaviour ${unknown} that could be set`);
  world.behaviour = { ...world.behaviour, ...to };
}

export function createAccountHands(stage: Stage, openAddress: OpenAddress): AccountHands {
  const { world } = stage;
  return {
    newKey: (rights = {}) => addKey(world, rightsOf(rights)).key,
    changeKey: (key, to) => changeKey(world, key, to),
    deleteKey: (key) => deleteKey(world, key),
    renameAccount: (how = {}) => rename(stage, openAddress, how),
    changeSettings: (to) => changeSettings(stage, to),
    listDomains(list, domains) {
      if (list !== "crm" && list !== "box") throw new RangeError("the lists are crm and box");
      Object.assign(world.domains, { [list]: [...domains], changedAt: stage.clock.now() });
    },
    behave: (to) => behave(stage, to),
  };
}

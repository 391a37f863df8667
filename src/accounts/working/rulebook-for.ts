import { versionUpon } from "../../rulebook/version.ts";
import type { ConnectionRecord } from "../../store/store.ts";
import type { Books, Rulebook } from "../../types/rule.ts";

/** The part of a connection that says which rules it gets. */
export type Chosen = Pick<ConnectionRecord, "crmUrl" | "language" | "timezone" | "ruleSet">;

/** Which set an account gets. `name` null: the shared rules. `lost`: the set that its owner chose, and that is not there (any
 *  more) or is another account's now. */
export interface SetChoice {
  readonly name: string | null;
  readonly lost: string | null;
}

/** The rulebook of an account: the set that its owner chose, else the one bound to its host, else the shared one, in its own
 *  language and time zone. Copies share the list of rules, so that a thousand of them share its index and its caches. */
export function rulebookFor(record: Chosen, books: Books): Rulebook {
  const { name } = ruleSetOf(record, books);
  const rulebook = (name === null ? undefined : setNamed(name, books)?.rulebook) ?? books.rulebook;
  const language = record.language ?? rulebook.language;
  const timezone = record.timezone ?? rulebook.timezone;
  if (language === rulebook.language && timezone === rulebook.timezone) return rulebook;
  return { ...rulebook, language, timezone, version: versionUpon(rulebook.version, { language, timezone }) };
}

/** Which set that is. A chosen one that the account cannot have gives way to what it would get without a choice. */
export function ruleSetOf({ crmUrl, ruleSet }: Pick<Chosen, "crmUrl" | "ruleSet">, books: Books): SetChoice {
  if (ruleSet !== null && ruleSetsFor({ crmUrl }, books).includes(ruleSet)) return { name: ruleSet, lost: null };
  const bound = Object.entries(books.ruleSets).find(([, { accounts }]) => isAmong(accounts, crmUrl));
  return { name: bound?.[0] ?? null, lost: ruleSet };
}

/** Names of the sets that the owner of an account may choose from, in the order of the file: those that are bound to no account,
 *  and the one that is bound to this one. What other shops' sets say is none of theirs. */
export function ruleSetsFor({ crmUrl }: Pick<Chosen, "crmUrl">, { ruleSets }: Books): readonly string[] {
  const open = Object.entries(ruleSets).filter(
    ([, { accounts }]) => accounts.length === 0 || isAmong(accounts, crmUrl),
  );
  return open.map(([name]) => name);
}

const setNamed = (name: string, { ruleSets }: Books) => (Object.hasOwn(ruleSets, name) ? ruleSets[name] : undefined);

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "https:": "443", "http:": "80" };

/** Is the host of this address named there, with or without its port? */
function isAmong(accounts: readonly string[], crmUrl: string): boolean {
  if (!URL.canParse(crmUrl)) return false;
  const { host, hostname, port, protocol } = new URL(crmUrl);
  return accounts.includes(host) || accounts.includes(`${hostname}:${port || DEFAULT_PORTS[protocol]}`);
}

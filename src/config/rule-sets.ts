import type { WrittenSet } from "../rulebook/sets.ts";
import type { Issue } from "../types/issue.ts";
import { isObject, type JsonObject } from "../types/json.ts";
import type { Path, Source } from "../types/source.ts";
import { toIssue } from "./faults/issue.ts";
import { accountTwice } from "./faults/set-faults.ts";
import type { GatheredSet, ReadFile } from "./loaded.ts";
import type { ParsedFile } from "./parse.ts";
import { withoutBroken } from "./prune.ts";

/** An entry of `rule_sets:`, however sound. */
export interface RawSet {
  readonly name: string;
  readonly raw: JsonObject;
}

/** Where a set stands in the root file. */
export const pathOfSet = (name: string): Path => ["rule_sets", name];

/** The rule sets of the root file, in its order. */
export function rawSets({ parsed }: ReadFile): readonly RawSet[] {
  const sets = parsed.source?.value.rule_sets;
  if (!isObject(sets)) return [];
  return Object.entries(sets).map(([name, raw]) => ({ name, raw: isObject(raw) ? raw : {} }));
}

/** Has it rules of its own, though they may be unreadable? */
export const hasOwnRules = ({ raw }: RawSet): boolean => Object.hasOwn(raw, "include");

/** The hosts of a set, as the addresses of connections have them. */
export const accountsOf = ({ raw }: RawSet): readonly string[] =>
  (Array.isArray(raw.accounts) ? raw.accounts : [])
    .filter((host) => typeof host === "string")
    .map((host) => host.toLowerCase());

/** Every set with what is sound of it, for compiling. */
export function writtenSets(
  root: ReadFile,
  sets: readonly GatheredSet[],
  broken: ParsedFile["broken"],
): readonly WrittenSet[] {
  const { source } = root.parsed;
  if (source === null) return [];
  return sets.map(({ name, files }) => ({
    name,
    section: sectionOf(source, name, broken),
    files:
      files?.flatMap(({ parsed }) => (parsed.source === null ? [] : [withoutBroken(parsed.source, parsed.broken)])) ??
      null,
  }));
}

/** Its `texts:`, `hours:` and `teams:` as a file of their own; places stay those of the root file. */
function sectionOf(root: Source, name: string, broken: ParsedFile["broken"]): Source {
  const under = pathOfSet(name);
  const sets = root.value.rule_sets;
  const raw = isObject(sets) ? sets[name] : null;
  const { accounts, include, ...value } = isObject(raw) ? raw : {};
  const inside = broken.filter((path) => under.every((step, index) => path[index] === step));
  const section: Source = {
    file: root.file,
    value,
    locate: (path, part) => root.locate([...under, ...path], part),
  };
  return withoutBroken(
    section,
    inside.map((path) => path.slice(under.length)),
  );
}

/** Accounts that two sets claim: nobody could tell which one counts. */
export function claimIssues(root: ReadFile): readonly Issue[] {
  const { source } = root.parsed;
  const owners = new Map<string, string>();
  const issues: Issue[] = [];
  for (const set of source === null ? [] : rawSets(root)) {
    for (const [index, host] of accountsOf(set).entries()) {
      const owner = owners.get(host) ?? set.name;
      owners.set(host, owner);
      const at = source?.locate([...pathOfSet(set.name), "accounts", index]);
      if (owner !== set.name && at !== undefined) issues.push(toIssue("fault", at, accountTwice(host, owner)));
    }
  }
  return issues;
}

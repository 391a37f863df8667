import { rulebookFor, ruleSetOf } from "../accounts/working/rulebook-for.ts";
import type { Books, Rulebook } from "../types/rule.ts";
import type { Settings } from "../types/settings.ts";

/** A rulebook and the set it is of; `name` null: the shared rules. */
export interface NamedRules {
  readonly name: string | null;
  readonly rulebook: Rulebook;
}

/** The rules that the file's own account gets; the shared ones where there is none. */
export function ownRules({ crm }: Settings, books: Books): NamedRules {
  const own = { crmUrl: crm?.url ?? "", ruleSet: null, language: null, timezone: null };
  return { name: ruleSetOf(own, books).name, rulebook: rulebookFor(own, books) };
}

/** The rules of the set of that name; null: there is no such set. */
export function rulesOfSet(name: string, { ruleSets }: Books): NamedRules | null {
  const set = Object.hasOwn(ruleSets, name) ? ruleSets[name] : undefined;
  return set === undefined ? null : { name, rulebook: set.rulebook };
}

import { didYouMean } from "../../language/fault.ts";
import { type AccountNames, nearestName, type UsedName, unknownNames } from "../../rulebook/account-names.ts";
import type { Issue, Sentence } from "../../types/issue.ts";
import type { Rulebook } from "../../types/rule.ts";

/** Names of people, teams, groups, bots and channels that the account does not have, as warnings. `complete` false: only the
 *  CRM's own users are known, so bots and channels are not looked at. */
export function nameWarnings(
  rulebook: Rulebook,
  account: AccountNames & { readonly complete: boolean },
): readonly Issue[] {
  const unknown = unknownNames(rulebook, account).filter(({ kind }) => account.complete || kind !== "person or bot");
  return unknown.map((used) => warning(used, nearestName(used, rulebook, account)));
}

const CAUSES: Readonly<Record<UsedName["kind"], (name: string) => Sentence>> = {
  person: (name) => ({
    en: `The account has no person "${name}".`,
    es: `La cuenta no tiene a nadie llamado "${name}".`,
    ru: `В аккаунте нет сотрудника "${name}".`,
  }),
  "person or bot": (name) => ({
    en: `The account has no person or bot "${name}".`,
    es: `La cuenta no tiene ninguna persona ni bot "${name}".`,
    ru: `В аккаунте нет сотрудника или бота "${name}".`,
  }),
  "team or person": (name) => ({
    en: `There is no team "${name}", and no person of that name in the account.`,
    es: `No hay ningún equipo "${name}", ni nadie con ese nombre en la cuenta.`,
    ru: `Нет ни команды "${name}", ни сотрудника с таким именем в аккаунте.`,
  }),
  group: (name) => ({
    en: `Nobody in the account is in the group "${name}".`,
    es: `Nadie en la cuenta está en el grupo "${name}".`,
    ru: `В аккаунте никого нет в группе "${name}".`,
  }),
  channel: (name) => ({
    en: `The account has no channel "${name}".`,
    es: `La cuenta no tiene ningún canal "${name}".`,
    ru: `В аккаунте нет канала "${name}".`,
  }),
};

function warning({ name, kind, place }: UsedName, near: string | null): Issue {
  return {
    severity: "warning",
    code: `unknown-${kind.replaceAll(" ", "-")}`,
    place,
    length: 1,
    cause: CAUSES[kind](name),
    fix: didYouMean(near),
  };
}

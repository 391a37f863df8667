import { findBot, findPerson } from "../actions/people.ts";
import { didYouMean } from "../language/fault.ts";
import { findByName, sameName, suggest } from "../language/names.ts";
import type { Issue, Place, Sentence } from "../types/issue.ts";
import type { Json } from "../types/json.ts";
import type { Rule, Rulebook, Step } from "../types/rule.ts";
import type { AccountNames } from "./ask-account.ts";

/** A name the rules use, and what it has to be in the account. */
interface Used {
  readonly name: string;
  readonly kind: "person" | "person or bot" | "group" | "channel";
  readonly place: Place;
}

/** Names of people, groups, bots and channels that the account does not have, as warnings: they may come to be, and at run
 *  time only the action that needs one fails (spec 4.1 "People"). */
export function unknownNames(rulebook: Rulebook, account: AccountNames): readonly Issue[] {
  const used = [
    ...teamNames(rulebook),
    ...rulebook.rules.flatMap((rule) => [...assignedNames(rule.do), ...channelNames(rule)]),
  ];
  return used.filter((one) => isChecked(one, account) && !isKnown(one, account)).map((one) => warning(one, account));
}

function teamNames({ teams }: Rulebook): readonly Used[] {
  return Object.values(teams).flatMap(({ people, crmGroup, place }) => [
    ...people.map((name): Used => ({ name, kind: "person", place })),
    ...(crmGroup === null ? [] : [{ name: crmGroup, kind: "group", place } as const]),
  ]);
}

/** Names of single people and bots that `assign` gives a dialog to. */
export function assignedNames(steps: readonly Step[]): readonly Used[] {
  return steps.flatMap(({ action, args, branches, place }) => {
    const inner = Object.values(branches).flatMap(assignedNames);
    const { to, team } = (action === "assign" ? args : {}) as { to?: string; team?: string | null };
    return to === undefined || team !== null ? inner : [{ name: to, kind: "person or bot" as const, place }, ...inner];
  });
}

/** Channels stand in conditions as `{one_of_names: [[{var: channel.name}, ..], names]}`. */
function channelNames({ parts, place }: Rule): readonly Used[] {
  return parts
    .flatMap(({ logic }) => namesComparedWith("channel.name", logic))
    .map((name) => ({ name, kind: "channel", place }));
}

function namesComparedWith(path: string, logic: Json): readonly string[] {
  if (Array.isArray(logic)) return logic.flatMap((inner) => namesComparedWith(path, inner));
  if (typeof logic !== "object" || logic === null) return [];
  return Object.entries(logic).flatMap(([operator, operands]) => {
    const [left, names] = operator === "one_of_names" && Array.isArray(operands) ? operands : [];
    if (left === undefined || !JSON.stringify(left).includes(`"${path}"`)) return namesComparedWith(path, operands);
    return Array.isArray(names) ? names.map(String) : [];
  });
}

/** Without the gateway's lists only the CRM's own users are known: silence is better than false alarms. */
const isChecked = ({ kind }: Used, { complete }: AccountNames) => complete || kind === "person" || kind === "group";

function isKnown({ name, kind }: Used, { people, bots, channels }: AccountNames): boolean {
  if (kind === "group") return people.some(({ groups }) => groups.some((group) => sameName(group, name)));
  if (kind === "channel")
    return (
      channels.some(({ id }) => String(id) === name) ||
      findByName(channels, name, (one) => one.name ?? "") !== undefined
    );
  return findPerson(people, name) !== null || (kind === "person or bot" && findBot(bots, name) !== null);
}

function candidates(kind: Used["kind"], { people, bots, channels }: AccountNames): readonly string[] {
  if (kind === "group") return [...new Set(people.flatMap(({ groups }) => groups))];
  if (kind === "channel") return channels.map(({ name }) => name).filter((name) => name !== null);
  const emails = people.map(({ email }) => email).filter((email) => email !== null);
  return [...people.map(({ name }) => name), ...emails, ...(kind === "person" ? [] : bots.map(({ name }) => name))];
}

const CAUSES: Readonly<Record<Used["kind"], (name: string) => Sentence>> = {
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

function warning({ name, kind, place }: Used, account: AccountNames): Issue {
  return {
    severity: "warning",
    code: `unknown-${kind.replaceAll(" ", "-")}`,
    place,
    length: 1,
    cause: CAUSES[kind](name),
    fix: didYouMean(suggest(name, candidates(kind, account))),
  };
}

import { findBot, findPerson } from "../actions/people.ts";
import { sameName, suggest } from "../language/names.ts";
import type { Place } from "../types/issue.ts";
import { isObject, type Json, type Logic } from "../types/json.ts";
import type { Rule, Rulebook, Step } from "../types/rule.ts";
import type { Bot, Channel, Person } from "../types/state.ts";
import { everyStep } from "./steps.ts";

/** A name that the rules use, what it has to be in the account, and where it stands. */
export interface UsedName {
  readonly name: string;
  readonly kind: "person" | "person or bot" | "team or person" | "group" | "channel";
  readonly place: Place;
}

/** Whom and what an account has. An empty list of people or channels: they are not known. */
export interface AccountNames {
  readonly people: readonly Person[];
  /** Other bots, and our own. */
  readonly bots: readonly Bot[];
  readonly channels: readonly Channel[];
}

/** Names of the rules that the account does not have, each once a place, in file order. They may come to be, and at run time only
 *  the action that needs one fails (spec 4.1 "People"). What nobody can know is not complained of: without the right to read
 *  users no e-mails and no groups are known. */
export function unknownNames(rulebook: Rulebook, account: AccountNames): readonly UsedName[] {
  const judged = new Map<string, boolean>();
  return namesUsed(rulebook).filter((used) => {
    const key = `${used.kind}\n${used.name}`;
    const isUnknown = judged.get(key) ?? (isKnowable(used, account) && !isKnown(used, rulebook, account));
    judged.set(key, isUnknown);
    return isUnknown;
  });
}

/** Every name of a rulebook, each once a place. */
const namesUsed = (rulebook: Rulebook): readonly UsedName[] =>
  oncePerPlace([...teamNames(rulebook), ...namesInRules(rulebook)]);

/** By the list of rules: many rulebooks share one and differ in their teams. */
const used = new WeakMap<Rulebook["rules"], readonly UsedName[]>();

/** A flow's actions stand in each rule that runs it, but in one place. */
function namesInRules({ rules }: Rulebook): readonly UsedName[] {
  const known = used.get(rules);
  if (known !== undefined) return known;
  const names = oncePerPlace(rules.flatMap((rule) => [...assignedNames(rule.do), ...comparedNames(rule)]));
  used.set(rules, names);
  return names;
}

const oncePerPlace = (names: readonly UsedName[]): readonly UsedName[] => [
  ...new Map(names.map((name) => [keyOf(name), name])).values(),
];

const keyOf = ({ name, kind, place: { file, line, column } }: UsedName) =>
  JSON.stringify([file, line, column, kind, name]);

function teamNames({ teams }: Rulebook): readonly UsedName[] {
  return Object.values(teams).flatMap(({ people, crmGroup, place }) => [
    ...people.map((name): UsedName => ({ name, kind: "person", place })),
    ...(crmGroup === null ? [] : [{ name: crmGroup, kind: "group", place } as const]),
  ]);
}

/** Names of single people and bots that `assign` gives a dialog to. */
export function assignedNames(steps: readonly Step[]): readonly UsedName[] {
  return everyStep(steps).flatMap(({ action, args, place }) => {
    const { to, team } = (action === "assign" ? args : {}) as { to?: string; team?: string | null };
    return to === undefined || team !== null ? [] : [{ name: to, kind: "person or bot" as const, place }];
  });
}

/** Names that conditions compare managers and channels with, those of actions included. */
function comparedNames(rule: Rule): readonly UsedName[] {
  return conditionsIn(rule).flatMap(({ logic, place }) => [
    ...namesComparedWith("channel.name", logic).map((name): UsedName => ({ name, kind: "channel", place })),
    ...namesComparedWith("manager.name", logic).map((name): UsedName => ({ name, kind: "team or person", place })),
  ]);
}

interface Placed {
  readonly logic: Logic;
  readonly place: Place;
}

/** Every condition of a rule and of its actions, each with where it stands. */
export function conditionsIn(rule: Rule): readonly Placed[] {
  const parts = rule.parts.map(({ logic }) => ({ logic, place: rule.place }));
  return [...parts, ...everyStep(rule.do).flatMap(conditionsOf)];
}

/** The action's own `if:`, and those of the ways of `choose:`. */
function conditionsOf({ if: own, args, place }: Step): readonly Placed[] {
  const { conditions } = isObject(args) ? args : {};
  const ways = Array.isArray(conditions) ? conditions : [];
  return [own, ...ways].filter((logic) => logic !== null).map((logic) => ({ logic, place }));
}

/** Operators that compare a value with others as a whole. */
const COMPARING = new Set(["one_of_names", "same", "==", "===", "!=", "!==", "in"]);

/** The texts that an expression compares the value at a path with. */
export function namesComparedWith(path: string, logic: Json): readonly string[] {
  if (Array.isArray(logic)) return logic.flatMap((inner) => namesComparedWith(path, inner));
  if (!isObject(logic)) return [];
  return Object.entries(logic).flatMap(([operator, operands]) => {
    const sides = COMPARING.has(operator) && Array.isArray(operands) ? operands : [];
    if (!sides.some((side) => readsPath(path, side))) return namesComparedWith(path, operands);
    return sides.flat().filter((side): side is string => typeof side === "string");
  });
}

/** Is it the value at this path, or a list of values with it? */
function readsPath(path: string, side: Json): boolean {
  if (Array.isArray(side)) return side.some((one) => readsPath(path, one));
  if (!isObject(side)) return false;
  const read = Array.isArray(side.var) ? side.var[0] : side.var;
  return read === path || read === `previous.${path}`;
}

function isKnowable({ name, kind }: UsedName, { people, channels }: AccountNames): boolean {
  if (kind === "channel") return channels.length > 0;
  const isOfCrm = kind === "group" || name.includes("@");
  return people.some(({ email, groups }) => !isOfCrm || email !== null || groups.length > 0);
}

function isKnown({ name, kind }: UsedName, { teams }: Rulebook, { people, bots, channels }: AccountNames): boolean {
  switch (kind) {
    case "group":
      return people.some(({ groups }) => groups.some((group) => sameName(group, name)));
    case "channel":
      return channels.some(({ id, name: own }) => String(id) === name || (own !== null && sameName(own, name)));
    case "team or person":
      return Object.keys(teams).some((team) => sameName(team, name)) || people.some((one) => sameName(one.name, name));
    case "person or bot":
      return findPerson(people, name) !== null || findBot(bots, name) !== null;
    case "person":
      return findPerson(people, name) !== null;
  }
}

/** The name of the account that was most probably meant, or null. Conditions compare names, so an e-mail means its owner. */
export function nearestName(
  used: UsedName,
  { teams }: Rulebook,
  { people, bots, channels }: AccountNames,
): string | null {
  const names = people.map(({ name }) => name);
  const emails = people.map(({ email }) => email).filter((email) => email !== null);
  switch (used.kind) {
    case "group":
      return suggest(used.name, [...new Set(people.flatMap(({ groups }) => groups))]);
    case "channel":
      return suggest(
        used.name,
        channels.map(({ name }) => name).filter((name) => name !== null),
      );
    case "team or person":
      return findPerson(people, used.name)?.name ?? suggest(used.name, [...Object.keys(teams), ...names]);
    case "person or bot":
      return suggest(used.name, [...names, ...emails, ...bots.map(({ name }) => name)]);
    case "person":
      return suggest(used.name, [...names, ...emails]);
  }
}

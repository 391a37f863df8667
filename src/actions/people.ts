import { findByName, nameKey } from "../language/names.ts";
import type { Team } from "../types/rule.ts";
import type { Bot, Directory, Person } from "../types/state.ts";

/** May this person get a dialog now? Spec 4.1 "People". `maxOpen` null: no limit. */
export function canTake(person: Person, directory: Directory, maxOpen: number | null): boolean {
  const open = directory.openDialogs[person.id] ?? 0;
  return (
    person.active && person.online && person.available && !person.technical && (maxOpen === null || open < maxOpen)
  );
}

/** An account's people by what a file may call them, groups included; of several of one name the one of the lowest id,
 *  whatever the order of the list. */
interface Register {
  readonly byId: ReadonlyMap<string, Person>;
  readonly byEmail: ReadonlyMap<string, Person>;
  readonly byName: ReadonlyMap<string, Person>;
  /** By name as `nameKey` has it. */
  readonly byLikeName: ReadonlyMap<string, Person>;
  readonly byGroup: ReadonlyMap<string, readonly Person[]>;
}

const registers = new WeakMap<readonly Person[], Register>();

/** Made once for each list of people: teams are looked up at every assignment. */
function registerOf(people: readonly Person[]): Register {
  const known = registers.get(people);
  if (known !== undefined) return known;
  // Of several entries of one key the last stays: the lowest id comes last.
  const backwards = people.toSorted((left, right) => right.id - left.id);
  const register: Register = {
    byId: new Map(backwards.map((person) => [String(person.id), person])),
    byEmail: new Map(backwards.flatMap((person) => (person.email === null ? [] : [[nameKey(person.email), person]]))),
    byName: new Map(backwards.map((person) => [person.name, person])),
    byLikeName: new Map(backwards.map((person) => [nameKey(person.name), person])),
    byGroup: groupsOf(backwards.toReversed()),
  };
  registers.set(people, register);
  return register;
}

function groupsOf(people: readonly Person[]): Register["byGroup"] {
  const groups = new Map<string, Person[]>();
  for (const person of people) {
    for (const code of new Set(person.groups.map(nameKey))) {
      const members = groups.get(code) ?? [];
      members.push(person);
      groups.set(code, members);
    }
  }
  return groups;
}

/** The person a rule means: by id, by e-mail, by name, in this order. */
export function findPerson(people: readonly Person[], name: string): Person | null {
  const { byId, byEmail, byName, byLikeName } = registerOf(people);
  const key = nameKey(name);
  return byId.get(name) ?? byEmail.get(key) ?? byName.get(name) ?? byLikeName.get(key) ?? null;
}

export function findBot(bots: readonly Bot[], name: string): Bot | null {
  return findByName(bots, name, (bot) => bot.name) ?? null;
}

/** A team's people in the file's order, then those of its CRM group; each once. */
export function membersOf(team: Team, people: readonly Person[]): readonly Person[] {
  const named = team.people.map((name) => findPerson(people, name)).filter((person) => person !== null);
  const grouped = team.crmGroup === null ? [] : (registerOf(people).byGroup.get(nameKey(team.crmGroup)) ?? []);
  return [...new Set([...named, ...grouped])];
}

import { findByName, sameName } from "../language/names.ts";
import type { Team } from "../types/rule.ts";
import type { Bot, Directory, Person } from "../types/state.ts";

/** May this person get a dialog now? Spec 4.1 "People". `maxOpen` null: no limit. */
export function canTake(person: Person, directory: Directory, maxOpen: number | null): boolean {
  const open = directory.openDialogs[person.id] ?? 0;
  return (
    person.active && person.online && person.available && !person.technical && (maxOpen === null || open < maxOpen)
  );
}

/** The person a rule means: by id, by e-mail, by name, in this order. */
export function findPerson(people: readonly Person[], name: string): Person | null {
  const byId = people.find((person) => String(person.id) === name);
  const byEmail = people.find((person) => person.email !== null && sameName(person.email, name));
  return byId ?? byEmail ?? findByName(people, name, (person) => person.name) ?? null;
}

export function findBot(bots: readonly Bot[], name: string): Bot | null {
  return findByName(bots, name, (bot) => bot.name) ?? null;
}

/** A team's people in the file's order, then those of its CRM group; each once. */
export function membersOf(team: Team, people: readonly Person[]): readonly Person[] {
  const named = team.people.map((name) => findPerson(people, name)).filter((person) => person !== null);
  const group = team.crmGroup;
  const grouped = group === null ? [] : people.filter((person) => person.groups.some((code) => sameName(code, group)));
  return [...new Set([...named, ...grouped])];
}

import type { Team } from "../types/rule.ts";
import type { Chat, Directory, Person, Pick, Rotation } from "../types/state.ts";
import { canTake, membersOf } from "./people.ts";

/** For whom somebody is picked, and among whom. */
export interface PickInput {
  readonly team: Team;
  readonly pick: Pick;
  readonly directory: Directory;
  readonly dialog: { readonly id: number };
  readonly chat: Chat | null;
}

/** The person of the team who takes this dialog now; null: nobody can, or whoever could is owed to a dialog that waits
 *  longer. Spec 4.1 "People". */
export function pickPerson(input: PickInput): Person | null {
  const { team, directory, dialog } = input;
  const free = freeOf(team, directory);
  return placesOf(free, team, directory) <= waitingBefore(dialog, team.name, directory) ? null : choose(free, input);
}

/** How many dialogs the team can take now: none, some, or any number. */
export function placesIn(team: Team, directory: Directory): number {
  return placesOf(freeOf(team, directory), team, directory);
}

function freeOf(team: Team, directory: Directory): readonly Person[] {
  return membersOf(team, directory.people).filter((person) => canTake(person, directory, team.maxOpen));
}

function placesOf(free: readonly Person[], { maxOpen }: Team, directory: Directory): number {
  return free.reduce((sum, person) => sum + placesWith(person, directory, maxOpen), 0);
}

/** How many more dialogs this person can take. */
function placesWith({ id }: Person, { openDialogs }: Directory, maxOpen: number | null): number {
  return maxOpen === null ? Number.POSITIVE_INFINITY : Math.max(0, maxOpen - (openDialogs[id] ?? 0));
}

/** How many dialogs are served before this one: all that wait for the team, up to its own place. */
function waitingBefore(dialog: PickInput["dialog"], team: string, { queue }: Directory): number {
  const line = queue.filter((queued) => queued.team === team);
  const own = line.findIndex(({ dialogId }) => dialogId === dialog.id);
  return own === -1 ? line.length : own;
}

function choose(free: readonly Person[], { pick, team, directory, chat }: PickInput): Person | null {
  const inTurn = byTurn(free, directory.rotation[team.name] ?? []);
  if (pick === "first") return free[0] ?? null;
  if (pick === "last_manager") return free.find(({ id }) => id === chat?.lastManagerId) ?? inTurn[0] ?? null;
  if (pick === "round_robin") return inTurn[0] ?? null;
  const open = ({ id }: Person) => directory.openDialogs[id] ?? 0;
  return inTurn.toSorted((left, right) => open(left) - open(right))[0] ?? null;
}

/** Whoever was never picked comes first, then whoever was picked longest ago. */
function byTurn(free: readonly Person[], picked: readonly number[]): readonly Person[] {
  return free.toSorted((left, right) => picked.indexOf(left.id) - picked.indexOf(right.id));
}

/** The turns after this pick. People who are gone are forgotten. */
export function afterPick({ people, rotation }: Directory, team: string, personId: number): Rotation {
  const known = new Set(people.map(({ id }) => id));
  const others = (rotation[team] ?? []).filter((id) => id !== personId && known.has(id));
  return { ...rotation, [team]: [...others, personId] };
}

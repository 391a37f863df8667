import type { Log } from "../../log.ts";
import { nearestName, type UsedName, unknownNames } from "../../rulebook/account-names.ts";
import type { Place } from "../../types/issue.ts";
import type { JsonObject } from "../../types/json.ts";
import type { Rulebook } from "../../types/rule.ts";
import type { Directory, Person } from "../../types/state.ts";

/** Judges the names in the rules against the account, again and again: people, groups and channels come and go. */
export interface NameWatch {
  /** The rules or the account may have changed. Cheap when neither has. */
  look(): void;
  /** Names that the account does not have, as plain data for `/status`. */
  unknown(): readonly JsonObject[];
}

export interface NameWatchOptions {
  readonly directory: { current(): Directory };
  readonly rulebook: () => Rulebook;
  readonly log: Pick<Log, "warn" | "info">;
}

/** Says each change once: names that are unknown now, and those that have been found. */
export function createNameWatch({ directory, rulebook, log }: NameWatchOptions): NameWatch {
  let judged: { readonly rules: Rulebook; readonly account: Directory } | null = null;
  let unknown: ReadonlyMap<string, UsedName> = new Map();

  const judge = (rules: Rulebook, { people, otherBots, channels, bot }: Directory) => {
    const account = { people, channels, bots: [...otherBots, bot] };
    const before = unknown;
    unknown = new Map(unknownNames(rules, account).map((used) => [keyOf(used), used]));
    for (const [key, used] of unknown) {
      const near = nearestName(used, rules, account);
      if (!before.has(key))
        log.warn({ ...told(used), suggestion: near }, "the rules use a name that the account does not have");
    }
    for (const [key, used] of before) {
      if (!unknown.has(key)) log.info(told(used), "a name in the rules is no longer unknown");
    }
  };
  return {
    look() {
      const rules = rulebook();
      const account = directory.current();
      // Before the lists were read nothing is known of the account at all.
      if (account.bot.id === 0) return;
      if (judged !== null && judged.rules === rules && sameNames(judged.account, account)) return;
      judged = { rules, account };
      judge(rules, account);
    },
    unknown: () => [...unknown.values()].map(told),
  };
}

/** Presence changes all day long, names hardly ever. */
function sameNames(before: Directory, after: Directory): boolean {
  if (before.otherBots !== after.otherBots || before.channels !== after.channels) return false;
  if (before.people === after.people) return true;
  const known = new Map(before.people.map((person) => [person.id, person]));
  const isSame = (person: Person) => {
    const then = known.get(person.id);
    return then?.name === person.name && then.email === person.email && then.groups.join() === person.groups.join();
  };
  return before.people.length === after.people.length && after.people.every(isSame);
}

/** A name is unknown once, wherever the file is edited around it. */
const keyOf = ({ kind, name }: UsedName) => `${kind}\n${name}`;

const told = ({ kind, name, place }: UsedName) => ({ kind, name, at: atPlace(place) });

const atPlace = ({ file, line }: Place) => `${file}:${line}`;

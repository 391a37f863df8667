import type { RawExpectation } from "../../generated/tests.ts";
import { sameName } from "../../language/names.ts";
import { personName } from "../../sandbox/world/actors.ts";
import type { Json } from "../../types/json.ts";
import type { Check, Mismatch, Seen } from "../seen.ts";
import { quoted, same, words, wrong } from "../sentences.ts";
import type { Standing } from "../witness.ts";

type Wanted<Key extends keyof RawExpectation> = NonNullable<RawExpectation[Key]>;

/** Names under which the one who has the dialog may be meant; none: nobody has it, or this bot. */
function holders({ account, standing }: Seen): readonly string[] {
  const { world } = account.stage;
  const charge = standing.shown?.responsible ?? null;
  if (charge === null || (charge.type === "bot" && charge.id === account.bot().id)) return [];
  if (charge.type === "bot") return [world.bots.get(charge.id)?.name ?? ""];
  const person = world.people.get(charge.id);
  return person === undefined ? [] : [personName(person), person.email];
}

/** `assigned`: a name; `yes`: somebody; `no`: nobody. */
export const assigned: Check<Wanted<"assigned">> = (wanted, seen) => {
  const names = holders(seen);
  const isMet =
    typeof wanted === "boolean" ? names.length > 0 === wanted : names.some((name) => sameName(name, String(wanted)));
  if (isMet) return [];
  const meant = typeof wanted === "string" ? same(wanted) : wanted ? words.somebody : words.nobody;
  return [{ path: ["assigned"], cause: wrong.assigned(meant, names[0] === undefined ? words.nobody : same(names[0])) }];
};

export const assignedTeam: Check<Wanted<"assigned_team">> = (wanted, { standing }) => {
  const team = standing.dialog?.team ?? null;
  if (team !== null && sameName(team, wanted)) return [];
  return [{ path: ["assigned_team"], cause: wrong.team(wanted, team === null ? words.none : same(`"${team}"`)) }];
};

/** `tagged`: all of these; an empty list: none at all. */
export const tagged: Check<Wanted<"tagged">> = (wanted, { standing }) => {
  const tags = (standing.shown?.tags ?? []).map(({ name }) => name);
  const names = [wanted].flat();
  const isMet = names.length === 0 ? tags.length === 0 : names.every((name) => tags.includes(name));
  return isMet ? [] : [{ path: ["tagged"], cause: wrong.tagged(quoted(names), quoted(tags)) }];
};

export const closed: Check<boolean> = (wanted, { standing }) => {
  const isClosed = standing.shown !== null && standing.shown.closedAt !== null;
  return isClosed === wanted ? [] : [{ path: ["closed"], cause: wanted ? wrong.open : wrong.closed }];
};

/** `set`: what is remembered under these names; null: nothing. */
export const set: Check<Wanted<"set">> = (wanted, { standing }) =>
  Object.entries(wanted).flatMap(([name, value]): readonly Mismatch[] => {
    const kept = remembered(standing, name);
    const cause = wrong.set(name, JSON.stringify(value), JSON.stringify(kept));
    return JSON.stringify(kept) === JSON.stringify(value) ? [] : [{ path: ["set", name], cause }];
  });

function remembered(standing: Standing, path: string): Json {
  const [owner, name = ""] = path.split(".");
  const document = owner === "dialog" || owner === "customer" || owner === "chat" ? standing[owner] : null;
  return document?.variables[name] ?? null;
}

/** `no_actions`: no request was made, and nothing is remembered that was not before. */
export const noActions: Check<true> = (_, { happened, standing, before }) => {
  const isQuiet = happened.sent.length === 0 && JSON.stringify(kept(standing)) === JSON.stringify(kept(before));
  return isQuiet ? [] : [{ path: ["no_actions"], cause: wrong.acted }];
};

const kept = ({ chat, dialog, customer }: Standing) =>
  [chat, dialog, customer].map((document) => document?.variables ?? {});

import { closesAt, isOpen, nextOpen } from "../language/hours/hours.ts";
import type { Hours } from "../types/hours.ts";
import type { JsonObject } from "../types/json.ts";
import type { Rulebook } from "../types/rule.ts";
import type { Directory } from "../types/state.ts";

/** The hours of that name; `crm` ones are the account's. Null: none are known. */
export function hoursNamed(
  name: string,
  rulebook: Pick<Rulebook, "hours">,
  directory: Pick<Directory, "crmHours">,
): Hours | null {
  const declared = rulebook.hours[name] ?? null;
  return declared === "crm" ? directory.crmHours : declared;
}

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());

/** `hours.<name>`: whether it is open now, when it opens next and when it closes (ISO moments; null: never, or closed). */
export function hoursView(
  rulebook: Pick<Rulebook, "hours" | "timezone">,
  directory: Pick<Directory, "crmHours">,
  now: number,
): JsonObject {
  const names = Object.keys(rulebook.hours);
  return Object.fromEntries(
    names.map((name) => [name, viewOf(hoursNamed(name, rulebook, directory), rulebook.timezone, now)]),
  );
}

function viewOf(hours: Hours | null, zone: string, now: number): JsonObject {
  if (hours === null) return { open: null, next_open: null, closes_at: null };
  return {
    open: isOpen(hours, zone, now),
    next_open: iso(nextOpen(hours, zone, now)),
    closes_at: iso(closesAt(hours, zone, now)),
  };
}

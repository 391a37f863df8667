import { findByName } from "../language/names.ts";
import { isObject } from "../types/json.ts";
import type { Team } from "../types/rule.ts";
import type { Source } from "../types/source.ts";
import { duplicateTeam, emptyTeam } from "./faults.ts";
import { recordOf, textOf, textsOf } from "./raw.ts";
import { find, keyOf, type Report } from "./report.ts";
import { lineName } from "./words-for.ts";

/** The teams of all files by name. Two of one name, and one without anybody, are faults. */
export function compileTeams(sources: readonly Source[], report: Report): Readonly<Record<string, Team>> {
  const teams = new Map<string, Team>();
  for (const source of sources) {
    for (const [name, raw] of Object.entries(recordOf(source.value.teams))) {
      const spot = keyOf({ source, path: ["teams", name] });
      const team = compileTeam(name, raw, find(spot).place);
      const twin = findByName([...teams.values()], name, (known) => known.name);
      if (twin) report.fault(spot, duplicateTeam(name, lineName(twin.place)));
      else teams.set(name, team);
      if (team.people.length === 0 && team.crmGroup === null) report.fault(spot, emptyTeam(name));
    }
  }
  return Object.fromEntries(teams);
}

function compileTeam(name: string, raw: unknown, place: Team["place"]): Team {
  const fields = isObject(raw) ? raw : {};
  return {
    name,
    people: textsOf(fields.people).filter((person) => person.trim() !== ""),
    crmGroup: textOf(fields.crm_group),
    maxOpen: typeof fields.max_open === "number" ? fields.max_open : null,
    place,
  };
}

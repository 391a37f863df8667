import { findByName, suggest } from "../language/names.ts";
import type { Rulebook } from "../types/rule.ts";
import type { Source } from "../types/source.ts";
import { compileHours } from "./hours.ts";
import { lintLanguages } from "./lints/languages.ts";
import type { LintInput } from "./lints/lint.ts";
import { lintUnusedTexts } from "./lints/unused.ts";
import { compileOwnTexts } from "./own-texts.ts";
import { compilePart, type Part } from "./part.ts";
import { keyOf, type Report } from "./report.ts";
import { noSuchHours, noSuchTeam } from "./set-faults.ts";
import { compileTeams } from "./teams.ts";

/** One entry of `rule_sets:` as written. */
export interface WrittenSet {
  readonly name: string;
  /** Its own `texts:`, `hours:` and `teams:`, as if they stood on top of a file. */
  readonly section: Source;
  /** Files with rules and flows instead of the shared ones, in the order in which they are tried; null: it shares those. */
  readonly files: readonly Source[] | null;
}

/** Has the set no rules of its own? */
export const isSharing = ({ files }: WrittenSet): boolean => files === null;

/** What a set is compiled upon. */
export interface SetInput {
  readonly main: Part;
  /** IANA zone. */
  readonly timezone: string;
  readonly report: Report;
}

/** A set's own rules with what the shared files declare, or the shared rules with some of their names meaning something else. */
export function compileSet({ section, files }: WrittenSet, { main, timezone, report }: SetInput): Part {
  if (files === null) return compileSharing(section, main, report);
  const { commands } = main.shared.book;
  return compilePart({ sources: [section, ...files], commands, timezone, base: main }, report);
}

/** The rules are compiled already: they only know hours and teams by name. */
function compileSharing(section: Source, main: Part, report: Report): Part {
  const { book } = main.shared;
  const hours = { ...book.hours, ...ownHours(section, book.hours, report) };
  const teams = { ...book.teams, ...ownTeams(section, book.teams, report) };
  const shared = { ...main.shared, book: { ...book, hours, teams } };
  const texts = { ...main.texts, ...compileOwnTexts([section], shared) };
  return { sources: [section], written: [], compiled: [], shared, texts };
}

function ownHours(section: Source, shared: Rulebook["hours"], report: Report): Rulebook["hours"] {
  const own = compileHours([section], report);
  for (const name of Object.keys(own)) {
    if (Object.hasOwn(shared, name)) continue;
    const near = suggest(name, Object.keys(shared));
    report.fault(keyOf({ source: section, path: ["hours", name] }), noSuchHours(name, near));
  }
  return own;
}

/** Under the names by which the shared rules know them. */
function ownTeams(section: Source, shared: Rulebook["teams"], report: Report): Rulebook["teams"] {
  const own = compileTeams([section], report);
  const named = Object.values(own).map((team) => {
    const known = findByName(Object.keys(shared), team.name, (name) => name);
    const near = suggest(team.name, Object.keys(shared));
    if (known === undefined)
      report.fault(keyOf({ source: section, path: ["teams", team.name] }), noSuchTeam(team.name, near));
    return [known ?? team.name, { ...team, name: known ?? team.name }] as const;
  });
  return Object.fromEntries(named);
}

/** Warnings about a set that shares its rules: they have been looked at. */
export function lintSharing(input: LintInput, report: Report): void {
  lintUnusedTexts(input, report);
  lintLanguages({ ...input, flows: [] }, report);
}

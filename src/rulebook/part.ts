import { sameName } from "../language/names.ts";
import { isObject } from "../types/json.ts";
import type { Rulebook, Team } from "../types/rule.ts";
import type { Source } from "../types/source.ts";
import type { Book, Shared } from "./context.ts";
import { collectFlows } from "./flows.ts";
import { compileHours, hoursOffer } from "./hours.ts";
import type { CompiledRule } from "./lints/lint.ts";
import { checkLooseFlows } from "./loose-flows.ts";
import { checkNames, type WrittenRule } from "./names.ts";
import { compileOwnTexts } from "./own-texts.ts";
import { listOf } from "./raw.ts";
import type { Report } from "./report.ts";
import { compileRule } from "./rule.ts";
import { storedNames } from "./stored.ts";
import { compileTeams } from "./teams.ts";
import { compileVariables } from "./variables.ts";

/** Files whose rules are tried together, compiled: the shared ones, or those of a rule set. */
export interface Part {
  readonly sources: readonly Source[];
  readonly written: readonly WrittenRule[];
  readonly shared: Shared;
  readonly compiled: readonly CompiledRule[];
  readonly texts: Rulebook["texts"];
}

/** What a part is made of, and what it may use besides. */
export interface PartInput {
  readonly sources: readonly Source[];
  /** Slash commands that are declared. */
  readonly commands: Rulebook["commands"];
  /** IANA zone. */
  readonly timezone: string;
  /** Whose hours, teams, texts and variables this part has too, unless it has its own of that name. Its rules and flows are not taken. */
  readonly base: Part | null;
}

/** Compiles the rules of a part and what it declares. */
export function compilePart({ sources, commands, timezone, base }: PartInput, report: Report): Part {
  const written = sources.flatMap(writtenRules);
  checkNames(written, report);
  const declared: Book = {
    teams: compileTeams(sources, report),
    commands,
    hours: compileHours(sources, report),
    variables: compileVariables(sources, report),
    flows: collectFlows(sources, written, report),
  };
  const shared = sharedBy(written, base === null ? declared : over(base.shared.book, declared), { timezone, report });
  const compiled = written.flatMap((rule) => compileRule(rule, shared) ?? []);
  checkLooseFlows(written, shared);
  return { sources, written, shared, compiled, texts: { ...base?.texts, ...compileOwnTexts(sources, shared) } };
}

function writtenRules(source: Source): readonly WrittenRule[] {
  return listOf(source.value.rules).flatMap((raw, index) => {
    return isObject(raw) ? [{ raw, spot: { source, path: ["rules", index] } }] : [];
  });
}

/** What the second declares wins; rules and flows are the second's alone. */
function over(base: Book, own: Book): Book {
  return {
    ...own,
    teams: { ...withoutNamed(base.teams, Object.keys(own.teams)), ...own.teams },
    hours: { ...base.hours, ...own.hours },
    variables: { ...base.variables, ...own.variables },
  };
}

/** Names of teams differ only if people see the difference. */
function withoutNamed(teams: Readonly<Record<string, Team>>, names: readonly string[]): Readonly<Record<string, Team>> {
  const kept = Object.entries(teams).filter(([name]) => !names.some((other) => sameName(other, name)));
  return Object.fromEntries(kept);
}

function sharedBy(
  rules: readonly WrittenRule[],
  book: Book,
  { timezone, report }: { readonly timezone: string; readonly report: Report },
): Shared {
  const names = storedNames([...rules, ...book.flows.values()].map(({ raw }) => raw));
  const stored = new Set([...names, ...Object.keys(book.variables)]);
  return { book, report, stored, everywhere: { hours: hoursOffer(book.hours, timezone) } };
}

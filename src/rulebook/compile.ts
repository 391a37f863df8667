import type { Issue, Language } from "../types/issue.ts";
import { isObject } from "../types/json.ts";
import type { Rulebook } from "../types/rule.ts";
import type { Source } from "../types/source.ts";
import { compileBotSettings } from "./bot-settings.ts";
import { compileCancelWords } from "./cancel-words.ts";
import type { Book, Shared } from "./context.ts";
import { collectFlows } from "./flows.ts";
import { checkPauses, compileRootGather } from "./gather.ts";
import { compileHours, hoursOffer } from "./hours.ts";
import { lint } from "./lint.ts";
import { checkLooseFlows } from "./loose-flows.ts";
import { checkNames, type WrittenRule } from "./names.ts";
import { compileOwnTexts } from "./own-texts.ts";
import { listOf, recordOf, textOf } from "./raw.ts";
import { createReport, type Report } from "./report.ts";
import { compileRule } from "./rule.ts";
import { storedNames } from "./stored.ts";
import { compileTeams } from "./teams.ts";
import { compileVariables } from "./variables.ts";
import { rulebookVersion } from "./version.ts";

export interface CompileInput {
  /** The main file: its rules come first. `bot:` and `commands:` stand only there. */
  readonly root: Source;
  /** Further files in the order in which their rules are tried. */
  readonly files: readonly Source[];
  readonly language: Language;
  /** IANA zone. */
  readonly timezone: string;
}

/** All rules together: schema-valid values -> one immutable rulebook, or every fault of meaning at once.
 *  The rulebook is null when there is any fault; warnings don't stop it. */
export function compileRulebook(input: CompileInput): { rulebook: Rulebook | null; issues: readonly Issue[] } {
  const report = createReport();
  const sources = [input.root, ...input.files];
  const written = sources.flatMap(writtenRules);
  checkNames(written, report);
  const { flows, ...declared } = declaredIn(input, written, report);
  const shared = sharedBy(written, { flows, ...declared }, input.timezone, report);
  const compiled = written.flatMap((rule) => compileRule(rule, shared) ?? []);
  checkLooseFlows(written, shared);
  const texts = compileOwnTexts(sources, shared);
  const bot = compileBotSettings(input.root, report);
  const cancelWords = compileCancelWords(input.root, report);
  const gatherMs = compileRootGather(input.root, bot, report);
  const enabled = compiled.filter(({ raw }) => raw.enabled !== false);
  checkPauses(enabled, bot, report);
  const isSound = report.issues.every(({ severity }) => severity !== "fault");
  const { language, timezone } = input;
  if (isSound) lint({ rules: enabled, written, flows: [...flows.values()], sources, language }, report);
  const rules = enabled.map(({ rule }) => rule);
  const whole: Omit<Rulebook, "version"> = {
    rules,
    ...declared,
    texts,
    cancelWords,
    gatherMs,
    bot,
    language,
    timezone,
  };
  const rulebook = isSound ? { ...whole, version: rulebookVersion(whole) } : null;
  return { rulebook, issues: inFileOrder(report.issues, sources) };
}

/** Everything that the files give names to. */
function declaredIn({ root, files }: CompileInput, rules: readonly WrittenRule[], report: Report): Book {
  const sources = [root, ...files];
  return {
    teams: compileTeams(sources, report),
    commands: commandsOf(root),
    hours: compileHours(sources, report),
    variables: compileVariables(sources, report),
    flows: collectFlows(sources, rules, report),
  };
}

function sharedBy(rules: readonly WrittenRule[], book: Book, timezone: string, report: Report): Shared {
  const names = storedNames([...rules, ...book.flows.values()].map(({ raw }) => raw));
  const stored = new Set([...names, ...Object.keys(book.variables)]);
  return { book, report, stored, everywhere: { hours: hoursOffer(book.hours, timezone) } };
}

function writtenRules(source: Source): readonly WrittenRule[] {
  return listOf(source.value.rules).flatMap((raw, index) => {
    return isObject(raw) ? [{ raw, spot: { source, path: ["rules", index] } }] : [];
  });
}

function commandsOf(root: Source): Readonly<Record<string, string>> {
  const entries = Object.entries(recordOf(root.value.commands));
  return Object.fromEntries(entries.map(([name, description]) => [name, textOf(description) ?? ""]));
}

function inFileOrder(issues: readonly Issue[], sources: readonly Source[]): readonly Issue[] {
  const order = new Map(sources.map(({ file }, index) => [file, index]));
  return issues.toSorted(({ place: a }, { place: b }) => {
    return (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || a.line - b.line || a.column - b.column;
  });
}

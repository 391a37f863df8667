import type { Issue, Language } from "../types/issue.ts";
import type { Rulebook } from "../types/rule.ts";
import type { Source } from "../types/source.ts";
import { compileBotSettings } from "./bot-settings.ts";
import { compileCancelWords } from "./cancel-words.ts";
import { checkPauses, compileRootGather } from "./gather.ts";
import { lint } from "./lint.ts";
import type { LintInput } from "./lints/lint.ts";
import { compilePart, type Part } from "./part.ts";
import { recordOf, textOf } from "./raw.ts";
import { createReport, type Report } from "./report.ts";
import { compileSet, isSharing, lintSharing, type WrittenSet } from "./sets.ts";
import { rulebookVersion, versionUpon } from "./version.ts";

export interface CompileInput {
  /** The main file: its rules come first. `bot:` and `commands:` stand only there. */
  readonly root: Source;
  /** Further files in the order in which their rules are tried. */
  readonly files: readonly Source[];
  readonly sets?: readonly WrittenSet[];
  readonly language: Language;
  /** IANA zone. */
  readonly timezone: string;
}

export interface Compiled {
  readonly rulebook: Rulebook | null;
  /** By name; empty where there is no rulebook. */
  readonly ruleSets: Readonly<Record<string, Rulebook>>;
  readonly issues: readonly Issue[];
}

/** All rules together: schema-valid values -> one immutable rulebook and one for each rule set, or every fault of meaning at
 *  once. There is none when there is any fault; warnings don't stop them. */
export function compileRulebook(input: CompileInput): Compiled {
  const report = createReport();
  const { root, files, timezone } = input;
  const main = compilePart({ sources: [root, ...files], commands: commandsOf(root), timezone, base: null }, report);
  const sets = (input.sets ?? []).map(
    (set): WholeSet => ({ ...set, part: compileSet(set, { main, timezone, report }) }),
  );
  const frame = frameOf(input, report);
  for (const part of [main, ...sets.map(({ part }) => part)]) checkPauses(enabledIn(part), frame.bot, report);
  const isSound = report.issues.every(({ severity }) => severity !== "fault");
  if (isSound) lintAll(main, sets, input.language, report);
  const sources = [root, ...files, ...sets.flatMap((set) => set.files ?? [])];
  const issues = inFileOrder(report.issues, sources);
  return isSound ? { ...booksOf(main, sets, frame), issues } : { rulebook: null, ruleSets: {}, issues };
}

interface WholeSet extends WrittenSet {
  readonly part: Part;
}

/** What stands in the main file for all rules. */
type Frame = Pick<Rulebook, "bot" | "cancelWords" | "gatherMs" | "language" | "timezone">;

function frameOf({ root, language, timezone }: CompileInput, report: Report): Frame {
  const bot = compileBotSettings(root, report);
  const cancelWords = compileCancelWords(root, report);
  return { bot, cancelWords, gatherMs: compileRootGather(root, bot, report), language, timezone };
}

function commandsOf(root: Source): Readonly<Record<string, string>> {
  const entries = Object.entries(recordOf(root.value.commands));
  return Object.fromEntries(entries.map(([name, description]) => [name, textOf(description) ?? ""]));
}

const enabledIn = ({ compiled }: Part) => compiled.filter(({ raw }) => raw.enabled !== false);

function lintAll(main: Part, sets: readonly WholeSet[], language: Language, report: Report): void {
  const inputs = sets.map((set) => ({ input: lintInputOf(set.part, language), isSharing: isSharing(set) }));
  const elsewhere = inputs.filter((set) => !set.isSharing).map(({ input }) => input);
  lint({ ...lintInputOf(main, language), elsewhere }, report);
  for (const set of inputs) set.isSharing ? lintSharing(set.input, report) : lint(set.input, report);
}

const lintInputOf = (part: Part, language: Language): LintInput => ({
  rules: enabledIn(part),
  written: part.written,
  flows: [...part.shared.book.flows.values()],
  sources: part.sources,
  variables: part.shared.book.variables,
  language,
});

function booksOf(main: Part, sets: readonly WholeSet[], frame: Frame): Omit<Compiled, "issues"> {
  const rulebook = rulebookOf(main, frame);
  const ruleSets = sets.map((set) => [
    set.name,
    isSharing(set) ? changed(rulebook, set.part) : rulebookOf(set.part, frame),
  ]);
  return { rulebook, ruleSets: Object.fromEntries(ruleSets) };
}

function rulebookOf(part: Part, frame: Frame): Rulebook {
  const { flows, ...declared } = part.shared.book;
  const whole: Omit<Rulebook, "version"> = {
    rules: enabledIn(part).map(({ rule }) => rule),
    ...declared,
    texts: part.texts,
    ...frame,
  };
  return { ...whole, version: rulebookVersion(whole) };
}

/** The shared rules with some names meaning something else. */
function changed(shared: Rulebook, { texts, shared: { book } }: Part): Rulebook {
  const { teams, hours } = book;
  return { ...shared, texts, teams, hours, version: versionUpon(shared.version, [texts, teams, hours]) };
}

function inFileOrder(issues: readonly Issue[], sources: readonly Source[]): readonly Issue[] {
  const files = [...new Set(sources.map(({ file }) => file))];
  const order = new Map(files.map((file, index) => [file, index]));
  return issues.toSorted(({ place: a }, { place: b }) => {
    return (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || a.line - b.line || a.column - b.column;
  });
}

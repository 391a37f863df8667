import type { RawConfig } from "../generated/bot-config.ts";
import { type Compiled, compileRulebook } from "../rulebook/compile.ts";
import type { Issue } from "../types/issue.ts";
import type { Settings } from "../types/settings.ts";
import type { Path, Source } from "../types/source.ts";
import { toIssue } from "./faults/issue.ts";
import type { Gathered } from "./loaded.ts";
import type { ParsedFile } from "./parse.ts";
import { withoutBroken } from "./prune.ts";
import { writtenSets } from "./rule-sets.ts";
import { checkSettings, settingsFrom } from "./settings.ts";

/** The root file judged: `broken` are the paths of which nothing should be made. */
export interface Settled {
  readonly settings: Settings | null;
  readonly issues: readonly Issue[];
  readonly broken: ParsedFile["broken"];
}

/** Sections that say nothing of how the program runs. */
const ABOUT_RULES: ReadonlySet<string> = new Set(["rules", "flows", "texts", "hours", "cancel_words", "rule_sets"]);

/** The settings of the root file; null when any of them is wrong. */
export function settle({ path, folder, environment, root }: Gathered): Settled {
  const { source, broken } = root.parsed;
  if (source === null) return { settings: null, issues: [], broken };
  const raw = withoutBroken(source, broken).value as Partial<RawConfig>;
  const findings = checkSettings(raw).filter(({ path }) => !isBroken(path, broken));
  const issues = findings.map((finding) => toIssue("fault", source.locate(finding.path), finding.fault));
  const sound = issues.length === 0 && broken.every(([section]) => ABOUT_RULES.has(String(section)));
  const settings = sound ? settingsFrom({ file: path, folder, raw, environment }) : null;
  return { settings, issues, broken: [...broken, ...findings.map((finding) => finding.path)] };
}

/** A value that could not be read is missing for that reason, which has been told. */
function isBroken(path: Path, broken: ParsedFile["broken"]): boolean {
  return broken.some((one) => one.length === path.length && one.every((key, index) => key === path[index]));
}

/** Faults that other rules and flows may disprove: while some had to be left out nobody can know. */
const NEEDS_ALL_RULES: ReadonlySet<string> = new Set([
  "never-stored",
  "no-argument",
  "no-question",
  "set-replaces-nothing",
]);

/** All rules that could be read, compiled together; what is wrong with the rest is known already. */
export function compile({ root, others, sets }: Gathered, { settings, broken }: Settled): Compiled {
  const [first, ...files] = [{ ...root.parsed, broken }, ...others.map(({ parsed }) => parsed)].flatMap(soundPart);
  if (first === undefined || root.parsed.source === null) return { rulebook: null, ruleSets: {}, issues: [] };
  const { language, timezone } = settings ?? { language: "en", timezone: "UTC" };
  const written = writtenSets(root, sets, broken);
  const compiled = compileRulebook({ root: first, files, sets: written, language, timezone });
  const read = [root, ...others, ...sets.flatMap((set) => set.files ?? [])];
  if (read.every(({ parsed }) => parsed.issues.length === 0)) return compiled;
  const issues = compiled.issues.filter(({ severity, code }) => severity === "fault" && !NEEDS_ALL_RULES.has(code));
  return { rulebook: null, ruleSets: {}, issues };
}

function soundPart({ source, broken }: ParsedFile): readonly Source[] {
  return source === null ? [] : [withoutBroken(source, broken)];
}

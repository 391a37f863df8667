import type { Language } from "../../types/issue.ts";
import type { JsonObject } from "../../types/json.ts";
import type { Rule, Rulebook } from "../../types/rule.ts";
import type { Source } from "../../types/source.ts";
import type { WrittenFlow } from "../flows.ts";
import type { WrittenRule } from "../names.ts";
import type { Report, Spot } from "../report.ts";

/** A compiled rule beside what was written. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly raw: JsonObject;
  readonly spot: Spot;
}

/** What a lint looks at. `rules` are the enabled ones, in the order in which they are tried. */
export interface LintInput {
  readonly rules: readonly CompiledRule[];
  /** Every rule as written, switched-off ones included. */
  readonly written: readonly WrittenRule[];
  /** Every flow as written, unused ones included. */
  readonly flows: readonly WrittenFlow[];
  readonly sources: readonly Source[];
  /** Every variable that these rules may use, by full name. */
  readonly variables: Rulebook["variables"];
  /** The configured one. */
  readonly language: Language;
  /** Rules of sets, which use what these files declare. */
  readonly elsewhere?: readonly LintInput[];
}

/** One kind of warning about rules that are right by themselves. Lints never stop the bot. */
export type Lint = (input: LintInput, report: Report) => void;

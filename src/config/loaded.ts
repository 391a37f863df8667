import type { Issue, Language } from "../types/issue.ts";
import type { Books, Rulebook } from "../types/rule.ts";
import type { Settings } from "../types/settings.ts";
import type { ParsedFile } from "./parse.ts";
import type { Environment } from "./read/environment.ts";
import type { Included } from "./read/include.ts";

/** Everything the files say, or all that is wrong with them. Plain data. */
export interface Loaded {
  /** Null when a setting is wrong; faults in rules alone leave it. */
  readonly settings: Settings | null;
  /** Null when there is any fault at all. */
  readonly rulebook: Rulebook | null;
  /** By name; empty when there is any fault at all. */
  readonly ruleSets: Books["ruleSets"];
  /** Faults and warnings, by file and line. */
  readonly issues: readonly Issue[];
  /** In which language to speak of the issues: that of the file, as far as it can be read. */
  readonly language: Language;
  /** Absolute paths of the files that were read (or looked for) and of the folders where others may turn up. */
  readonly watched: readonly string[];
  /** Texts by the file names of the issues, with secrets blotted out. */
  readonly sources: Readonly<Record<string, string>>;
  /** Values that must never be shown. */
  readonly secrets: readonly string[];
  /** Changes when anything that was read has changed. */
  readonly hash: string;
}

/** One file as it was read and understood. */
export interface ReadFile {
  readonly file: string;
  readonly text: string;
  readonly parsed: ParsedFile;
}

/** The files of one rule set. */
export interface GatheredSet {
  readonly name: string;
  /** Null: it has none of its own and shares the rules. */
  readonly files: readonly ReadFile[] | null;
  readonly included: Included;
}

/** All that was read, before it is judged. */
export interface Gathered {
  readonly path: string;
  readonly folder: string;
  readonly environment: Environment;
  readonly root: ReadFile;
  readonly others: readonly ReadFile[];
  readonly included: Included;
  readonly sets: readonly GatheredSet[];
}

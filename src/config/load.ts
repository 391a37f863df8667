import { dirname, join, resolve } from "node:path";
import type { Compiled } from "../rulebook/compile.ts";
import type { Issue, Language } from "../types/issue.ts";
import { isObject, type Json } from "../types/json.ts";
import type { Path, Source } from "../types/source.ts";
import { includeNothing, includeOutside } from "./faults/file-faults.ts";
import { toIssue } from "./faults/issue.ts";
import { hashOf } from "./hash.ts";
import { compile, settle } from "./judge.ts";
import type { Gathered, GatheredSet, Loaded, ReadFile } from "./loaded.ts";
import { type ParsedFile, parseFile, type RawFile } from "./parse.ts";
import { type Environment, withEnvFile } from "./read/environment.ts";
import { findIncluded, type Included, nameFor } from "./read/include.ts";
import { readText } from "./read/read-text.ts";
import { accountsOf, claimIssues, hasOwnRules, pathOfSet, rawSets } from "./rule-sets.ts";
import { blotSecrets, findEmptyToken, findLiteralSecrets, secretsOf, withoutSecrets } from "./secrets.ts";

export type { Loaded } from "./loaded.ts";

export interface LoadOptions {
  /** Path of the root file, absolute or from the working folder. */
  readonly file: string;
  /** The real environment; it wins over `.env` beside the file. */
  readonly env: Environment;
  /** How one file is parsed: the worker hands in a version that remembers. */
  readonly parse?: (raw: RawFile) => ParsedFile;
}

/** Reads, checks and compiles the whole configuration. Never throws for what stands in the files. */
export async function loadConfig({ file, env, parse = parseFile }: LoadOptions): Promise<Loaded> {
  const path = resolve(file);
  const folder = dirname(path);
  const environment = await withEnvFile(join(folder, ".env"), env);
  const read = reader({ folder, environment, parse });
  const root = await read(nameFor(folder, path), "config");
  const readRules = onceEach((name) => read(name, "rules"));
  const include = async (patterns: readonly string[]) => {
    const included = await findIncluded(folder, path, patterns);
    return { included, files: await Promise.all(included.files.map(readRules)) };
  };
  const { included, files: others } = await include(patternsOf(root.parsed.source?.value.include));
  const sets = await Promise.all(
    rawSets(root).map(async (set): Promise<GatheredSet> => {
      const own = await include(patternsOf(set.raw.include));
      return { name: set.name, included: own.included, files: hasOwnRules(set) ? own.files : null };
    }),
  );
  return assemble({ path, folder, environment, root, others, included, sets });
}

/** One file may belong to several sets. */
function onceEach<Made>(make: (name: string) => Promise<Made>): (name: string) => Promise<Made> {
  const made = new Map<string, Promise<Made>>();
  return (name) => {
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    return known;
  };
}

interface ReaderOptions {
  readonly folder: string;
  readonly environment: Environment;
  readonly parse: (raw: RawFile) => ParsedFile;
}

function reader({ folder, environment, parse }: ReaderOptions) {
  return async (file: string, kind: RawFile["kind"]): Promise<ReadFile> => {
    const { text, fault, offset } = await readText(resolve(folder, file));
    if (fault === null) return { file, text, parsed: parse({ file, kind, text, environment }) };
    return { file, text, parsed: unreadable(file, text.slice(0, offset), fault) };
  };
}

/** `before` is the sound text in front of the fault; it says where that is. */
function unreadable(file: string, before: string, fault: Parameters<typeof toIssue>[2]): ParsedFile {
  const line = before.split("\n").length;
  const column = before.length - before.lastIndexOf("\n");
  const issue = toIssue("fault", { place: { file, line, column }, length: 1 }, fault);
  return { source: null, issues: [issue], broken: [], secrets: [], written: () => null };
}

function patternsOf(include: Json | undefined): readonly string[] {
  const patterns = Array.isArray(include) ? include : [include];
  return patterns.filter((pattern) => typeof pattern === "string");
}

function assemble(gathered: Gathered): Loaded {
  const { root, environment } = gathered;
  const files = allFiles(gathered);
  const settled = settle(gathered);
  const literal = secretIssues(root);
  const compiled = compile(gathered, settled);
  const own = [...files.flatMap(({ parsed }) => parsed.issues), ...settled.issues, ...literal, ...setIssues(gathered)];
  const issues = sorted(
    [...own, ...compiled.issues],
    files.map((read) => read.file),
  );
  const faulty = issues.some(({ severity }) => severity === "fault");
  const secrets = secretsOf(files, settled.settings);
  return {
    settings: literal.length > 0 ? null : settled.settings,
    rulebook: faulty ? null : compiled.rulebook,
    ruleSets: faulty ? {} : ruleSetsOf(root, compiled),
    issues: issues.map((issue) => withoutSecrets(issue, secrets)),
    language: languageOf(root),
    watched: watchedBy(gathered),
    sources: Object.fromEntries(files.map(({ file, text }) => [file, blotSecrets(text, secrets)])),
    secrets,
    hash: hashOf(files, environment),
  };
}

/** Each file once, in the order of reading. */
function allFiles({ root, others, sets }: Gathered): readonly ReadFile[] {
  const all = [root, ...others, ...sets.flatMap(({ files }) => files ?? [])];
  return [...new Map(all.map((read) => [read.file, read])).values()];
}

function watchedBy(gathered: Gathered): readonly string[] {
  const { path, folder, included, sets } = gathered;
  const files = allFiles(gathered).slice(1);
  const folders = [included, ...sets.map((set) => set.included)].flatMap((one) => one.folders);
  const paths = [path, join(folder, ".env"), folder, ...files.map(({ file }) => resolve(folder, file)), ...folders];
  return [...new Set(paths)];
}

function ruleSetsOf(root: ReadFile, { ruleSets }: Compiled): Loaded["ruleSets"] {
  const sets = rawSets(root).flatMap((set) => {
    const rulebook = ruleSets[set.name];
    return rulebook === undefined ? [] : [[set.name, { rulebook, accounts: accountsOf(set) }] as const];
  });
  return Object.fromEntries(sets);
}

function secretIssues({ parsed }: ReadFile): readonly Issue[] {
  const { source } = parsed;
  if (source === null) return [];
  const found = [...findLiteralSecrets(parsed), findEmptyToken(parsed)].filter((one) => one !== null);
  return found.map(({ path, fault }) => toIssue("fault", source.locate(path), fault));
}

/** What is wrong with the files that are named for the shared rules and for each set, and with whom sets are for. */
function setIssues({ root, included, sets }: Gathered): readonly Issue[] {
  const { source } = root.parsed;
  if (source === null) return [];
  const ofSets = sets.flatMap((set) => includeIssues(source, [...pathOfSet(set.name), "include"], set.included));
  return [...includeIssues(source, ["include"], included), ...ofSets, ...claimIssues(root)];
}

/** `path` is that of the `include:`. */
function includeIssues(source: Source, path: Path, { empty, outside }: Included): readonly Issue[] {
  const include = path.reduce<Json | undefined>(
    (value, step) => (isObject(value) ? value[step] : undefined),
    source.value,
  );
  const patterns = patternsOf(include);
  return [
    ...empty.map((index) => {
      const at = source.locate(Array.isArray(include) ? [...path, index] : path);
      return toIssue("warning", at, includeNothing(patterns[index] ?? ""));
    }),
    ...outside.map((file) => toIssue("fault", source.locate(path), includeOutside(file))),
  ];
}

/** By file in the order of reading, then by place. */
function sorted(issues: readonly Issue[], files: readonly string[]): readonly Issue[] {
  const order = new Map(files.map((file, index) => [file, index]));
  return issues.toSorted(
    ({ place: a }, { place: b }) =>
      (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || a.line - b.line || a.column - b.column,
  );
}

function languageOf({ parsed }: ReadFile): Language {
  const language = parsed.source?.value.language;
  return language === "es" || language === "ru" ? language : "en";
}

import { dirname, join, resolve } from "node:path";
import type { Issue, Language } from "../types/issue.ts";
import { includeNothing, includeOutside } from "./faults/file-faults.ts";
import { toIssue } from "./faults/issue.ts";
import { hashOf } from "./hash.ts";
import { compile, settle } from "./judge.ts";
import type { Gathered, Loaded, ReadFile } from "./loaded.ts";
import { type ParsedFile, parseFile, type RawFile } from "./parse.ts";
import { type Environment, withEnvFile } from "./read/environment.ts";
import { findIncluded, type Included, nameFor } from "./read/include.ts";
import { readText } from "./read/read-text.ts";
import { blotSecrets, findLiteralSecrets, secretsOf, withoutSecrets } from "./secrets.ts";

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
  const included = await findIncluded(folder, path, patternsOf(root));
  const others = await Promise.all(included.files.map((name) => read(name, "rules")));
  return assemble({ path, folder, environment, root, others, included });
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

function patternsOf({ parsed }: ReadFile): readonly string[] {
  const include = parsed.source?.value.include;
  const patterns = Array.isArray(include) ? include : [include];
  return patterns.filter((pattern) => typeof pattern === "string");
}

function assemble(gathered: Gathered): Loaded {
  const { path, folder, environment, root, others, included } = gathered;
  const files = [root, ...others];
  const settled = settle(gathered);
  const literal = literalIssues(root);
  const compiled = compile(files, settled);
  const own = [
    ...files.flatMap(({ parsed }) => parsed.issues),
    ...settled.issues,
    ...literal,
    ...includeIssues(root, included),
  ];
  const issues = sorted(
    [...own, ...compiled.issues],
    files.map((read) => read.file),
  );
  const faulty = issues.some(({ severity }) => severity === "fault");
  const secrets = secretsOf(files, settled.settings);
  return {
    settings: literal.length > 0 ? null : settled.settings,
    rulebook: faulty ? null : compiled.rulebook,
    issues: issues.map((issue) => withoutSecrets(issue, secrets)),
    language: languageOf(root),
    watched: [
      path,
      join(folder, ".env"),
      folder,
      ...others.map(({ file }) => resolve(folder, file)),
      ...included.folders,
    ],
    sources: Object.fromEntries(files.map(({ file, text }) => [file, blotSecrets(text, secrets)])),
    secrets,
    hash: hashOf(files, environment),
  };
}

function literalIssues({ parsed }: ReadFile): readonly Issue[] {
  const { source } = parsed;
  if (source === null) return [];
  return findLiteralSecrets(parsed).map(({ path, fault }) => toIssue("fault", source.locate(path), fault));
}

function includeIssues({ parsed }: ReadFile, { empty, outside }: Included): readonly Issue[] {
  const { source } = parsed;
  if (source === null) return [];
  const list = Array.isArray(source.value.include);
  const patterns = patternsOf({ file: "", text: "", parsed });
  return [
    ...empty.map((index) => {
      const at = source.locate(list ? ["include", index] : ["include"]);
      return toIssue("warning", at, includeNothing(patterns[index] ?? ""));
    }),
    ...outside.map((file) => toIssue("fault", source.locate(["include"]), includeOutside(file))),
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

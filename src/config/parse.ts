import type { Issue } from "../types/issue.ts";
import { isObject, type JsonObject } from "../types/json.ts";
import type { Path, Source } from "../types/source.ts";
import { fileEmpty } from "./faults/file-faults.ts";
import { toIssue } from "./faults/issue.ts";
import type { Environment } from "./read/environment.ts";
import { checkShape } from "./schema/check-shape.ts";
import { type FileKind, rootSchema } from "./schema/schema-tree.ts";
import { createRuler, lineOf, placeOf, type Ruler, spanAt } from "./yaml/locate.ts";
import { parseYaml } from "./yaml/syntax.ts";
import { buildTree, type Finding, type Node } from "./yaml/tree.ts";
import { typeTree } from "./yaml/typing.ts";

/** One file, read as far as it can be. `source` is null when it is not YAML, or holds no keys at all. */
export interface ParsedFile {
  readonly source: Source | null;
  readonly issues: readonly Issue[];
  /** Where the value breaks its schema: nothing should be made of these parts. */
  readonly broken: readonly Path[];
  /** Values from the environment that must never be shown. */
  readonly secrets: readonly string[];
  /** Scalars as they stand in the file, before names were filled in: for the search for literal secrets. */
  written(path: Path): string | null;
}

export interface RawFile {
  /** As the operator would type it, relative to the root file's folder. */
  readonly file: string;
  readonly kind: FileKind;
  readonly text: string;
  readonly environment: Environment;
}

/** YAML text -> typed value with places, and everything that is wrong with its writing and its shape. */
export function parseFile({ file, kind, text, environment }: RawFile): ParsedFile {
  const ruler = createRuler(file, text);
  if (text.trim() === "") return unread([issueAt(ruler, { span: { start: 0, end: 1 }, fault: fileEmpty() })]);
  const { document, findings } = parseYaml(ruler);
  if (document === null || findings.length > 0) return unread(findings.map((finding) => issueAt(ruler, finding)));
  if (document.contents === null) return emptied(ruler, kind);
  const built = buildTree(document, (offset) => lineOf(ruler, offset));
  const misbuilt = built.findings.map((finding) => issueAt(ruler, finding));
  return built.tree === null ? unread(misbuilt) : typed({ ruler, kind, environment, tree: built.tree, misbuilt });
}

function unread(issues: readonly Issue[]): ParsedFile {
  return { source: null, issues, broken: [], secrets: [], written: () => null };
}

/** A file of remarks only: fine for rules that somebody has switched off, but not for the main file. */
function emptied(ruler: Ruler, kind: FileKind): ParsedFile {
  return kind === "rules" ? unread([]) : unread([issueAt(ruler, { span: { start: 0, end: 1 }, fault: fileEmpty() })]);
}

interface Tree {
  readonly ruler: Ruler;
  readonly kind: FileKind;
  readonly environment: Environment;
  readonly tree: Node;
  readonly misbuilt: readonly Issue[];
}

function typed({ ruler, kind, environment, tree, misbuilt }: Tree): ParsedFile {
  const { value, findings, reported, secrets } = typeTree(tree, {
    schema: rootSchema(kind),
    text: ruler.text,
    environment,
  });
  const shape = checkShape({ kind, value, reported });
  // A key that was refused is not there for the schema, which would then miss it.
  const refused = new Set(misbuilt.map(({ place }) => place.line));
  const found = [
    ...findings.map((finding) => issueAt(ruler, finding)),
    ...shape.map(({ path, part, fault }) => issueAt(ruler, { span: spanAt(tree, path, part), fault })),
  ];
  const issues = [...misbuilt, ...found.filter(({ place }) => !refused.has(place.line))];
  const broken = [...reported, ...shape.map(({ path }) => path)];
  const written = (path: Path) => writtenAt(tree, path);
  return { source: isObject(value) ? createSource(ruler, tree, value) : null, issues, broken, secrets, written };
}

function createSource(ruler: Ruler, tree: Node, value: JsonObject): Source {
  return { file: ruler.file, value, locate: (path, part = "value") => placeOf(ruler, spanAt(tree, path, part)) };
}

function writtenAt(tree: Node, path: Path): string | null {
  let node: Node | undefined = tree;
  for (const step of path) node = childOf(node, step);
  return node?.kind === "text" && node.style !== "missing" ? node.text : null;
}

function childOf(node: Node | undefined, step: string | number): Node | undefined {
  if (node?.kind === "list") return typeof step === "number" ? node.items[step] : undefined;
  return node?.kind === "map" ? node.entries.find(({ key }) => key === step)?.value : undefined;
}

function issueAt(ruler: Ruler, { span, fault }: Finding): Issue {
  return toIssue("fault", placeOf(ruler, span), fault);
}

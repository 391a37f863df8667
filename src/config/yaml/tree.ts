import { type Document, isAlias, isMap, isScalar, isSeq, type Pair, Scalar, type Node as YamlNode } from "yaml";
import type { Fault } from "../../language/fault.ts";
import { duplicateKey, forbiddenKey, tooDeep, tooManyAliases, tooManyParts } from "../faults/syntax-faults.ts";
import { keyNotText, startsWith } from "../faults/text-faults.ts";

/** Where something stands in the text of its file: offsets, `end` not included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One YAML file as it is written: nothing is typed yet, every scalar is the text between its quotes, aliases are resolved. */
export type Node = TextNode | ListNode | MapNode;

/** `plain` has no quotes, `block` follows `|` or `>`, `missing` stands for a value that is not there at all. */
export interface TextNode {
  readonly kind: "text";
  readonly span: Span;
  readonly text: string;
  readonly style: "plain" | "quoted" | "block" | "missing";
}

export interface ListNode {
  readonly kind: "list";
  readonly span: Span;
  readonly flow: boolean;
  readonly items: readonly Node[];
}

export interface MapNode {
  readonly kind: "map";
  readonly span: Span;
  readonly flow: boolean;
  readonly entries: readonly Entry[];
}

export interface Entry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: Node;
}

/** A fault and the characters it is about. */
export interface Finding {
  readonly span: Span;
  readonly fault: Fault;
}

const DEEPEST = 40;
const MOST_PARTS = 100_000;
const MOST_USES_OF_ALIAS = 20;

/** Thrown to end a walk that must not go on; caught in `buildTree`. */
class TreeError extends Error {
  override readonly name = "TreeError";
  readonly finding: Finding;
  constructor(finding: Finding) {
    super(finding.fault.cause.en);
    this.finding = finding;
  }
}

type LineOf = (offset: number) => number;

interface Walk {
  /** What each name stands for so far. As in YAML an alias means the nearest anchor above it. */
  readonly anchors: Map<string, YamlNode>;
  readonly findings: Finding[];
  readonly uses: Map<string, number>;
  readonly lineOf: LineOf;
  parts: number;
  /** How many aliases the walk is inside of: what they name was met before, where it stands. */
  inAliases: number;
}

/** `tree` is null when the walk had to end early. */
export interface Built {
  readonly tree: Node | null;
  readonly findings: readonly Finding[];
}

/** Turns a parsed document into a tree without YAML's surprises: no key twice, no forbidden keys, no bombs. */
export function buildTree(document: Document, lineOf: LineOf): Built {
  const walk: Walk = { anchors: new Map(), findings: [], uses: new Map(), lineOf, parts: 0, inAliases: 0 };
  try {
    const tree = convert(walk, document.contents, { start: 0, end: 0 }, 0);
    return { tree, findings: walk.findings };
  } catch (error) {
    if (!(error instanceof TreeError)) throw error;
    return { tree: null, findings: [...walk.findings, error.finding] };
  }
}

/** `instead` is where a missing value is reported: at its key. */
function convert(walk: Walk, node: unknown, instead: Span, depth: number): Node {
  const span = spanOf(node) ?? instead;
  walk.parts += 1;
  if (depth > DEEPEST) throw new TreeError({ span, fault: tooDeep() });
  if (walk.parts > MOST_PARTS) throw new TreeError({ span, fault: tooManyParts() });
  if (isAlias(node)) return followAlias(walk, node.source, span, depth);
  rememberAnchor(walk, node);
  if (isScalar(node)) return textNode(node, span, instead);
  if (isSeq(node)) {
    const items = node.items.map((item) => convert(walk, item, span, depth + 1));
    return { kind: "list", span, flow: node.flow === true, items };
  }
  if (isMap(node)) {
    const entries = node.items.flatMap((pair) => entryOf(walk, pair, depth));
    return { kind: "map", span, flow: node.flow === true, entries: withoutTwins(walk, entries) };
  }
  return { kind: "text", span: instead, text: "", style: "missing" };
}

function rememberAnchor(walk: Walk, node: unknown): void {
  if (walk.inAliases > 0 || !(isScalar(node) || isSeq(node) || isMap(node))) return;
  if (node.anchor !== undefined) walk.anchors.set(node.anchor, node);
}

function followAlias(walk: Walk, name: string, span: Span, depth: number): Node {
  const target = walk.anchors.get(name);
  if (target === undefined) throw new TreeError({ span, fault: startsWith("*") });
  const uses = (walk.uses.get(name) ?? 0) + 1;
  walk.uses.set(name, uses);
  if (uses > MOST_USES_OF_ALIAS) throw new TreeError({ span, fault: tooManyAliases(name) });
  walk.inAliases += 1;
  const node = convert(walk, target, span, depth + 1);
  walk.inAliases -= 1;
  return { ...node, span };
}

function entryOf(walk: Walk, pair: Pair, depth: number): Entry[] {
  const keySpan = spanOf(pair.key) ?? { start: 0, end: 1 };
  if (!isScalar(pair.key)) {
    walk.findings.push({ span: keySpan, fault: keyNotText() });
    return [];
  }
  const key = String(pair.key.value);
  if (key === "__proto__") {
    walk.findings.push({ span: keySpan, fault: forbiddenKey(key) });
    return [];
  }
  return [{ key, keySpan, value: convert(walk, pair.value, keySpan, depth + 1) }];
}

/** Of a key that is there twice the first one counts; the second is a fault. */
function withoutTwins(walk: Walk, entries: readonly Entry[]): readonly Entry[] {
  const first = new Map<string, Entry>();
  for (const entry of entries) {
    const earlier = first.get(entry.key);
    if (earlier === undefined) first.set(entry.key, entry);
    else
      walk.findings.push({ span: entry.keySpan, fault: duplicateKey(entry.key, walk.lineOf(earlier.keySpan.start)) });
  }
  return [...first.values()];
}

function textNode(scalar: Scalar, span: Span, instead: Span): TextNode {
  const text = String(scalar.value ?? "");
  if (scalar.type === Scalar.PLAIN || scalar.type === undefined)
    return text === ""
      ? { kind: "text", span: instead, text, style: "missing" }
      : { kind: "text", span, text, style: "plain" };
  const block = scalar.type === Scalar.BLOCK_FOLDED || scalar.type === Scalar.BLOCK_LITERAL;
  return { kind: "text", span, text, style: block ? "block" : "quoted" };
}

function spanOf(node: unknown): Span | null {
  if (!(isScalar(node) || isSeq(node) || isMap(node) || isAlias(node))) return null;
  const range = node.range;
  return range ? { start: range[0], end: range[1] } : null;
}

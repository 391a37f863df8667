import type { Fault } from "../../language/fault.ts";
import type { Json, JsonObject } from "../../types/json.ts";
import type { Path } from "../../types/source.ts";
import { unsetVariable } from "../faults/file-faults.ts";
import { commaInBraces } from "../faults/text-faults.ts";
import { emptyValue, nameOf } from "../faults/value-faults.ts";
import type { Environment } from "../read/environment.ts";
import { ANYTHING, type Schema, schemaUnder, type Wants, wantsOf, wayFor } from "../schema/schema-tree.ts";
import { expand } from "./expand.ts";
import { findMisreading } from "./misreading.ts";
import { readScalar } from "./scalar.ts";
import type { Entry, Finding, MapNode, Node, Span, TextNode } from "./tree.ts";

/** What a file says, typed by its schema: `08` and `NO` stay text where text is meant, `yes` becomes true where a flag is. */
export interface Typed {
  readonly value: Json;
  readonly findings: readonly Finding[];
  /** Paths whose value is wrong in a way that was reported here: the schema has nothing to add about them. */
  readonly reported: readonly Path[];
  /** Values from the environment that must never be shown. */
  readonly secrets: readonly string[];
}

export interface Reading {
  readonly schema: Schema;
  readonly text: string;
  readonly environment: Environment;
}

interface Desk extends Reading {
  readonly findings: Finding[];
  /** By their JSON text: a file may hold thousands. */
  readonly reported: Map<string, Path>;
  readonly secrets: string[];
}

/** Types a whole file. Values that cannot be of the wanted type stay text: saying so is the schema's part. */
export function typeTree(tree: Node, reading: Reading): Typed {
  const desk: Desk = { ...reading, findings: [], reported: new Map(), secrets: [] };
  const value = read(desk, { node: tree, schema: reading.schema, path: [] });
  return { value, findings: desk.findings, reported: [...desk.reported.values()], secrets: desk.secrets };
}

interface Part {
  readonly node: Node;
  readonly schema: Schema;
  readonly path: Path;
}

function read(desk: Desk, { node, schema, path }: Part): Json {
  if (node.kind === "text") return readText(desk, { node, schema, path });
  const keys = node.kind === "map" ? node.entries.map(({ key }) => key) : [];
  const way = wayFor(schema, { kind: node.kind, keys }) ?? ANYTHING;
  if (node.kind === "list")
    return node.items.map((item, index) =>
      read(desk, { node: item, schema: way.items ?? ANYTHING, path: [...path, index] }),
    );
  return readMap(desk, { node, schema: way, path });
}

function readMap(desk: Desk, { node, schema, path }: Part & { readonly node: MapNode }): JsonObject {
  const value: Record<string, Json> = {};
  for (const entry of node.entries) {
    const here = [...path, entry.key];
    if (path.length === 0 && isEmptySection(entry, schema)) continue;
    if (node.flow && hasNoColon(desk.text, entry))
      report(desk, { span: entry.keySpan, path: here, fault: commaInBraces(entry.key) });
    const under = schemaUnder(schema, entry.key);
    value[entry.key] = under === null ? null : read(desk, { node: entry.value, schema: under, path: here });
  }
  return value;
}

/** A section of the file with nothing in it (all its lines are remarks) is as if it were not there. */
function isEmptySection({ key, value }: Entry, schema: Schema): boolean {
  if (value.kind !== "text" || value.style !== "missing") return false;
  const under = schemaUnder(schema, key);
  return under !== null && !wantsOf(under).text && !wantsOf(under).number;
}

/** `{reply: Hello, world}`: YAML takes the word after the comma for a key without a value. */
function hasNoColon(text: string, { keySpan, value }: Entry): boolean {
  if (value.kind !== "text" || value.style !== "missing") return false;
  return !/^\s*:/u.test(text.slice(keySpan.end));
}

function report(
  desk: Desk,
  { span, path, fault }: { readonly span: Span; readonly path: Path; readonly fault: Fault },
): void {
  const key = JSON.stringify(path);
  if (desk.reported.has(key)) return;
  desk.findings.push({ span, fault });
  desk.reported.set(key, path);
}

function readText(desk: Desk, { node, schema, path }: Part & { readonly node: TextNode }): Json {
  const wants = wantsOf(schema);
  if (node.style === "missing") {
    const misread = wants.text ? findMisreading(desk.text, node) : null;
    report(desk, misread ? { ...misread, path } : { span: node.span, path, fault: emptyValue(nameOf(path)) });
    return null;
  }
  if (wants.text) for (const finding of [findMisreading(desk.text, node)]) if (finding) desk.findings.push(finding);
  return readScalar({ ...fillIn(desk, node, path), wants: orText(wants) });
}

/** Where only lists or keys are meant, a text stays a text, for the schema to refuse. */
function orText(wants: Wants): Wants {
  return wants.flag || wants.number || wants.nothing ? wants : { ...wants, text: true };
}

function fillIn(desk: Desk, node: TextNode, path: Path): { readonly text: string; readonly plain: boolean } {
  const { text, unset, secrets, changed } = expand(node.text, desk.environment);
  desk.secrets.push(...secrets);
  for (const name of unset) desk.findings.push({ span: node.span, fault: unsetVariable(name) });
  if (unset.length > 0) desk.reported.set(JSON.stringify(path), path);
  return { text, plain: node.style === "plain" && !changed };
}

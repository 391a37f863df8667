import type { Fault } from "../../language/fault.ts";
import { suggest } from "../../language/names.ts";
import type { Json } from "../../types/json.ts";
import type { Path } from "../../types/source.ts";
import { wrongForm } from "../faults/form-faults.ts";
import { colonWithoutSpace } from "../faults/syntax-faults.ts";
import * as faults from "../faults/value-faults.ts";
import { checkAgainst, type SchemaError } from "./ajv.ts";
import { explainOneKey } from "./one-key.ts";
import {
  type FileKind,
  rootSchema,
  type Schema,
  schemaAt,
  schemaUnder,
  typesOf,
  wantsOf,
  waysOf,
} from "./schema-tree.ts";
import { keysOf, type ShapeFinding, textsOf } from "./shape.ts";

interface Checked {
  readonly kind: FileKind;
  readonly value: Json;
  /** Paths about which everything has been said already. */
  readonly reported: readonly Path[];
}

/** Every fault of shape in a typed file: unknown keys and values, what is missing, what is of the wrong kind. One a cause. */
export function checkShape(checked: Checked): readonly ShapeFinding[] {
  const errors = checkAgainst(checked.kind, checked.value).map((error) => ({
    error,
    path: pathOf(error, checked.value),
  }));
  const muddled = errors.filter(({ error, path }) => isMuddled(error, path)).map(({ path }) => path);
  const findings = errors
    .filter(({ error, path }) => error.keyword === "oneKeyOf" || !muddled.some((other) => startsWith(path, other)))
    .flatMap(({ error, path }) => explain(checked, error, path));
  return onePerPlace(findings).filter(({ path }) => !checked.reported.some((other) => startsWith(path, other)));
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((step, index) => step === path[index]);
}

/** Two actions in one, or none: whatever else is wrong inside follows from that. */
function isMuddled(error: SchemaError, path: Path): boolean {
  if (error.keyword !== "oneKeyOf") return false;
  return path.at(-1) !== "when" || foundKeys(error).length > 1;
}

function foundKeys(error: SchemaError): readonly string[] {
  const keys = keysOf(error.data);
  return textsOf(error.schema).filter((key) => keys.includes(key));
}

/** The first finding of each place: a value of the wrong kind also misses every list of allowed values. */
function onePerPlace(findings: readonly ShapeFinding[]): readonly ShapeFinding[] {
  const seen = new Set<string>();
  return findings.filter(({ path, part }) => {
    const key = JSON.stringify([path, part]);
    return !seen.has(key) && seen.add(key);
  });
}

/** ajv's JSON pointer as keys and indexes. */
function pathOf(error: SchemaError, value: Json): Path {
  const steps = error.instancePath.split("/").slice(1);
  let part: unknown = value;
  return steps.map((step) => {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    const index = Array.isArray(part) ? Number(key) : key;
    part = typeof part === "object" && part !== null ? Reflect.get(part, key) : undefined;
    return index;
  });
}

function explain(checked: Checked, error: SchemaError, path: Path): readonly ShapeFinding[] {
  if (error.keyword === "oneKeyOf") return explainOneKey(error, path);
  if (error.keyword === "additionalProperties") return [explainUnknown(checked, error, path)];
  if (error.propertyName !== undefined) return explainName(error, path);
  if (error.keyword === "required")
    return [{ path, part: "value", fault: faults.missingKey(String(error.params.missingProperty)) }];
  const fault = explainValue(checked, error, path);
  return fault === null ? [] : [{ path, part: "value", fault }];
}

function explainName(error: SchemaError, path: Path): readonly ShapeFinding[] {
  const name = String(error.propertyName);
  if (error.keyword !== "pattern") return [];
  return [{ path: [...path, name], part: "key", fault: wrongForm(name, titleOf(error)) }];
}

function titleOf(error: SchemaError): string {
  return String(error.parentSchema?.title ?? "");
}

function explainUnknown(checked: Checked, error: SchemaError, path: Path): ShapeFinding {
  const word = String(error.params.additionalProperty);
  const at = { path: [...path, word], part: "key" } as const;
  const empty = emptyKeyFor(word, checked, path, error.data);
  if (empty !== null) return { ...at, fault: faults.shallowKey(word, empty) };
  const allowed = keysOf(error.parentSchema?.properties);
  const suggestion = suggest(word, allowed);
  const owner = path.at(-1);
  const above = schemaAt(checked.kind, checked.value, path.slice(0, -1));
  if (suggestion === null && typeof owner === "string" && knowsUnder(above, word))
    return { ...at, fault: faults.misplacedKey(word, owner) };
  return { ...at, fault: faults.unknownKey({ word, suggestion, allowed }) };
}

/** A key beside it that has no value, under which this one is known: `when:`, and `message:` right below it. */
function emptyKeyFor(word: string, { kind, value }: Checked, path: Path, beside: unknown): string | null {
  const empty = keysOf(beside).filter((key) => Reflect.get(Object(beside), key) === null);
  return empty.find((key) => knowsUnder(schemaAt(kind, value, [...path, key]), word)) ?? null;
}

function knowsUnder(schema: Schema | null, word: string): boolean {
  if (schema === null) return false;
  return waysOf(schema).some((way) => way.properties !== undefined && schemaUnder(way, word) !== null);
}

const LONGEST_QUOTE = 60;

function quotable(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  const text = String(value);
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}...` : text;
}

function explainValue(checked: Checked, error: SchemaError, path: Path): Fault | null {
  const name = faults.nameOf(path);
  const limit = Number(error.params.limit);
  switch (error.keyword) {
    case "type":
      return wrongKind(checked, error, path);
    case "enum":
      return unknownValue(checked, error, path);
    case "const":
      return faults.wrongVersion();
    case "pattern":
      return wrongForm(quotable(error.data), titleOf(error));
    case "minLength":
    case "minItems":
    case "minProperties":
      return faults.nothingInside(name);
    case "maxLength":
      return faults.tooLong(name, limit);
    case "maxItems":
      return faults.tooMany(name, limit);
    case "minimum":
    case "maximum":
    case "exclusiveMinimum":
      return faults.outOfRange(name, String(error.params.comparison), limit);
    case "uniqueItems":
      return faults.sameTwice(name);
    default:
      return null;
  }
}

/** `wait:5m`; an address (`https://...`) is none. */
const GLUED = /^[a-z_]+:(?!\/\/)\S/u;

function wrongKind({ kind, value }: Checked, error: SchemaError, path: Path): Fault {
  if (path.length === 0) return faults.notKeyed(kind === "config" ? "version: 1" : `${kind}:`);
  const kinds = kindsOf(schemaAt(kind, value, path) ?? rootSchema(kind));
  const glued = kinds.includes("map") && typeof error.data === "string" && GLUED.test(error.data);
  return glued ? colonWithoutSpace() : faults.wrongKind(faults.nameOf(path), kinds, kindOf(error.data));
}

function unknownValue({ kind, value }: Checked, error: SchemaError, path: Path): Fault {
  const all = Array.isArray(error.params.allowedValues) ? error.params.allowedValues : [];
  const allowed = textsOf(all);
  const word = quotable(error.data);
  const unknown = { word, suggestion: suggest(word, allowed), allowed };
  const takesKeys = kindsOf(schemaAt(kind, value, path) ?? rootSchema(kind)).includes("map");
  return (takesKeys ? faults.unknownValueOrKeys : faults.unknownValue)(faults.nameOf(path), unknown);
}

function kindOf(value: unknown): faults.Kind {
  if (Array.isArray(value)) return "list";
  if (typeof value === "number") return Number.isInteger(value) ? "number" : "fraction";
  if (typeof value === "boolean") return "flag";
  if (typeof value === "string") return "text";
  return value === null ? "null" : "map";
}

/** What a value may be, in the words of `faults.ts`. */
function kindsOf(schema: Schema): readonly faults.Kind[] {
  const wants = wantsOf(schema);
  const types = waysOf(schema).flatMap(typesOf);
  const kinds: faults.Kind[] = [];
  if (wants.text) kinds.push("text");
  if (wants.number) kinds.push(types.includes("number") || wants.text ? "number" : "integer");
  if (wants.flag) kinds.push("flag");
  if (types.includes("array")) kinds.push("list");
  if (types.includes("object")) kinds.push("map");
  return kinds;
}

import configSchema from "../../../schemas/bot.config.schema.json" with { type: "json" };
import rulesSchema from "../../../schemas/rules.schema.json" with { type: "json" };
import testsSchema from "../../../schemas/tests.schema.json" with { type: "json" };
import { isObject, type Json } from "../../types/json.ts";
import type { Path } from "../../types/source.ts";

/** The part of JSON Schema that our schemas use. `oneKeyOf` and `tsType` are our own words in it: exactly one of these
 *  keys; what the value is once it has been read. */
export interface Schema {
  readonly $ref?: string;
  readonly title?: string;
  readonly type?: string | readonly string[];
  readonly tsType?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly required?: readonly string[];
  readonly oneKeyOf?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** Which of the schemas a file has to follow. */
export type FileKind = "config" | "rules" | "tests";

const ROOTS: Readonly<Record<FileKind, Schema>> = { config: configSchema, rules: rulesSchema, tests: testsSchema };
/** By name: no name stands in two schemas. */
const DEFINITIONS: Readonly<Record<string, Schema>> = { ...rulesSchema.$defs, ...testsSchema.$defs };

/** Anything goes: what stands under a key that takes free data. */
export const ANYTHING: Schema = { type: ["string", "number", "boolean", "null", "array", "object"] };

/** The schema of a whole file. */
export function rootSchema(kind: FileKind): Schema {
  return ROOTS[kind];
}

/** The schema behind a reference; what stands beside the reference is only for people and editors. */
export function follow(schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  return DEFINITIONS[schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1)] ?? ANYTHING;
}

/** The types that a schema names itself, not behind its reference or `anyOf`. */
export function typesOf(schema: Schema): readonly string[] {
  if (schema.type === undefined) return [];
  return typeof schema.type === "string" ? [schema.type] : schema.type;
}

/** Every way to write a value: the branches of `anyOf`, or the schema itself. */
export function waysOf(schema: Schema): readonly Schema[] {
  const followed = follow(schema);
  return followed.anyOf === undefined ? [followed] : followed.anyOf.flatMap(waysOf);
}

/** The outer form of something written or read: `keys` of keys with values, none otherwise. */
export interface Shape {
  readonly kind: "text" | "list" | "map";
  readonly keys: readonly string[];
}

/** The way that fits: by the shape and, for keys with values, by the key that tells the ways apart. */
export function wayFor(schema: Schema, { kind, keys }: Shape): Schema | null {
  if (kind === "text") return follow(schema);
  const type = kind === "list" ? "array" : "object";
  const ways = waysOf(schema).filter((way) => typesOf(way).includes(type));
  return ways.length < 2 ? (ways[0] ?? null) : (ways.find((way) => keys.includes(way.required?.[0] ?? "")) ?? null);
}

/** The schema of the value at a path of a whole file; null where the schemas do not reach. */
export function schemaAt(kind: FileKind, value: Json, path: Path): Schema | null {
  let schema: Schema | null = rootSchema(kind);
  let part: Json | undefined = value;
  for (const step of path) {
    const way: Schema | null = schema === null ? null : wayFor(schema, shapeOf(part));
    schema = typeof step === "number" ? (way?.items ?? null) : way && schemaUnder(way, step);
    part = childOf(part, step);
  }
  return schema;
}

function shapeOf(value: Json | undefined): Shape {
  if (Array.isArray(value)) return { kind: "list", keys: [] };
  return isObject(value) ? { kind: "map", keys: Object.keys(value) } : { kind: "text", keys: [] };
}

function childOf(value: Json | undefined, step: string | number): Json | undefined {
  if (Array.isArray(value)) return value[Number(step)];
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

/** The schema of what stands under a key; null when the key is not known there. */
export function schemaUnder(schema: Schema, key: string): Schema | null {
  const own = schema.properties;
  if (own !== undefined && Object.hasOwn(own, key)) return own[key] ?? null;
  if (schema.additionalProperties === false) return null;
  return typeof schema.additionalProperties === "object" ? schema.additionalProperties : ANYTHING;
}

/** What a scalar may become here. */
export interface Wants {
  readonly text: boolean;
  readonly flag: boolean;
  readonly number: boolean;
  readonly nothing: boolean;
}

/** What a scalar may become under this schema, over all ways to write it. */
export function wantsOf(schema: Schema): Wants {
  const names = waysOf(schema).flatMap(scalarNames);
  return {
    text: names.includes("string"),
    flag: names.includes("boolean") || names.includes("true"),
    number: names.includes("number") || names.includes("integer"),
    nothing: names.includes("null"),
  };
}

const PRIMITIVES = ["string", "number", "boolean", "true", "null"];

/** `tsType` says it where editors have to be told of more types than the value can have (`08` is a number to them). */
function scalarNames(schema: Schema): readonly string[] {
  const own = schema.tsType?.split(" | ");
  if (own?.every((name) => PRIMITIVES.includes(name))) return own;
  if (schema.type === undefined && typeof schema.const === "number") return ["number"];
  return typesOf(schema);
}

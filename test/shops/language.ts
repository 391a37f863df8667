import configSchema from "../../schemas/bot.config.schema.json" with { type: "json" };
import rulesSchema from "../../schemas/rules.schema.json" with { type: "json" };
import type { Schema } from "../../src/config/schema/schema-tree.ts";
import { isObject, type Json } from "../../src/types/json.ts";

/** A part of a schema, and how it is called: `reply.buttons`, `openHours.daily`, `config.bot`. */
interface Named {
  readonly id: string;
  readonly schema: Schema;
}

const DEFINITIONS: Readonly<Record<string, Schema>> = rulesSchema.$defs;
export const ROOTS: Readonly<Record<"config" | "rules", Named>> = {
  config: { id: "config", schema: configSchema },
  rules: { id: "file", schema: rulesSchema },
};

/** Every key and every value of a closed list (`match.dialog=closed`) that the schemas know. */
export function declaredWords(): ReadonlySet<string> {
  const words = new Set<string>();
  for (const [id, schema] of Object.entries(DEFINITIONS)) declare({ id, schema }, words);
  for (const root of Object.values(ROOTS)) declare(root, words);
  return words;
}

function declare({ id, schema }: Named, words: Set<string>): void {
  for (const value of choices(schema)) words.add(`${id}=${value}`);
  for (const [key, inner] of Object.entries(schema.properties ?? {})) {
    words.add(`${id}.${key}`);
    declare({ id: `${id}.${key}`, schema: inner }, words);
  }
  if (schema.items !== undefined) declare({ id: `${id}[]`, schema: schema.items }, words);
  if (typeof schema.additionalProperties === "object") {
    declare({ id: `${id}[]`, schema: schema.additionalProperties }, words);
  }
  for (const way of schema.anyOf ?? []) declare({ id, schema: way }, words);
}

/** The words of a closed list; a flag is none. */
function choices({ enum: values = [] }: Schema): readonly string[] {
  const words = values.filter((value) => typeof value === "string");
  return values.some((value) => typeof value === "boolean") ? [] : words;
}

/** Marks every word that a value uses, as the schema reads it. */
export function markUsed(named: Named, value: Json, used: Set<string>): void {
  const way = waysOf(named).find((one) => isMeant(one, value));
  if (way === undefined) return;
  const { id, schema } = way;
  if (typeof value === "string" && choices(schema).includes(value)) used.add(`${id}=${value}`);
  if (Array.isArray(value))
    for (const item of value) markUsed({ id: `${id}[]`, schema: schema.items ?? {} }, item, used);
  if (!isObject(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    const under = schema.properties?.[key];
    if (under !== undefined) used.add(`${id}.${key}`);
    const other = typeof schema.additionalProperties === "object" ? schema.additionalProperties : {};
    markUsed(
      under === undefined ? { id: `${id}[]`, schema: other } : { id: `${id}.${key}`, schema: under },
      inner,
      used,
    );
  }
}

/** What a reference stands for is called by its own name. */
function waysOf({ id, schema }: Named): readonly Named[] {
  const name = schema.$ref?.slice(schema.$ref.lastIndexOf("/") + 1);
  const definition = name === undefined ? undefined : DEFINITIONS[name];
  if (name !== undefined && definition !== undefined) return waysOf({ id: name, schema: definition });
  return schema.anyOf === undefined ? [{ id, schema }] : schema.anyOf.flatMap((way) => waysOf({ id, schema: way }));
}

function isMeant({ schema }: Named, value: Json): boolean {
  const types = [schema.type ?? []].flat();
  if (Array.isArray(value)) return types.includes("array");
  if (!isObject(value)) {
    const isListed = choices(schema).length === 0 || choices(schema).includes(String(value));
    return isListed && (types.length === 0 || types.some((type) => type !== "array" && type !== "object"));
  }
  const key = schema.required?.[0];
  return types.includes("object") && (key === undefined || Object.hasOwn(value, key) || schema.oneKeyOf !== undefined);
}

import { isObject, type Json, type JsonObject } from "../types/json.ts";
import type { CompileTools, RawPath, Scene } from "./action.ts";

/** Checks every text inside nested raw data as a template. The data itself is kept as written. */
export function checkTemplates(raw: Json, path: RawPath, tools: CompileTools): void {
  if (typeof raw === "string") {
    if (raw.includes("{{") || raw.includes("{%")) tools.text(raw, path);
    return;
  }
  if (Array.isArray(raw)) for (const [index, item] of raw.entries()) checkTemplates(item, [...path, index], tools);
  else if (isObject(raw)) for (const [key, item] of Object.entries(raw)) checkTemplates(item, [...path, key], tools);
}

/** The same data with every template rendered; an empty result is null. */
export function fill(raw: Json, scene: Scene): Json {
  if (typeof raw === "string") return raw.includes("{{") || raw.includes("{%") ? scene.render(raw) : raw;
  if (Array.isArray(raw)) return raw.map((item) => fill(item, scene));
  if (!isObject(raw)) return raw;
  return Object.fromEntries(Object.entries(raw).map(([key, item]) => [key, fill(item, scene)]));
}

/** Texts that stand where the API wants a number or a flag become one; empty ones are left out. `schema` is a JSON Schema. */
export function fitTo(schema: JsonObject, defs: JsonObject, value: Json): Json | undefined {
  const shape = resolve(schema, defs);
  if (value === null || value === "") return wants(shape, "string") && value === "" ? "" : undefined;
  if (typeof value === "string" && !wants(shape, "string")) return fromText(shape, value);
  if (Array.isArray(value)) return fitList(shape, defs, value);
  if (isObject(value)) return fitObject(shape, defs, value);
  if (typeof value === "number" && !wants(shape, "number") && !wants(shape, "integer") && wants(shape, "string"))
    return String(value);
  return value;
}

function fitList(shape: JsonObject, defs: JsonObject, value: readonly Json[]): Json {
  const items = isObject(shape.items) ? shape.items : {};
  return value.map((item) => fitTo(items, defs, item)).filter((item) => item !== undefined);
}

function fitObject(shape: JsonObject, defs: JsonObject, value: JsonObject): Json {
  const properties = isObject(shape.properties) ? shape.properties : {};
  const fitted = Object.entries(value).map(([key, item]) => {
    const property = properties[key];
    return [key, isObject(property) ? fitTo(property, defs, item) : item] as const;
  });
  return Object.fromEntries(fitted.filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

function fromText(shape: JsonObject, text: string): Json {
  if ((wants(shape, "number") || wants(shape, "integer")) && text.trim() !== "" && Number.isFinite(Number(text)))
    return Number(text);
  if (wants(shape, "boolean") && /^(true|yes)$/i.test(text)) return true;
  if (wants(shape, "boolean") && /^(false|no)$/i.test(text)) return false;
  return text;
}

function wants(shape: JsonObject, type: string): boolean {
  return shape.type === type || (Array.isArray(shape.type) && shape.type.includes(type)) || shape.type === undefined;
}

/** Follows `$ref` and takes the described variant of `oneOf: [x, null]`. */
function resolve(schema: JsonObject, defs: JsonObject): JsonObject {
  if (typeof schema.$ref === "string") {
    const target = defs[schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1)];
    return isObject(target) ? resolve(target, defs) : {};
  }
  const variants = schema.oneOf ?? schema.anyOf;
  const first = Array.isArray(variants)
    ? variants.find((variant) => isObject(variant) && variant.type !== "null")
    : undefined;
  return isObject(first) ? resolve(first, defs) : schema;
}

/** Plain data: what YAML, JSON, the store and json-logic share. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Is this plain data with names? Null and a list are not. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One json-logic expression: `{operator: [operands]}`, or a literal. Checked by `language/logic/condition.ts` before it is kept. */
export type Logic = Json;

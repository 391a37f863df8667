import { isObject, type Json, type JsonObject } from "../types/json.ts";

/** The value as a map; anything else, PHP's `[]` for an empty map included, is an empty one. */
export const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

/** The objects of a list answer; null and whatever else stands there count as nothing. */
export const rowsOf = (answer: Json | undefined): readonly JsonObject[] =>
  Array.isArray(answer) ? answer.filter(isObject) : [];

import { isObject, type Json, type JsonObject } from "../types/json.ts";

/** Lenient readers of the gateway's data: null and absent are alike, a wrong type is null (reference README, events.schema.json). */
export function objectAt(value: Json | undefined, key: string): JsonObject | null {
  const inner = isObject(value) ? value[key] : undefined;
  return isObject(inner) ? inner : null;
}

export function textAt(value: Json | undefined, key: string): string | null {
  const inner = isObject(value) ? value[key] : undefined;
  return typeof inner === "string" && inner !== "" ? inner : null;
}

export function idAt(value: Json | undefined, key: string): number | null {
  const inner = isObject(value) ? value[key] : undefined;
  return typeof inner === "number" && Number.isSafeInteger(inner) && inner > 0 ? inner : null;
}

export function flagAt(value: Json | undefined, key: string): boolean | null {
  const inner = isObject(value) ? value[key] : undefined;
  return typeof inner === "boolean" ? inner : null;
}

export function numberAt(value: Json | undefined, key: string): number | null {
  const inner = isObject(value) ? value[key] : undefined;
  return typeof inner === "number" && Number.isFinite(inner) ? inner : null;
}

/** RFC 3339 moment (any fraction, any offset) as Unix ms; null when absent or unreadable. */
export function momentAt(value: Json | undefined, key: string): number | null {
  const text = textAt(value, key);
  const at = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

export function listAt(value: Json | undefined, key: string): readonly JsonObject[] {
  return objectsIn(isObject(value) ? value[key] : undefined);
}

export function objectsIn(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

import type { Json } from "../../types/json.ts";
import { isObject } from "../../types/json.ts";

/** `a`, `a or b`, `a, b or c`. */
export function listLabel(items: readonly string[], word: "and" | "or"): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} ${word} ${last}`;
}

/** Text in quotes, flags as `yes` and `no`, numbers bare. */
export function quote(value: Json): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return listLabel(value.map(quote), "or");
  return typeof value === "string" ? `"${value}"` : JSON.stringify(value);
}

/** A value or a list of values as texts. */
export function textsOf(value: unknown): readonly string[] {
  const listed: readonly unknown[] = Array.isArray(value) ? value : [value];
  return listed.filter((item) => typeof item !== "object" && item !== undefined).map(String);
}

/** The entries of `{path: value}`; nothing for anything else. */
export function entriesOf(value: unknown): readonly [string, Json][] {
  return isObject(value) ? Object.entries(value) : [];
}

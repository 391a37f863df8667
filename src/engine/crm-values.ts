import { toNumber } from "../language/logic/compare.ts";

/** Lenient readers of the CRM's rows: a field may be absent, null or of another type whatever its description says, and PHP
 *  writes an empty map as `[]`. */

/** A text that says something, trimmed; a number as text; null for anything else. */
export function textOf(value: unknown): string | null {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text.trim() !== "" ? text.trim() : null;
}

/** A number, also one written as text (`"43.90"`); null for anything else. */
export const numberOf = (value: unknown): number | null => toNumber(value);

/** The entries of a list that are something; anything but a list is an empty one. */
export const listOf = <Item>(value: readonly Item[] | null | undefined): readonly Item[] =>
  Array.isArray(value) ? value.filter((item) => item !== null && item !== undefined) : [];

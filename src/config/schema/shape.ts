import type { Fault } from "../../language/fault.ts";
import type { Path } from "../../types/source.ts";

/** A fault of shape and the path it is at: the key there, or the value. */
export interface ShapeFinding {
  readonly path: Path;
  readonly part: "key" | "value";
  readonly fault: Fault;
}

/** The keys of a map, the indexes of a list; nothing of anything else. */
export function keysOf(value: unknown): readonly string[] {
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}

/** The texts of a list; nothing of anything else. */
export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

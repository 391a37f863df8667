import type { Fault } from "../language/fault.ts";

/** Keys and indexes from the top of a file. */
export type Path = readonly (string | number)[];

/** A fault of shape and the path it is at: the key there, or the value. */
export interface ShapeFinding {
  readonly path: Path;
  readonly part: "key" | "value";
  readonly fault: Fault;
}

export function keysOf(value: unknown): readonly string[] {
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}

export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

import type { Place } from "./issue.ts";
import type { JsonObject } from "./json.ts";

/** Keys and indexes from the top of a file. */
export type Path = readonly (string | number)[];

/** One parsed and schema-checked file: its value, and where each part of it stands. */
export interface Source {
  /** As the operator would type it, relative to the root file's folder. */
  readonly file: string;
  readonly value: JsonObject;
  /** The place of the value at a path (keys and indexes), or of its key. An absent path gives the nearest present parent. */
  locate(path: Path, part?: "key" | "value"): { readonly place: Place; readonly length: number };
}

import type { JsonObject, Logic } from "../types/json.ts";
import type { Action } from "./action.ts";
import { nothing } from "./speech.ts";

interface RawChoice {
  readonly if?: unknown;
  readonly do: readonly JsonObject[];
}

/** Goes into the first entry whose `if` holds; an entry without `if` always does. */
export const choose: Action<
  { readonly choose: readonly RawChoice[] },
  { readonly conditions: readonly (Logic | null)[] }
> = {
  name: "choose",
  speaksTo: () => null,
  compile(raw, tools) {
    const entries = raw.choose.map(
      (entry, index) => [String(index), { raw: entry.do, path: ["choose", index, "do"] }] as const,
    );
    const conditions = raw.choose.map((entry, index) =>
      entry.if === undefined ? null : tools.condition(entry.if, ["choose", index, "if"]),
    );
    return { args: { conditions }, branches: Object.fromEntries(entries) };
  },
  advance({ conditions }, scene) {
    const chosen = conditions.findIndex((condition) => condition === null || scene.holds(condition));
    return chosen === -1 ? nothing("no_choice") : { branch: String(chosen) };
  },
};

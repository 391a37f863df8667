import { offeredPaths, STORED } from "../language/paths.ts";
import { isObject, type JsonObject } from "../types/json.ts";
import type { RuleContext } from "./context.ts";
import { builtInName } from "./path-faults.ts";
import { listOf } from "./raw.ts";
import { inside, keyOf, type Spot } from "./report.ts";

/** Every name that some `set:` in these raw rules stores: `dialog.topic`, `customer.size`. Looks at nested lists too. */
export function storedNames(rules: readonly unknown[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const rule of rules) if (isObject(rule)) collect(rule.do, names);
  return names;
}

function collect(value: unknown, names: Set<string>): void {
  if (Array.isArray(value)) for (const item of listOf(value)) collect(item, names);
  if (!isObject(value)) return;
  if (isObject(value.set)) for (const name of Object.keys(value.set)) names.add(name.split(".").slice(0, 2).join("."));
  for (const item of Object.values(value)) if (typeof item === "object") collect(item, names);
}

/** A name that the event itself fills can't be set: what it says would win, and the stored value would never be seen. */
export function checkSet(raw: JsonObject, spot: Spot, { report }: RuleContext): void {
  for (const path of Object.keys(isObject(raw.set) ? raw.set : {})) {
    const [owner, name = ""] = path.split(".");
    const known = STORED.find((stored) => stored === owner);
    const offered = known === undefined ? undefined : offeredPaths("message")[known];
    if (typeof offered === "object" && Object.hasOwn(offered, name)) {
      report.fault(keyOf(inside(spot, "set", path)), builtInName(path, `${owner}.own_${name}`));
    }
  }
}

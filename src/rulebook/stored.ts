import type { RawPath } from "../actions/action.ts";
import { offeredPaths, STORED } from "../language/paths.ts";
import { isObject, type JsonObject } from "../types/json.ts";
import type { RuleContext } from "./context.ts";
import { builtInName } from "./path-faults.ts";
import { listOf, textOf } from "./raw.ts";
import { inside, keyOf, type Report, type Spot } from "./report.ts";

/** Every name that some `set:` or the `save:` of a question in these raw rules and flows stores: `dialog.topic`. Looks at nested
 *  lists too. */
export function storedNames(rules: readonly unknown[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const rule of rules) if (isObject(rule)) collect(rule.do, names);
  return names;
}

function collect(value: unknown, names: Set<string>): void {
  if (Array.isArray(value)) for (const item of listOf(value)) collect(item, names);
  if (!isObject(value)) return;
  for (const { name } of storedBy(value)) names.add(name.split(".").slice(0, 2).join("."));
  for (const item of Object.values(value)) if (typeof item === "object") collect(item, names);
}

/** A name that the event itself fills can't be stored: what it says would win, and the stored value would never be seen. */
export function checkStored(raw: JsonObject, spot: Spot, { report }: RuleContext): void {
  for (const { name, at } of storedBy(raw)) {
    const place = inside(spot, ...at);
    checkFree(name, raw.set === undefined ? place : keyOf(place), report);
  }
}

/** Reports a full name (`customer.phone`) that the event itself fills. */
export function checkFree(path: string, spot: Spot, report: Report): void {
  const [owner, name = ""] = path.split(".");
  const known = STORED.find((stored) => stored === owner);
  const offered = known === undefined ? undefined : offeredPaths("message")[known];
  if (typeof offered !== "object" || !Object.hasOwn(offered, name)) return;
  report.fault(spot, builtInName(path, `${owner}.own_${name}`));
}

/** What one raw action stores, and where it says so: keys of `set:`, the value of a question's `save:`. */
function storedBy(raw: JsonObject): readonly { readonly name: string; readonly at: RawPath }[] {
  if (isObject(raw.set)) return Object.keys(raw.set).map((name) => ({ name, at: ["set", name] }));
  const saved = raw.ask === undefined ? null : textOf(raw.save);
  return saved === null ? [] : [{ name: saved, at: ["save"] }];
}

import { nameKey } from "../language/names.ts";
import type { JsonObject } from "../types/json.ts";
import { duplicateId, duplicateRule } from "./faults.ts";
import { textOf } from "./raw.ts";
import type { Report, Spot } from "./report.ts";
import { find, inside } from "./report.ts";
import { lineName } from "./words-for.ts";

/** A rule as written, and where. */
export interface WrittenRule {
  readonly raw: JsonObject;
  readonly spot: Spot;
}

/** The rule's lasting name for marks and runs: `id:`, else its name. */
export function idOf(raw: JsonObject): string {
  return textOf(raw.id) ?? textOf(raw.rule) ?? "";
}

/** Two rules of one name, or of one id, are a fault at the second one. Names differ only if people see the difference. */
export function checkNames(rules: readonly WrittenRule[], report: Report): void {
  const names = new Map<string, Spot>();
  const ids = new Map<string, Spot>();
  for (const { raw, spot } of rules) {
    const name = textOf(raw.rule) ?? "";
    const named = inside(spot, "rule");
    const isTwin = claim(names, nameKey(name), named, (first) => report.fault(named, duplicateRule(name, first)));
    const id = idOf(raw);
    const idSpot = raw.id === undefined ? named : inside(spot, "id");
    if (!isTwin || raw.id !== undefined)
      claim(ids, id, idSpot, (first) => report.fault(idSpot, duplicateId(id, first)));
  }
}

/** Takes a name for the first that asks; tells where that one stands to any later one. */
function claim(taken: Map<string, Spot>, name: string, spot: Spot, complain: (first: string) => void): boolean {
  const first = taken.get(name);
  if (first) complain(lineName(find(first).place));
  else taken.set(name, spot);
  return first !== undefined;
}

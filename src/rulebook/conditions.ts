import type { RawPath } from "../actions/action.ts";
import { compileConditions, varPaths } from "../language/logic/condition.ts";
import type { Logic } from "../types/json.ts";
import type { ConditionPart } from "../types/rule.ts";
import type { RuleContext } from "./context.ts";
import { readPath } from "./readable.ts";
import { inside, keyOf, type Spot } from "./report.ts";

/** The parts of an `if:`, with its shape, its operators and every path it reads checked. */
export function compileIf(raw: unknown, spot: Spot, context: RuleContext): readonly ConditionPart[] {
  if (raw === undefined || raw === null) return [];
  const { parts, faults } = compileConditions(raw, "if");
  for (const fault of faults) {
    const at = inside(spot, ...fault.path);
    context.report.fault(ABOUT_KEYS.has(fault.code) ? keyOf(at) : at, fault);
  }
  for (const part of parts) checkPaths(part, raw, spot, context);
  return parts;
}

/** Faults about a word itself: it is underlined, not what stands under it. */
const ABOUT_KEYS: ReadonlySet<string> = new Set(["unknown-condition", "logic-operator", "logic-operands"]);

/** One tree for all parts; without any it always holds (json-logic's own empty `and` never would). */
export function allOf(parts: readonly ConditionPart[]): Logic {
  if (parts.length === 0) return true;
  const [only] = parts;
  return parts.length === 1 && only ? only.logic : { and: parts.map((part) => part.logic) };
}

/** Reports every path in the tree that the rule can't read, at the place where the raw condition names it. */
function checkPaths(part: ConditionPart, raw: unknown, spot: Spot, context: RuleContext): void {
  for (const { name } of varPaths(part.logic)) {
    const reading = readPath(name, context.readable);
    if (reading.kind !== "fault") continue;
    const named = whereNamed(raw, name);
    const at = named ? { ...inside(spot, ...named.path), part: named.part } : keyOf(inside(spot, part.key));
    context.report.fault(at, reading.finding);
  }
}

interface Named {
  readonly path: RawPath;
  readonly part: "key" | "value";
}

/** Where a raw condition writes this path: as a key (`is: {path: value}`), as a value (`known: path`), or in short
 *  (`open: office`). */
function whereNamed(raw: unknown, name: string, path: RawPath = []): Named | null {
  if (raw === name) return { path, part: "value" };
  if (typeof raw !== "object" || raw === null) return null;
  for (const [key, value] of Object.entries(raw)) {
    const further = [...path, Array.isArray(raw) ? Number(key) : key];
    if (key === name) return { path: further, part: "key" };
    if ((key === "open" || key === "closed") && name === `hours.${value}.open`) return { path: further, part: "value" };
    const found = whereNamed(value, name, further);
    if (found) return found;
  }
  return null;
}

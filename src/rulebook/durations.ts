import { parseDuration } from "../language/duration.ts";
import { badDuration } from "./faults.ts";
import { textOf } from "./raw.ts";
import type { Report, Spot } from "./report.ts";

/** A written duration in ms; a wrong one is a fault and counts as 0. */
export function compileDuration(raw: unknown, spot: Spot, report: Report): number {
  const text = textOf(raw) ?? "";
  const ms = parseDuration(text);
  if (ms === null) report.fault(spot, badDuration(text));
  return ms ?? 0;
}

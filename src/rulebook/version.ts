import { createHash } from "node:crypto";
import type { Rule, Rulebook } from "../types/rule.ts";

/** The same text for equal data, whatever the order of its keys; undefined entries are left out. */
export function canonical(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item)).join(",")}]`;
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`);
  return `{${entries.join(",")}}`;
}

/** A short name for some data: the first 16 hex digits of the SHA-256 of its canonical text. */
function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** Version of one rule: changes when the rule would act differently, not when it moves to another line or file.
 *  People and teams are not part of it: runs always see the present ones. */
export function ruleVersion(rule: Omit<Rule, "version">): string {
  const { place, description, do: steps, ...acts } = rule;
  return fingerprint(canonical([acts, steps.map((step) => withoutPlaces(step))]));
}

/** Version of the whole rulebook: changes with every edit that can be seen, lines included. */
export function rulebookVersion(book: Omit<Rulebook, "version">): string {
  return fingerprint(JSON.stringify(book));
}

/** Version of a rulebook that differs from another one in these parts only. */
export function versionUpon(version: string, changes: unknown): string {
  return fingerprint(canonical([version, changes]));
}

/** Takes `place` out of a step and its branches; `args` may hold a key of that name and keeps it. */
function withoutPlaces(step: Rule["do"][number]): unknown {
  const { place, branches, ...acts } = step;
  const kept = Object.entries(branches).map(([name, steps]) => [name, steps.map(withoutPlaces)]);
  return { ...acts, branches: Object.fromEntries(kept) };
}

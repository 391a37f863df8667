import type { RawPath } from "../actions/action.ts";
import type { Issue, Place, Sentence } from "../types/issue.ts";
import type { Source } from "../types/source.ts";

/** What is wrong, before it is known where: a stable code, the cause and (may be null) the fix. */
export interface Finding {
  readonly code: string;
  readonly cause: Sentence;
  readonly fix: Sentence | null;
}

/** A part of one file: the value at `path`, or its key. */
export interface Spot {
  readonly source: Source;
  readonly path: RawPath;
  readonly part?: "key" | "value";
}

/** Collects the issues of one compilation. The same finding at the same place is kept once. */
export interface Report {
  readonly issues: readonly Issue[];
  fault(at: Spot, finding: Finding): void;
  warn(at: Spot, finding: Finding): void;
  /** For a place inside a value, such as a word of a template. */
  add(severity: Issue["severity"], at: Found, finding: Finding): void;
}

export interface Found {
  readonly place: Place;
  readonly length: number;
}

/** The spot some steps further down. */
export function inside(at: Spot, ...path: RawPath): Spot {
  return { source: at.source, path: [...at.path, ...path] };
}

/** The key itself: for a fault that is about the word rather than its value. */
export function keyOf(at: Spot): Spot {
  return { ...at, part: "key" };
}

export function find(at: Spot): Found {
  return at.source.locate(at.path, at.part ?? "value");
}

export function createReport(): Report {
  const issues: Issue[] = [];
  const seen = new Set<string>();
  function add(severity: Issue["severity"], { place, length }: Found, finding: Finding): void {
    const key = [place.file, place.line, place.column, finding.code, finding.cause.en].join("\n");
    if (seen.has(key)) return;
    seen.add(key);
    const { code, cause, fix } = finding;
    issues.push({ severity, code, place, length: Math.max(1, length), cause, fix });
  }
  return {
    issues,
    add,
    fault: (at, finding) => add("fault", find(at), finding),
    warn: (at, finding) => add("warning", find(at), finding),
  };
}

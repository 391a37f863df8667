import { toIssue } from "../config/faults/issue.ts";
import type { Issue, Sentence } from "../types/issue.ts";
import type { Rulebook } from "../types/rule.ts";
import { happenedLines } from "./happened-lines.ts";
import type { RuleTest } from "./read-tests.ts";
import type { Mismatch } from "./seen.ts";
import { build, words } from "./sentences.ts";
import type { Happened } from "./witness.ts";

/** Why a test failed: an issue with its place (file, line, the word of `expect:` that is not met), and what happened instead. */
export interface Failure {
  readonly test: string;
  /** Which step, from 1; null: the test could not begin. */
  readonly step: number | null;
  readonly issue: Issue;
  readonly happened: readonly Sentence[];
}

/** A step that can't be played, or a test that can't begin (`index` null). */
export function failureOf(
  test: RuleTest,
  index: number | null,
  { cause, happened }: { readonly cause: Sentence; readonly happened: readonly Sentence[] },
): Failure {
  const step = index === null ? null : index + 1;
  const path = index === null ? [...test.path, "test"] : [...test.path, "steps", index];
  return { test: test.name, step, happened, issue: issueAt(test, path, { step, cause }) };
}

/** An expectation that is not met. */
export function failureAt(
  test: RuleTest,
  index: number,
  { path, cause, happened, rulebook }: Mismatch & { readonly happened: Happened; readonly rulebook: Rulebook },
): Failure {
  const step = index + 1;
  const whole = [...test.path, "steps", index, "expect", ...path];
  const issue = issueAt(test, whole, { step, cause });
  return { test: test.name, step, issue, happened: happenedLines(happened, rulebook) };
}

function issueAt(
  { name, source }: RuleTest,
  path: RuleTest["path"],
  { step, cause }: { readonly step: number | null; readonly cause: Sentence },
): Issue {
  const where = words.where(name, step);
  const sentence = build((language) => `${where[language]}${cause[language]}.`);
  return toIssue("fault", source.locate(path), { code: "test-failed", cause: sentence, fix: null });
}

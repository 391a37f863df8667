import type { Sentence } from "../types/issue.ts";
import type { Rulebook } from "../types/rule.ts";
import type { Path } from "../types/source.ts";
import type { Account } from "./account.ts";
import type { Happened, Standing } from "./witness.ts";

/** All that an `expect` looks at, in one chat. */
export interface Seen {
  readonly account: Account;
  readonly rulebook: Rulebook;
  readonly happened: Happened;
  readonly standing: Standing;
  /** How the chat stood after the `expect` before. */
  readonly before: Standing;
}

/** One thing that was expected and is not so. `path` leads from the expectation to the value that says it. */
export interface Mismatch {
  readonly path: Path;
  /** Half a sentence, without the test's name before it and the full stop after it. */
  readonly cause: Sentence;
}

/** One key of `expect`: what it wants against what was seen. */
export type Check<Wanted> = (wanted: Wanted, seen: Seen) => readonly Mismatch[];

/** A text or a list, each with where it stands below the key. */
export function each(
  key: string,
  wanted: string | readonly string[],
): readonly { readonly text: string; readonly path: Path }[] {
  if (typeof wanted === "string") return [{ text: wanted, path: [key] }];
  return wanted.map((text, index) => ({ text, path: [key, index] }));
}

import type { Sentence } from "../types/issue.ts";

/** What is wrong with a piece of the language, for people. The caller knows the file and adds the place. */
export interface Fault {
  readonly code: string;
  readonly cause: Sentence;
  readonly fix: Sentence | null;
}

/** Keys and indexes from the value that was checked down to the faulty part. */
export type PathInside = readonly (string | number)[];

/** A fault somewhere inside a structured value. */
export interface FaultInside extends Fault {
  readonly path: PathInside;
}

/** The fix "did you mean x?", or null without a suggestion. Like every fix it stands after the underlined words: it begins
 *  small and has no full stop. */
export function didYouMean(word: string | null): Sentence | null {
  if (word === null) return null;
  return { en: `did you mean ${word}?`, es: `¿quería decir ${word}?`, ru: `возможно, имелось в виду ${word}?` };
}

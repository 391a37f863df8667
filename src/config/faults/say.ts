import type { Fault } from "../../language/fault.ts";
import type { Sentence } from "../../types/issue.ts";

/** One sentence in the three languages of the staff. */
export function say(en: string, es: string, ru: string): Sentence {
  return { en, es, ru };
}

/** A fault of the files. The cause is a whole sentence; the fix stands after the underlined words and begins small. */
export function faultOf(code: string, cause: Sentence, fix: Sentence | null): Fault {
  return { code, cause, fix };
}

/** Words that may be written somewhere, as one list: `a, b, c`; a very long list is cut. */
export function listed(words: readonly string[]): string {
  const shown = words.slice(0, LONGEST_LIST).join(", ");
  return words.length > LONGEST_LIST ? `${shown}, ...` : shown;
}

const LONGEST_LIST = 24;

/** The advice to choose among words. */
export const oneOf = (words: readonly string[]): Sentence =>
  say(`use one of: ${listed(words)}`, `use uno de: ${listed(words)}`, `возможные значения: ${listed(words)}`);

import type { Language, Sentence } from "../../types/issue.ts";

/** Puts values into the gaps `{0}`, `{1}` of a sentence; one without a value is left empty. */
export const fill = (sentence: string, ...filling: readonly string[]): string =>
  sentence.replace(/\{(\d)\}/gu, (_gap, index: string) => filling[Number(index)] ?? "");

/** Says one of some sentences in a language, with its gaps filled. */
export type SayOf<Name> = (name: Name, ...filling: readonly string[]) => string;

/** A teller of these sentences in this language. */
export const sayFrom =
  <Name extends string>(words: Readonly<Record<Name, Sentence>>, language: Language): SayOf<Name> =>
  (name, ...filling) =>
    fill(words[name][language], ...filling);

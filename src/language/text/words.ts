import { fold } from "./fold.ts";
import { capText } from "./text-cap.ts";

/** An emoji (one word however it is put together), or letters and digits. A `*` right after it counts in phrases only. */
const WORD =
  /(\p{RI}\p{RI}|\p{Extended_Pictographic}(?:\u200D\p{Extended_Pictographic})*|[\p{L}\p{N}][\p{L}\p{M}\p{N}\u200D]*)(\*(?![\p{L}\p{N}]))?/gu;

/** How many parsed phrases are kept; a rulebook of thousands of rules asks for the same ones with every message. */
const KEPT_PHRASES = 50_000;

interface PhraseWord {
  readonly text: string;
  /** Written with `*`: any ending, the empty one too. */
  readonly anyEnding: boolean;
}

interface Tokenized {
  readonly source: string;
  readonly words: readonly string[];
  /** Word -> where it stands. */
  readonly positions: ReadonlyMap<string, readonly number[]>;
}

/** Many rules look at one message: the last one is kept. A pure cache. */
let last: Tokenized = tokenizeAll("");
const phrases = new Map<string, readonly PhraseWord[]>();

/** The words of a text (spec 4.1 "Words"), in order and in one spelling; only its first 8 KB. */
export function tokenize(text: string): readonly string[] {
  return tokenized(text).words;
}

/** True when one of the phrases stands in the text: whole words, side by side; `*` after a word = any ending. */
export function hasWords(text: string, wanted: readonly string[]): boolean {
  const said = tokenized(text);
  return wanted.some((phrase) => stands(parsePhrase(phrase), said));
}

/** True when the whole text is one of the phrases, in the same spelling as `hasWords`. */
export function isWords(text: string, wanted: readonly string[]): boolean {
  const { words } = tokenized(text);
  return wanted.some((phrase) => {
    const parsed = parsePhrase(phrase);
    return parsed.length > 0 && parsed.length === words.length && matchesAt(parsed, words, 0);
  });
}

/** The first word of a phrase for the index of rules, with `*` kept at its end; null: a phrase without words. */
export function firstWords(phrase: string): string | null {
  const [first] = parsePhrase(phrase);
  if (first === undefined) return null;
  return first.anyEnding ? `${first.text}*` : first.text;
}

function tokenized(text: string): Tokenized {
  const source = capText(text);
  if (last.source !== source) last = tokenizeAll(source);
  return last;
}

function tokenizeAll(source: string): Tokenized {
  const words = cutWords(source).map((word) => word.text);
  const positions = new Map<string, number[]>();
  words.forEach((word, at) => {
    const known = positions.get(word);
    if (known) known.push(at);
    else positions.set(word, [at]);
  });
  return { source, words, positions };
}

function parsePhrase(phrase: string): readonly PhraseWord[] {
  const known = phrases.get(phrase);
  if (known) return known;
  if (phrases.size >= KEPT_PHRASES) phrases.clear();
  const parsed = cutWords(capText(phrase));
  phrases.set(phrase, parsed);
  return parsed;
}

function cutWords(text: string): readonly PhraseWord[] {
  return Array.from(fold(text).matchAll(WORD), ([, word = "", star]) => ({
    text: /^\p{Extended_Pictographic}/u.test(word) ? word : word.replaceAll("\u200D", ""),
    anyEnding: star !== undefined,
  }));
}

function stands(phrase: readonly PhraseWord[], { words, positions }: Tokenized): boolean {
  const [first] = phrase;
  if (first === undefined) return false;
  if (!first.anyEnding) return (positions.get(first.text) ?? []).some((at) => matchesAt(phrase, words, at));
  return words.some((_word, at) => matchesAt(phrase, words, at));
}

function matchesAt(phrase: readonly PhraseWord[], words: readonly string[], at: number): boolean {
  return phrase.every(({ text, anyEnding }, index) => {
    const word = words[at + index];
    return word !== undefined && (anyEnding ? word.startsWith(text) : word === text);
  });
}

import type { Phrase, Shape } from "./shape.ts";

/** Does everything that `narrow` matches match `wide` too? Both are of one occasion. Says yes only when that is certain. */
export function covers(wide: Shape, narrow: Shape): boolean {
  const sameIf = wide.condition === "" || wide.condition === narrow.condition;
  return sameIf && coversEvent(wide, narrow) && coversNarrowing(wide, narrow);
}

/** The same events under the same conditions, however they are ordered or spelt. */
export function sameMatch(a: Shape, b: Shape): boolean {
  return covers(a, b) && covers(b, a);
}

function coversEvent(wide: Shape, narrow: Shape): boolean {
  if (wide.silence !== narrow.silence) return false;
  if (wide.kind === "any") return true;
  if (wide.kind !== null) return wide.kind === narrow.kind;
  if (wide.has !== null) return coversPhrases(wide.has, narrow.has ?? narrow.is, standsIn);
  if (wide.is !== null) return coversPhrases(wide.is, narrow.is, equals);
  if (wide.pattern !== null) return wide.pattern === narrow.pattern;
  return wide.command === narrow.command; // the remaining events are told apart by the occasion
}

type Comparison = (wide: Phrase, narrow: Phrase) => boolean;

function coversPhrases(wide: readonly Phrase[], narrow: readonly Phrase[] | null, compare: Comparison): boolean {
  if (narrow === null || narrow.length === 0) return false;
  return narrow.every((phrase) => wide.some((words) => compare(words, phrase)));
}

function standsIn(wide: Phrase, narrow: Phrase): boolean {
  if (wide.length === 0) return false;
  return narrow.some((_, start) => wide.every((word, offset) => coversWord(word, narrow[start + offset])));
}

function equals(wide: Phrase, narrow: Phrase): boolean {
  return wide.length === narrow.length && wide.every((word, index) => coversWord(word, narrow[index]));
}

function coversWord(wide: string, narrow: string | undefined): boolean {
  if (narrow === undefined) return false;
  if (!wide.endsWith("*")) return wide === narrow;
  return narrow.replace(/\*$/u, "").startsWith(wide.slice(0, -1));
}

function coversNarrowing(wide: Shape, narrow: Shape): boolean {
  if (wide.from !== "anyone" && wide.from !== narrow.from) return false;
  if (wide.scope !== null && wide.scope !== narrow.scope) return false;
  if (wide.first && !narrow.first) return false;
  return coversList(wide.channels, narrow.channels) && coversList(wide.channelTypes, narrow.channelTypes);
}

function coversList(wide: readonly string[] | null, narrow: readonly string[] | null): boolean {
  if (wide === null) return true;
  return narrow?.every((name) => wide.includes(name)) ?? false;
}

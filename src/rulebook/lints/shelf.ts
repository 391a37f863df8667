import type { Phrase, Shape } from "./shape.ts";

/** Names under which a shape is kept, so that those which may cover another are found without comparing all pairs. */
export function keysOf(shape: Shape): readonly string[] {
  const phrases = shape.has ?? shape.is;
  const events = phrases === null ? [eventKey(shape)] : phrases.map(phraseKey);
  return events.map((event) => `${shape.condition}\n${event}`);
}

/** Every name under which a shape that covers this one may be kept. */
export function keysOfCovers(shape: Shape): readonly string[] {
  const phrases = (shape.has ?? shape.is ?? []).flatMap(phraseKeysOfCovers);
  const events = new Set([eventKey(shape), "kind any", ...phrases]);
  const conditions = new Set(["", shape.condition]);
  return [...conditions].flatMap((condition) => [...events].map((event) => `${condition}\n${event}`));
}

function eventKey(shape: Shape): string {
  if (shape.kind !== null) return `kind ${shape.kind}`;
  if (shape.pattern !== null) return `pattern ${shape.pattern}`;
  return `command ${shape.command ?? ""}`;
}

/** A phrase with `*` is kept under its first word: what follows may be spelt in many ways. */
function phraseKey(phrase: Phrase): string {
  const [first = ""] = phrase;
  return phrase.some((word) => word.endsWith("*")) ? `starts ${first}` : `phrase ${phrase.join(" ")}`;
}

/** Longer phrases are compared by their first words only. */
const MOST_WORDS = 12;

function phraseKeysOfCovers(phrase: Phrase): readonly string[] {
  const words = phrase.slice(0, MOST_WORDS);
  const runs = words.flatMap((_, start) => words.slice(start).map((_, extra) => words.slice(start, start + extra + 1)));
  const bare = words.map((word) => word.replace(/\*$/u, ""));
  const beginnings = bare.flatMap((word) =>
    [...word].map((_, index) => `starts ${[...word].slice(0, index + 1).join("")}*`),
  );
  return [...runs.map((run) => `phrase ${run.join(" ")}`), ...bare.map((word) => `starts ${word}`), ...beginnings];
}

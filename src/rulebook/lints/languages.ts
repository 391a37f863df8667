import { isObject } from "../../types/json.ts";
import { recordOf } from "../raw.ts";
import { inside, keyOf, type Spot } from "../report.ts";
import { everyAction, type RawAction } from "../walk.ts";
import type { Lint, LintInput } from "./lint.ts";
import { missingLanguage, onlyHere } from "./sentences.ts";

/** A text that is given by language, and where. */
interface Translated {
  readonly languages: readonly string[];
  readonly spot: Spot;
  /** The staff reads the configured language only. */
  readonly forStaff: boolean;
}

/** From so many texts on, a language that only one of them has is a slip rather than a beginning. */
const SEVERAL = 3;

/** Texts by language that lack the configured language, or one that other texts have: whoever speaks it gets another. */
export const lintLanguages: Lint = (input, report) => {
  const texts = [...translated(input)];
  const forCustomers = texts.filter(({ forStaff }) => !forStaff);
  const counted = countOf(forCustomers.flatMap(({ languages }) => languages));
  const alone = (language: string) => forCustomers.length >= SEVERAL && counted.get(language) === 1;
  const shared = [...counted.keys()].filter((language) => !alone(language));
  const wanted = [...new Set([input.language, ...shared])];
  for (const { languages, spot, forStaff } of texts) {
    const missing = (forStaff ? [input.language] : wanted).filter((language) => !speaks(languages, language));
    if (missing.length > 0) report.warn(keyOf(spot), missingLanguage(missing.join(", ")));
    for (const language of languages) {
      const strange = !forStaff && alone(language) && !speaks(wanted, language);
      if (strange) report.warn(keyOf(inside(spot, language)), onlyHere(language));
    }
  }
};

/** `pt` is good for who reads `pt-BR`. */
function speaks(languages: readonly string[], wanted: string): boolean {
  const [short = wanted] = wanted.split("-");
  return languages.includes(wanted) || languages.includes(short);
}

function countOf(items: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

function* translated({ written, flows, sources }: LintInput): Generator<Translated> {
  for (const { raw, spot } of [...written, ...flows]) {
    for (const action of everyAction(raw.do, inside(spot, "do"))) yield* textsOf(action);
  }
  for (const source of sources) {
    for (const [name, raw] of Object.entries(recordOf(source.value.texts))) {
      yield* byLanguage(raw, { source, path: ["texts", name] }, false);
    }
  }
}

/** Keys of actions that take a text or a text by language. */
const TEXTS = ["reply", "note", "caption", "edit", "ask"];

function* textsOf({ raw, spot }: RawAction): Generator<Translated> {
  for (const key of TEXTS) {
    yield* byLanguage(raw[key], inside(spot, key), key === "note" || raw.to === "managers");
  }
  yield* byLanguage(recordOf(raw.retry).say, inside(spot, "retry", "say"), false);
}

function* byLanguage(raw: unknown, spot: Spot, forStaff: boolean): Generator<Translated> {
  if (isObject(raw)) yield { languages: Object.keys(raw), spot, forStaff };
}

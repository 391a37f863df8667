import type { Language } from "../../types/issue.ts";
import { tokenize } from "../text/words.ts";
import { type Answer, NO_ANSWER, understood } from "./answer.ts";
import { withoutCourtesy } from "./courtesy.ts";
import { nearestLanguage } from "./nearest-language.ts";
import { isCounted, numberOfWord, timesOfWord } from "./number-words.ts";
import { tidy } from "./tidy.ts";

/** Digits with the signs people put between them, from the first digit to the last. */
const CHAIN = /\d+(?:[ '’.,]\d+)*/gu;
/** `1 000`, `1.000,50`: threes behind one kind of sign, then maybe another sign and decimals. */
const GROUPED = /^([1-9]\d{0,2})([ '’.,])(\d{3}(?:\2\d{3})*)(?:([.,])(\d+))?$/u;
const DECIMAL = /^\d+[.,]\d+$/u;
/** The sign that a lone three behind it makes a thousand by: `1.000` in Spanish, `1,000` in English. Russians use a space. */
const GROUP_SIGN: Readonly<Record<Language, string>> = { en: ",", es: ".", ru: " " };
/** Letters right before the digits make a code of them (`A17`, `covid-19`), but for the `x` of `x3`. */
const CODE = /\p{L}-?$/u;
const TIMES_SIGN = /(?<!\p{L})[xх]$/iu;
/** `.5` is half a thing. */
const BARE_DECIMALS = /(?<=^-?|\s-?)[.,](?=\d)/gu;
/** The ² of m² is no number. */
const SQUARES = /(?<=\p{L})[²³]/gu;
/** More digits than a double keeps. */
const MOST_DIGITS = 15;

/** The one number in a text: `3`, `3,5`, `1 000`, `1.000,50` and `1,000.50` in any language, `x3`, `20 тыс`, "three, please".
 *  Two numbers, a time, a fraction or a code like `A17` are none. */
export function readNumber(text: string, question: { readonly language: string }): Answer {
  const said = tidy(text).replace(BARE_DECIMALS, "0.").replace(SQUARES, "");
  const language = nearestLanguage(question.language);
  const value = /\p{N}/u.test(said) ? fromDigits(said, language) : fromWords(tokenize(said));
  return value === null ? NO_ANSWER : understood(value, show(value, language));
}

function fromDigits(text: string, language: Language): number | null {
  const [chain] = text.matchAll(CHAIN);
  if (chain === undefined) return null;
  const before = text.slice(0, chain.index);
  const after = text.slice(chain.index + chain[0].length);
  if (/\p{N}/u.test(before + after) || CODE.test(before.replace(TIMES_SIGN, ""))) return null;
  const value = readChain(chain[0], language);
  if (value === null) return null;
  const times = timesOfWord(tokenize(/^ ?(\p{L}+)/u.exec(after)?.[1] ?? "")[0] ?? "") ?? 1;
  const minus = /(?:^|\s)-$/u.test(before) ? -1 : 1;
  return exact(minus * value * times);
}

function readChain(chain: string, language: Language): number | null {
  if (chain.replace(/\D/gu, "").length > MOST_DIGITS) return null;
  const [, first = "", sign = "", rest = "", decimalSign, decimals = "0"] = GROUPED.exec(chain) ?? [];
  const certain = rest.length > 3 || decimalSign !== undefined || !/[.,]/u.test(sign) || sign === GROUP_SIGN[language];
  if (first !== "" && sign !== decimalSign && certain) return Number(`${first}${rest.replace(/\D/gu, "")}.${decimals}`);
  return /^\d+$/u.test(chain) || DECIMAL.test(chain) ? Number(chain.replace(",", ".")) : null;
}

/** "three", "three pieces please", "две тысячи"; null when any other word is there: "one moment" is no number. */
function fromWords(words: readonly string[]): number | null {
  const [first = "", ...rest] = withoutCourtesy(words);
  const value = numberOfWord(first);
  const times = timesOfWord(rest[0] ?? "");
  const counted = times === null ? rest : rest.slice(1);
  return value !== null && counted.every(isCounted) ? value * (times ?? 1) : null;
}

/** 2.01 * 1000 is 2010, not 2009.9999999999998; and -0 is 0. */
function exact(value: number): number {
  return Number(value.toPrecision(MOST_DIGITS));
}

function show(value: number, language: Language): string {
  return value.toLocaleString(language === "en" ? "en-GB" : language, { maximumFractionDigits: MOST_DIGITS });
}

/** Vanish from inside a word: `l'envoi` and `lenvoi` are one word. */
const APOSTROPHES = /['’‘ʼ`´′＇ʹ]/gu;
/** Unicode's compatibility form would turn these signs into words (`№` into `no`). */
const SIGNS = /[№™℠℡℀℁℅℆]/gu;
/** Invisible: soft hyphens, direction marks, zero-width spaces, emoji style, keycap frames, skin tones.
 *  U+200D stays: it joins emoji. */
const INVISIBLE = /[[\p{Cf}\uFE00-\uFE0F\u20E3\u{1F3FB}-\u{1F3FF}]--\u200D]/gv;
/** Longer heaps of marks mean nothing, and sorting them (Unicode normalisation) takes quadratic time. */
const HEAP_OF_MARKS = /(\p{M}{4})\p{M}+/gu;
const LETTER_WITH_MARKS = /([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])(\p{M}+)/gu;
const BREVE = "\u0306";
const DIAERESIS = "\u0308";

/** Letters that Unicode does not take apart, as people type them without their accent. */
const PLAIN: Readonly<Record<string, string>> = {
  ł: "l",
  ø: "o",
  đ: "d",
  ı: "i",
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ς: "σ",
};

/** One spelling for all ways to write the same words: lower case, no accents (й stays й, ё becomes е), no apostrophes,
 *  nothing invisible. Punctuation stays: the caller cuts words. Linear in the length of the text. */
export function fold(text: string): string {
  return text
    .replace(APOSTROPHES, "")
    .replace(SIGNS, " ")
    .replace(INVISIBLE, "")
    .replace(HEAP_OF_MARKS, "$1")
    .normalize("NFKD")
    .toLowerCase()
    .replace(LETTER_WITH_MARKS, withoutMarks)
    .replace(/[łøđıßæœς]/gu, (letter) => PLAIN[letter] ?? letter)
    .normalize("NFC");
}

/** A mark that makes another letter of the alphabet stays; one that only tells how to say it goes. */
function withoutMarks(_all: string, letter: string, marks: string): string {
  if ((letter === "и" || letter === "у") && marks.includes(BREVE)) return letter + BREVE;
  if (letter === "і" && marks.includes(DIAERESIS)) return letter + DIAERESIS;
  return letter;
}

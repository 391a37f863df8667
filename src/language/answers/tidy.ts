/** A longer message tells a story; a phone, a date or a number is asked for again. Keeps every reader well below 100 ms. */
const LONGEST_ANSWER = 1000;

/** Direction marks, zero-width spaces, soft hyphens, emoji style, keycap frames: 3️⃣ becomes a plain 3. */
const INVISIBLE = /\p{Cf}|[\uFE00-\uFE0F]|\u20E3/gu;
const CONTROL = /\p{Cc}/gu;
const WIDE_SIGN = /[\uFF01-\uFF5E]/gu;
const WIDE_SHIFT = 0xfee0;
const FOREIGN_DIGIT = /[\u0660-\u0669\u06F0-\u06F9\u0966-\u096F]/gu;
/** Arabic, Persian and Devanagari digits start at these. */
const ZEROS = [0x0660, 0x06f0, 0x0966];

/** A short answer in plain signs, for everything but free text: digits 0-9, one kind of space, `-` for a minus, nothing
 *  invisible, no space around. Empty for a text too long to be one. */
export function tidy(text: string): string {
  if (text.length > LONGEST_ANSWER) return "";
  return text
    .toWellFormed()
    .replace(INVISIBLE, "")
    .replace(CONTROL, " ")
    .replace(WIDE_SIGN, (sign) => String.fromCharCode(sign.charCodeAt(0) - WIDE_SHIFT))
    .replace(FOREIGN_DIGIT, plainDigit)
    .replace(/[−‐‑]/gu, "-")
    .replace(/\p{Zs}/gu, " ")
    .trim();
}

function plainDigit(digit: string): string {
  const code = digit.charCodeAt(0);
  const zero = ZEROS.findLast((start) => start <= code) ?? code;
  return String(code - zero);
}

import { type Answer, NO_ANSWER, understood } from "./answer.ts";
import { tidy } from "./tidy.ts";

/** What stands between an address and the words around it. */
const BETWEEN = /[\s<>()[\],;:"“”«»]+/u;
const TRAILING = /^[.'!?*_]+|[.'!?*_/]+$/gu;
const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/u;
const LABEL = /^[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u;
const ENDING = /^(?:\p{L}[\p{L}\p{M}]+|xn--[a-z0-9-]+)$/u;

/** The first e-mail address in the text: its domain in lower case, the part before `@` as typed (letters with accents or of
 *  other alphabets there are slips of the keyboard: hardly any server takes them). */
export function readEmail(text: string): Answer {
  const said = tidy(text).replace(/ ?@ /gu, "@"); // keyboards of phones put a space after a sign
  for (const part of said.split(BETWEEN)) {
    const address = readAddress(part.replace(TRAILING, ""));
    if (address !== null) return understood(address);
  }
  return NO_ANSWER;
}

/** Lengths are those of RFC 5321. */
function readAddress(part: string): string | null {
  const [local = "", domain = "", ...more] = part.split("@");
  if (more.length > 0 || local.length > 64 || domain.length > 253 || !LOCAL.test(local)) return null;
  const labels = domain.toLowerCase().split(".");
  const whole = labels.length > 1 && labels.every((label) => label.length < 64 && LABEL.test(label));
  return whole && ENDING.test(labels.at(-1) ?? "") ? `${local}@${labels.join(".")}` : null;
}

import type { Wants } from "../schema/schema-tree.ts";

const FLAGS: Readonly<Record<string, boolean>> = { yes: true, true: true, no: false, false: false };

/** A number as people write one: no leading zeros or plus sign, which make it a code or a phone number. */
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/u;
const WITH_EXPONENT = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/u;

/** A scalar with the text that stands in the file, typed by what is wanted. `plain`: without quotes, and nothing was filled
 *  in; only then it may be anything but a text where a text is possible too. */
export function readScalar(scalar: {
  readonly text: string;
  readonly plain: boolean;
  readonly wants: Wants;
}): string | number | boolean | null {
  const { text, plain, wants } = scalar;
  const free = wants.text && wants.flag && wants.number;
  const typed = plain || !wants.text;
  if (!typed) return text;
  if (wants.nothing && plain && (text === "null" || text === "~")) return null;
  if (wants.flag) {
    const flag = free ? coreFlag(text) : FLAGS[text.trim().toLowerCase()];
    if (flag !== undefined) return flag;
  }
  return wants.number ? (readNumber(text, { free, sole: !wants.text }) ?? text) : text;
}

/** Where a text, a number and a flag are all possible, YAML's own flags count: `yes` may be what a customer said. */
function coreFlag(text: string): boolean | undefined {
  return /^(?:true|True|TRUE|false|False|FALSE)$/u.test(text) ? text.toLowerCase() === "true" : undefined;
}

function readNumber(text: string, { free, sole }: { readonly free: boolean; readonly sole: boolean }): number | null {
  const written = sole ? text.trim() : text;
  const shape = free || sole ? WITH_EXPONENT : NUMBER;
  if (!shape.test(written)) return null;
  const number = Number(written);
  // A longer number would change on its way: it is an identifier, and stays what it is.
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : null;
}

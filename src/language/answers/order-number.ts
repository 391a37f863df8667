import { tokenize } from "../text/words.ts";
import { type Answer, NO_ANSWER, understood } from "./answer.ts";
import { withoutCourtesy } from "./courtesy.ts";
import { tidy } from "./tidy.ts";

const SIGN = /[#№]|(?<!\p{L})n[º°](?=\W)|(?<!\p{L})n[º°]$/giu;
const BETWEEN = /[\s,;:()[\]"'“”«»=]+/u;
const DECORATION = /^[^\p{L}\p{N}#]+|[^\p{L}\p{N}]+$/gu;
/** Letters, digits and what joins them; the CRM's own are `4117A` and `12-B`, a shop may choose others. */
const NUMBER = /^(?=.*\p{Nd})[\p{L}\p{Nd}]+(?:[-/_.][\p{L}\p{Nd}]+)*$/u;
const LONGEST = 40;
/** A number of fewer digits is taken for an order only if the text says so, or says nothing else: "3 days ago". */
const FEW_DIGITS = 3;
const HINTS: ReadonlySet<string> = new Set(
  "# order number no num nr pedido orden numero заказ заказа заказу номер номером is es это".split(" "),
);

interface Candidate {
  readonly number: string;
  readonly hinted: boolean;
}

/** The one order number in a text, as typed but without what decorates it: "number #4117A, please" is `4117A`. When there
 *  are several numbers, the one after "order", "pedido", "заказ", `#` or `№` counts. */
export function readOrderNumber(text: string): Answer {
  const said = tidy(text).replace(SIGN, " # ");
  const alone = /^#?\s*(\d+) ([A-Za-z])$/u.exec(said);
  if (alone) return understood(`${alone[1]}${alone[2]}`); // "4117 A": a space typed by a slip
  const found = candidates(said);
  const hinted = found.filter((candidate) => candidate.hinted);
  const [only, second] = hinted.length > 0 ? hinted : found;
  if (only === undefined || second !== undefined) return NO_ANSWER;
  const plain = only.hinted || digitsOf(only.number) >= FEW_DIGITS || withoutCourtesy(tokenize(said)).length === 1;
  return plain ? understood(only.number) : NO_ANSWER;
}

function candidates(text: string): readonly Candidate[] {
  const parts = text.split(BETWEEN).map((part) => part.replace(DECORATION, "") || part);
  const seen = new Map<string, Candidate>();
  parts.forEach((number, at) => {
    if (number.length > LONGEST || !NUMBER.test(number)) return;
    const before = parts[at - 1] ?? "";
    const hinted = before === "#" || HINTS.has(tokenize(before)[0] ?? "") || (seen.get(number)?.hinted ?? false);
    seen.set(number, { number, hinted });
  });
  return [...seen.values()];
}

function digitsOf(number: string): number {
  return number.replace(/\P{Nd}/gu, "").length;
}

import jsonLogic from "json-logic-js";
import { ownOperators } from "./own-operators.ts";

/** One operator of conditions: how many operands it takes, and what it does, for checks and for the documentation. */
export interface Operator {
  readonly min: number;
  readonly max: number;
  readonly description: string;
}

const MANY = Number.POSITIVE_INFINITY;

/** The closed list of operators: whatever is not here is a fault. `map`, `reduce`, `log` and `method` are left out on purpose:
 *  they can blow up, or reach out of the data. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  var: row(1, 2, "the value at a path; the second operand when it is absent"),
  missing: row(1, MANY, "the paths that are absent, empty text or an empty list"),
  missing_some: row(2, 2, "the missing paths, unless at least so many are there"),
  if: row(2, MANY, "condition, value, condition, value, ..., value otherwise"),
  "?:": row(3, 3, "the same as if"),
  "==": row(2, 2, "equal; 1 equals its text"),
  "===": row(2, 2, "equal and of one type"),
  "!=": row(2, 2, "not equal"),
  "!==": row(2, 2, "not equal or not of one type"),
  "!": row(1, 1, "not"),
  "!!": row(1, 1, "true or false"),
  and: row(1, MANY, "all hold: the first that does not, else the last"),
  or: row(1, MANY, "one holds: the first that does, else the last"),
  ">": row(2, 2, "greater; what is absent counts as 0"),
  ">=": row(2, 2, "greater or equal; what is absent counts as 0"),
  "<": row(2, 3, "less, or between; what is absent counts as 0"),
  "<=": row(2, 3, "less or equal, or between; what is absent counts as 0"),
  max: row(1, MANY, "the largest number"),
  min: row(1, MANY, "the smallest number"),
  "+": row(1, MANY, "the sum"),
  "-": row(1, 2, "the difference, or the negative"),
  "*": row(1, MANY, "the product"),
  "/": row(2, 2, "the quotient"),
  "%": row(2, 2, "the remainder"),
  in: row(2, 2, "the list has the entry, or the text has the piece"),
  cat: row(1, MANY, "the texts one after another, at most 64 KB"),
  substr: row(2, 3, "a part of a text: from where, how many"),
  merge: row(1, MANY, "one list of all, at most 10,000 entries"),
  filter: row(2, 2, "the entries of a list for which the condition holds"),
  all: row(2, 2, "the condition holds for every entry, and there is one"),
  some: row(2, 2, "the condition holds for some entry"),
  none: row(2, 2, "the condition holds for no entry"),
  has_words: row(2, 2, "the text has one of these phrases, as in message_has"),
  is_words: row(2, 2, "the text is one of these phrases, as in message_is"),
  matches: row(2, 2, "the text fits this pattern, as in message_matches"),
  same: row(2, 2, "equal as in is: case-blind, 1 equals its text; a list has the value"),
  contains: row(2, 2, "as in contains: the text has the piece, case-blind, or the list has the entry"),
  more_than: row(2, 2, "a number above this; what is absent is not"),
  less_than: row(2, 2, "a number below this; what is absent is not"),
  one_of_names: row(2, 2, "one of the first names is among the second, case-blind"),
  minutes_since: row(1, 2, "minutes from a moment until now (or until the second moment); null when it is none"),
};

/** What json-logic-js may bring and nobody may call. `map` and `reduce` are built into its `apply`: the check alone refuses them. */
const REMOVED = ["log", "method"];

// json-logic-js has one table for all users of the module; this project has one user, which is this file.
for (const name of REMOVED) jsonLogic.rm_operation(name);
for (const [name, run] of Object.entries(ownOperators)) jsonLogic.add_operation(name, run);

/** Evaluates checked logic against what rules see. Whatever an operator throws comes out as it is. */
export function apply(logic: unknown, view: unknown): boolean {
  return jsonLogic.truthy(jsonLogic.apply(logic as Parameters<typeof jsonLogic.apply>[0], view));
}

function row(min: number, max: number, description: string): Operator {
  return { min, max, description };
}

import type { Fault } from "../../language/fault.ts";
import { suggest } from "../../language/names.ts";
import type { Path } from "../../types/source.ts";
import * as rules from "../faults/rule-faults.ts";
import { unknownKey } from "../faults/value-faults.ts";
import type { SchemaError } from "./ajv.ts";
import { type Schema, waysOf } from "./schema-tree.ts";
import { keysOf, type ShapeFinding, textsOf } from "./shape.ts";

/** No event in `when`, no action in an entry of `do`, no step in an entry of `steps`, or two of them. */
export function explainOneKey(error: SchemaError, path: Path): readonly ShapeFinding[] {
  const allowed = textsOf(error.schema);
  const keys = keysOf(error.data);
  const [first, second] = allowed
    .filter((key) => keys.includes(key))
    .toSorted((a, b) => keys.indexOf(a) - keys.indexOf(b));
  const inWhen = path.at(-1) === "when";
  if (first !== undefined && second !== undefined) {
    const fault = inWhen ? rules.twoEvents(first, second) : listOf(path).two(first, second);
    return [{ path: [...path, second], part: "key", fault }];
  }
  return inWhen ? noEvent(error, path) : [noAction(error, path)];
}

function noEvent(error: SchemaError, path: Path): readonly ShapeFinding[] {
  const known = keysOf(error.parentSchema?.properties);
  const misspelt = keysOf(error.data).some((key) => !known.includes(key));
  return misspelt ? [] : [{ path, part: "key", fault: rules.noEvent(textsOf(error.schema)) }];
}

/** A list whose entries have one key each that says what they are. */
interface OneKeyList {
  /** Which schemas an entry may follow. */
  readonly entries: readonly Schema[];
  readonly none: (allowed: readonly string[]) => Fault;
  readonly two: (first: string, second: string) => Fault;
}

const ACTIONS: OneKeyList = {
  entries: waysOf({ $ref: "#/$defs/action" }),
  none: rules.noAction,
  two: rules.twoActions,
};
const STEPS: OneKeyList = { entries: waysOf({ $ref: "#/$defs/step" }), none: rules.noStep, two: rules.twoSteps };

const listOf = (path: Path) => (path.at(-2) === "steps" ? STEPS : ACTIONS);

function noAction(error: SchemaError, path: Path): ShapeFinding {
  const { entries, none } = listOf(path);
  const allowed = textsOf(error.schema);
  const keys = keysOf(error.data);
  const options = [...new Set(entries.flatMap((entry) => keysOf(entry.properties)))];
  const word = keys.find((key) => !options.includes(key));
  if (word !== undefined) {
    const fault = unknownKey({ word, suggestion: suggest(word, options), allowed });
    return { path: [...path, word], part: "key", fault };
  }
  const option = keys.find((key) => key !== "if");
  const owner = entries.find((entry) => option !== undefined && keysOf(entry.properties).includes(option))
    ?.required?.[0];
  if (option === undefined || owner === undefined) return { path, part: "value", fault: none(allowed) };
  return { path: [...path, option], part: "key", fault: rules.strayOption(option, owner) };
}

import type { Expect } from "../language/answers/index.ts";
import { hasMarks } from "../language/template/template.ts";
import { canFit } from "../language/variable.ts";
import type { Json, JsonObject } from "../types/json.ts";
import type { Rulebook, Variable, VariableType } from "../types/rule.ts";
import type { Source } from "../types/source.ts";
import type { RuleContext } from "./context.ts";
import { compileDuration } from "./durations.ts";
import { listOf, recordOf, textOf, textsOf } from "./raw.ts";
import { find, inside, keyOf, type Report, type Spot } from "./report.ts";
import { checkFree } from "./stored.ts";
import { answerOfOtherType, anyAnswer, duplicateVariable, neverOfType } from "./variable-faults.ts";
import { lineName } from "./words-for.ts";

/** `variables:` of all files by full name (`customer.city`). Two of one name, and names that the event fills, are faults. */
export function compileVariables(sources: readonly Source[], report: Report): Rulebook["variables"] {
  const variables = new Map<string, { readonly variable: Variable; readonly spot: Spot }>();
  for (const source of sources) {
    for (const [name, raw] of Object.entries(recordOf(source.value.variables))) {
      const spot: Spot = { source, path: ["variables", name] };
      const twin = variables.get(name);
      checkFree(name, keyOf(spot), report);
      if (twin) report.fault(keyOf(spot), duplicateVariable(name, lineName(find(keyOf(twin.spot)).place)));
      else variables.set(name, { variable: compileVariable(raw, spot, report), spot });
    }
  }
  return Object.fromEntries([...variables].map(([name, { variable }]) => [name, variable]));
}

const TYPES: readonly VariableType[] = ["text", "number", "flag", "date", "list"];

/** A type, or a type and an age limit. */
function compileVariable(raw: Json, spot: Spot, report: Report): Variable {
  const { type, keep } = typeof raw === "string" ? { type: raw, keep: undefined } : recordOf(raw);
  return {
    type: TYPES.find((known) => known === type) ?? "text",
    keepMs: keep === undefined ? null : compileDuration(keep, inside(spot, "keep"), report),
  };
}

/** What is put into declared variables has to be able to be of their type. */
export function checkTypes(raw: JsonObject, spot: Spot, context: RuleContext): void {
  for (const [name, value] of Object.entries(recordOf(raw.set)))
    checkLiteral([name, value], inside(spot, "set", name), context);
  if (raw.ask !== undefined) checkQuestion(raw, spot, context);
}

/** A value that is written out; a template may give anything. */
function checkLiteral([name, value]: readonly [string, Json], spot: Spot, { book, report }: RuleContext): void {
  const type = book.variables[name]?.type;
  if (type === undefined || textsOf(value).some(hasMarks) || canFit(type, value)) return;
  report.fault(spot, neverOfType(name, type, textsOf(value).join(", ") || String(value)));
}

/** Kinds of answers that are never of a type, whatever the customer says. */
const OTHER: Readonly<Record<VariableType, readonly Expect[]>> = {
  text: [],
  list: [],
  number: ["phone", "email", "date"],
  flag: ["phone", "email", "number", "date", "order_number"],
  date: ["phone", "email", "number", "order_number"],
};

function checkQuestion(raw: JsonObject, spot: Spot, context: RuleContext): void {
  const name = textOf(raw.save) ?? "";
  const type = context.book.variables[name]?.type;
  if (type === undefined) return;
  const choices = listOf(raw.choices);
  const expect = textOf(raw.expect) ?? (choices.length > 0 ? "choice" : "text");
  if (OTHER[type].some((other) => other === expect)) {
    context.report.fault(inside(spot, "expect"), answerOfOtherType(name, type, expect));
  }
  if (expect === "choice") {
    for (const [index, choice] of choices.entries())
      checkLiteral([name, choice], inside(spot, "choices", index), context);
  }
  if (expect === "text" && type !== "text" && type !== "list") {
    context.report.warn(inside(spot, "save"), anyAnswer(name, type));
  }
}

import type { Json, JsonObject } from "../../types/json.ts";
import { apply } from "./operators.ts";

export { compileMatch, type MatchContext } from "./event-match.ts";
export { checkLogic, type LogicFault, varPaths } from "./logic.ts";
export { type CompiledConditions, compileConditions } from "./short-condition.ts";

/** A condition that could not be evaluated. The rule is held not to match; the engine records the cause. */
export class ConditionError extends Error {
  override readonly name = "ConditionError";
}

/** Does the checked condition hold for what rules see? Throws ConditionError when an operator fails on this data. */
export function evaluate(logic: Json, view: JsonObject): boolean {
  try {
    return apply(logic, view);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConditionError(`the condition could not be evaluated: ${reason}`, { cause });
  }
}

/** The same for whoever only wants to know: a condition that nobody can evaluate does not hold. */
export function holds(logic: Json, view: JsonObject): boolean {
  try {
    return evaluate(logic, view);
  } catch (error) {
    if (error instanceof ConditionError) return false;
    throw error;
  }
}

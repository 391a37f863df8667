import type { Outcome } from "../actions/action.ts";
import type { JsonObject } from "../types/json.ts";
import type { Inner, Run } from "../types/plan.ts";
import type { Step } from "../types/rule.ts";
import { firstPosition, nextPosition, type Position } from "./position.ts";

/** Is a position inside the list that begins at `at`? */
function isInside(position: Position, { at }: Inner): boolean {
  return at.length < position.length && at.every((part, index) => part === position[index]);
}

/** Everything the run sees here: its own names, then those of the lists it is inside. */
export function namesHere(run: Run): JsonObject {
  return Object.assign({}, run.scope, ...run.inner.map(({ names }) => names));
}

/** Where the run goes on after an action, and which nested lists it is then inside. Leaving a list that is the run's last
 *  is its end: `[]`. */
export function goOn(steps: readonly Step[], run: Run, outcome: Outcome | null): Pick<Run, "position" | "inner"> {
  const entered = enteredList(run.position, outcome);
  const position =
    outcome?.branch === undefined
      ? nextPosition(steps, run.position)
      : firstPosition(steps, run.position, outcome.branch);
  const around = entered === null ? run.inner : [...run.inner, entered];
  const inner = around.filter((one) => isInside(position, one));
  const over = around.some((one) => one.last && !isInside(position, one));
  return over ? { position: [], inner: [] } : { position, inner };
}

function enteredList(position: Position, outcome: Outcome | null): Inner | null {
  if (outcome?.branch === undefined) return null;
  return { at: [...position, outcome.branch], names: outcome.names ?? {}, last: outcome.last ?? false };
}

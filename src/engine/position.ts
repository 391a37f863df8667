import type { Step } from "../types/rule.ts";

/** Where a run stands in a rule: index, branch name, index, ... from the rule's own list down. Past the end is `[]`. */
export type Position = readonly (number | string)[];

/** The step at a position; null: the run is over (or the position is of no such step). */
export function stepAt(steps: readonly Step[], position: Position): Step | null {
  const [index, branch, ...rest] = position;
  const step = typeof index === "number" ? steps[index] : undefined;
  if (step === undefined) return null;
  if (branch === undefined) return step;
  return typeof branch === "string" ? stepAt(step.branches[branch] ?? [], rest) : null;
}

/** The position after this one: the next of its list, else what follows the action that holds the list; `[]`: the end. */
export function nextPosition(steps: readonly Step[], position: Position): Position {
  const index = position.at(-1);
  if (typeof index !== "number") return [];
  const next = [...position.slice(0, -1), index + 1];
  if (stepAt(steps, next) !== null) return next;
  return position.length === 1 ? [] : nextPosition(steps, position.slice(0, -2));
}

/** The first position inside a branch of the step here; an empty branch is passed over. */
export function firstPosition(steps: readonly Step[], position: Position, branch: string): Position {
  const first = [...position, branch, 0];
  return stepAt(steps, first) === null ? nextPosition(steps, position) : first;
}

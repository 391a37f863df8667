import { holds } from "../language/logic/condition.ts";
import { varPaths } from "../language/logic/logic.ts";
import type { Run } from "../types/plan.ts";
import type { Rule, Rulebook } from "../types/rule.ts";
import type { State } from "../types/state.ts";
import { namesHere } from "./inner.ts";
import { buildView } from "./view.ts";

/** Does the rule's own `if` still hold for a run that has waited? Parts that read what the run itself changed are left out
 *  (spec 4.1 "Late actions"). */
export function stillHolds(rule: Rule, run: Run, state: State, rulebook: Rulebook, now: number): boolean {
  const view = buildView({ state, scope: namesHere(run), rulebook, now });
  const parts = rule.parts.filter(({ from, logic }) => from === "if" && !readsAny(varPaths(logic), run.changed));
  return parts.every(({ logic }) => holds(logic, view));
}

function readsAny(paths: readonly { readonly name: string }[], changed: readonly string[]): boolean {
  return paths.some(({ name }) => changed.some((own) => name === own || name.startsWith(`${own}.`)));
}

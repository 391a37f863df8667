import { fitValue } from "../language/variable.ts";
import type { Json } from "../types/json.ts";
import type { Rulebook, Variable } from "../types/rule.ts";
import type { SetAt, State } from "../types/state.ts";
import type { Outcome, Scene } from "./action.ts";

export type Owner = "dialog" | "customer" | "chat";

/** A value to be kept with the dialog, the customer or the chat. */
export interface Assignment {
  readonly owner: Owner;
  readonly name: string;
  readonly value: Json;
}

/** The language in which the value was written: it tells `1.000` from `1,000` where the variable is a number. */
export interface WrittenAssignment extends Assignment {
  readonly language: string;
}

const OWNERS: readonly Owner[] = ["dialog", "customer", "chat"];

/** `dialog.topic` and a value; null: the path is of nothing that can be stored. */
export function toAssignment(path: string, value: Json): Assignment | null {
  const [first, ...rest] = path.split(".");
  const owner = OWNERS.find((known) => known === first);
  if (owner === undefined || rest.length !== 1 || !rest[0]) return null;
  return { owner, name: rest[0], value };
}

/** What the files declare of a variable; undefined: nothing. */
export function declaredAs(
  { variables }: Pick<Rulebook, "variables">,
  { owner, name }: Omit<Assignment, "value">,
): Variable | undefined {
  return variables[`${owner}.${name}`];
}

/** The language of whoever wrote: the customer, or the staff by a command. */
export function writersLanguage({ state, rulebook, replyScope }: Scene): string {
  return replyScope === "private" ? rulebook.language : (state.customer?.language ?? rulebook.language);
}

/** Keeps values, each as its variable's type wants it. One that can't be of that type is not kept: `reason` is `type`. */
export function remember(given: readonly WrittenAssignment[], scene: Scene): Outcome {
  const fitted = given.map((one) => typed(one, scene)).filter((one) => one !== null);
  const reason = fitted.length < given.length ? { reason: "type" } : {};
  if (fitted.length === 0) return reason;
  const state = fitted.reduce((before, one) => store(before, one, scene), scene.state);
  return { state, changed: fitted.map(({ owner, name }) => `${owner}.${name}`), ...reason };
}

function typed({ language, ...assignment }: WrittenAssignment, scene: Scene): Assignment | null {
  const variable = declaredAs(scene.rulebook, assignment);
  if (variable === undefined) return assignment;
  const { timezone } = scene.rulebook;
  const fitted = fitValue(variable.type, assignment.value, { language, timezone, now: scene.now });
  return fitted.ok ? { ...assignment, value: fitted.value } : null;
}

/** The state with the value kept; unchanged where there is nothing to keep it with. Nothing clears a declared variable. */
function store(state: State, assignment: Assignment, { rulebook, now }: Pick<Scene, "rulebook" | "now">): State {
  const { owner, name, value } = assignment;
  const holder = state[owner];
  if (holder === null) return state;
  const variable = declaredAs(rulebook, assignment);
  const { [name]: _before, ...others } = holder.variables;
  const { [name]: _then, ...moments } = holder.setAt ?? {};
  const isCleared = variable !== undefined && value === null;
  const isAged = variable !== undefined && variable.keepMs !== null && !isCleared;
  const variables = isCleared ? others : { ...others, [name]: value };
  const setAt: SetAt = isAged ? { ...moments, [name]: now } : moments;
  const isPlain = holder.setAt === undefined && !isAged;
  return { ...state, [owner]: { ...holder, variables, ...(isPlain ? {} : { setAt }) } };
}

import type { Json } from "../types/json.ts";
import type { State } from "../types/state.ts";

export type Owner = "dialog" | "customer" | "chat";

/** A value to be kept with the dialog, the customer or the chat. */
export interface Assignment {
  readonly owner: Owner;
  readonly name: string;
  readonly value: Json;
}

const OWNERS: readonly string[] = ["dialog", "customer", "chat"];

/** `dialog.topic` and a value; null: the path is of nothing that can be stored. */
export function toAssignment(path: string, value: Json): Assignment | null {
  const [owner, ...rest] = path.split(".");
  if (owner === undefined || !OWNERS.includes(owner) || rest.length !== 1 || !rest[0]) return null;
  return { owner: owner as Owner, name: rest[0], value };
}

/** The state with the value kept; unchanged where there is nothing to keep it with. */
export function store(state: State, { owner, name, value }: Assignment): State {
  const holder = state[owner];
  if (holder === null) return state;
  return { ...state, [owner]: { ...holder, variables: { ...holder.variables, [name]: value } } };
}

import type { Json, JsonObject } from "../types/json.ts";
import type { State } from "../types/state.ts";
import type { Action } from "./action.ts";
import { checkTemplates, fill } from "./fill.ts";
import { nothing } from "./speech.ts";

type Owner = "dialog" | "customer" | "chat";

interface Assignment {
  readonly owner: Owner;
  readonly name: string;
  readonly value: Json;
}

const OWNERS: readonly string[] = ["dialog", "customer", "chat"];

function toAssignment([path, value]: [string, Json]): Assignment | null {
  const [owner, ...rest] = path.split(".");
  if (owner === undefined || !OWNERS.includes(owner) || rest.length !== 1 || !rest[0]) return null;
  return { owner: owner as Owner, name: rest[0], value };
}

function store(state: State, { owner, name, value }: Assignment): State {
  const holder = state[owner];
  if (holder === null) return state;
  return { ...state, [owner]: { ...holder, variables: { ...holder.variables, [name]: value } } };
}

/** Keeps values with the dialog, the customer or the chat; later rules read them as `dialog.topic` and the like. */
export const set: Action<{ readonly set: JsonObject }, { readonly values: readonly Assignment[] }> = {
  name: "set",
  speaksTo: () => null,
  compile(raw, tools) {
    checkTemplates(raw.set, ["set"], tools);
    return {
      args: {
        values: Object.entries(raw.set)
          .map(toAssignment)
          .filter((value) => value !== null),
      },
    };
  },
  advance({ values }, scene) {
    const reachable = values.filter(({ owner }) => scene.state[owner] !== null);
    if (reachable.length === 0) return nothing("no_chat");
    const filled = reachable.map((value) => ({ ...value, value: fill(value.value, scene) }));
    return { state: filled.reduce(store, scene.state) };
  },
};

import type { JsonObject } from "../types/json.ts";
import type { Action } from "./action.ts";
import { checkTemplates, fill } from "./fill.ts";
import { nothing } from "./speech.ts";
import { type Assignment, store, toAssignment } from "./stored.ts";

/** Keeps values with the dialog, the customer or the chat; later rules read them as `dialog.topic` and the like. */
export const set: Action<{ readonly set: JsonObject }, { readonly values: readonly Assignment[] }> = {
  name: "set",
  speaksTo: () => null,
  compile(raw, tools) {
    checkTemplates(raw.set, ["set"], tools);
    const values = Object.entries(raw.set).map(([path, value]) => toAssignment(path, value));
    return { args: { values: values.filter((value) => value !== null) } };
  },
  advance({ values }, scene) {
    const reachable = values.filter(({ owner }) => scene.state[owner] !== null);
    if (reachable.length === 0) return nothing("no_chat");
    const filled = reachable.map((value) => ({ ...value, value: fill(value.value, scene) }));
    const changed = filled.map(({ owner, name }) => `${owner}.${name}`);
    return { state: filled.reduce(store, scene.state), changed };
  },
};

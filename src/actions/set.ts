import { hasMarks } from "../language/template/template.ts";
import type { JsonObject } from "../types/json.ts";
import type { Action, Scene } from "./action.ts";
import { checkTemplates, fill } from "./fill.ts";
import { nothing } from "./speech.ts";
import {
  type Assignment,
  declaredAs,
  remember,
  toAssignment,
  type WrittenAssignment,
  writersLanguage,
} from "./stored.ts";

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
    return remember(
      reachable.map((one) => filled(one, scene)),
      scene,
    );
  },
};

/** What the template gives: a text, but for a declared variable the value itself. What is no template is in the file's language. */
function filled(assignment: Assignment, scene: Scene): WrittenAssignment {
  const { value } = assignment;
  if (typeof value !== "string" || !hasMarks(value)) {
    return { ...assignment, value: fill(value, scene), language: scene.rulebook.language };
  }
  const isDeclared = declaredAs(scene.rulebook, assignment) !== undefined;
  const given = isDeclared ? scene.evaluate(value) : scene.render(value);
  return { ...assignment, value: given, language: writersLanguage(scene) };
}

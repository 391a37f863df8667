import { sameName } from "../language/names.ts";
import type { Text } from "../types/rule.ts";
import type { Action, CompileTools, Scene } from "./action.ts";
import { nothing } from "./speech.ts";

function compileTags(raw: unknown, key: string, tools: CompileTools): { readonly tags: readonly Text[] } {
  if (!Array.isArray(raw)) return { tags: [tools.text(raw, [key])] };
  return { tags: raw.map((tag, index) => tools.text(tag, [key, index])) };
}

function named(tags: readonly Text[], scene: Scene): readonly string[] {
  const names = tags.map((tag) => scene.say(tag, "staff").trim()).filter((name) => name !== "");
  return [...new Set(names)];
}

function tagCall(operation: string, dialogId: number, names: readonly string[]) {
  return { operation, path: { dialog_id: dialogId }, query: {}, body: { tags: names.map((name) => ({ name })) } };
}

/** Attaches tags to the dialog; those it has already are left alone. */
export const tag: Action<{ readonly tag: unknown }, { readonly tags: readonly Text[] }> = {
  name: "tag",
  speaksTo: () => null,
  compile: (raw, tools) => ({ args: compileTags(raw.tag, "tag", tools) }),
  advance({ tags }, scene) {
    const { dialog } = scene.state;
    if (dialog === null) return nothing("no_dialog");
    const fresh = named(tags, scene).filter((name) => !dialog.tags.some((present) => sameName(present, name)));
    if (fresh.length === 0) return nothing("already");
    return {
      calls: [{ call: tagCall("dialogAddTags", dialog.id, fresh) }],
      state: { ...scene.state, dialog: { ...dialog, tags: [...dialog.tags, ...fresh] } },
      changed: ["dialog.tags"],
    };
  },
};

/** Takes tags off the dialog, by the spelling the dialog has; those it lacks are left alone. */
export const untag: Action<{ readonly untag: unknown }, { readonly tags: readonly Text[] }> = {
  name: "untag",
  speaksTo: () => null,
  compile: (raw, tools) => ({ args: compileTags(raw.untag, "untag", tools) }),
  advance({ tags }, scene) {
    const { dialog } = scene.state;
    if (dialog === null) return nothing("no_dialog");
    const wanted = named(tags, scene);
    const present = dialog.tags.filter((name) => wanted.some((other) => sameName(name, other)));
    if (present.length === 0) return nothing("already");
    return {
      calls: [{ call: tagCall("dialogDeleteTags", dialog.id, present) }],
      state: { ...scene.state, dialog: { ...dialog, tags: dialog.tags.filter((name) => !present.includes(name)) } },
      changed: ["dialog.tags"],
    };
  },
};

import { splitText } from "../language/text/split.ts";
import type { Text } from "../types/rule.ts";
import type { Action } from "./action.ts";
import { nothing, SAFE_MAX_CHARS, speechless } from "./speech.ts";

/** Rewrites the bot's last message in this dialog. Its id is filled in just before sending: it may still be on its way. */
export const edit: Action<{ readonly edit: unknown }, { readonly text: Text }> = {
  name: "edit",
  speaksTo: () => null,
  compile: (raw, tools) => ({ args: { text: tools.text(raw.edit, ["edit"]) } }),
  advance({ text }, scene) {
    const reason = speechless(scene, "public");
    if (reason !== null) return nothing(reason);
    if (scene.state.dialog === null) return nothing("no_dialog");
    if (scene.abilities !== null && !scene.abilities.canEdit) return nothing("unsupported");
    const content = splitText(scene.say(text, "customer").trim(), scene.abilities?.maxChars ?? SAFE_MAX_CHARS)[0];
    if (content === undefined) return nothing("empty");
    const call = { operation: "editMessage", path: {}, query: {}, body: { content } };
    return { calls: [{ call, needs: "last_message" }] };
  },
};

/** Removes the bot's last message in this dialog for good. */
export const deleteMessage: Action<{ readonly delete: boolean }, null> = {
  name: "delete",
  speaksTo: () => null,
  compile: () => ({ args: null }),
  advance(_args, scene) {
    if (scene.state.dialog === null) return nothing("no_dialog");
    if (scene.abilities !== null && !scene.abilities.canDelete) return nothing("unsupported");
    const call = { operation: "deleteMessage", path: {}, query: {}, body: null };
    return { calls: [{ call, needs: "last_message" }] };
  },
};

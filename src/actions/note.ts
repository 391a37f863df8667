import { splitText } from "../language/text/split.ts";
import type { Text } from "../types/rule.ts";
import type { Action } from "./action.ts";
import { messageCall, nothing, SAFE_MAX_CHARS, speechless } from "./speech.ts";

/** Leaves a private note in the chat; only the staff sees it, and it never counts as an answer. */
export const note: Action<{ readonly note: unknown }, { readonly text: Text }> = {
  name: "note",
  speaksTo: () => "staff",
  compile: (raw, tools) => ({ args: { text: tools.text(raw.note, ["note"]) } }),
  advance({ text }, scene) {
    const reason = speechless(scene, "private");
    if (reason !== null) return nothing(reason);
    const pieces = splitText(scene.say(text, "staff").trim(), SAFE_MAX_CHARS);
    if (pieces.length === 0) return nothing("empty");
    return { calls: pieces.map((content) => ({ call: messageCall(scene, "private", { type: "text", content }) })) };
  },
};

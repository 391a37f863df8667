import { numberedList } from "../language/text/buttons.ts";
import { splitText } from "../language/text/split.ts";
import type { JsonObject } from "../types/json.ts";
import type { Outcome, Scene } from "./action.ts";
import { afterSpeaking, messageCall, SAFE_MAX_CHARS } from "./speech.ts";

export interface Speech {
  readonly text: string;
  /** Button titles, non-empty and each once. */
  readonly titles: readonly string[];
  /** Message it answers, where the channel can quote. */
  readonly quote?: number | null;
  /** Suggestions besides the titles (a request for the phone number), where the channel has them. */
  readonly requests?: readonly ("phone" | "email")[];
}

/** Says a text to the customer: titles as the channel's suggestions, else as a numbered list; over the channel's limit in
 *  pieces, buttons under the last. Null: there is nothing to say. */
export function speak({ text, titles, quote = null, requests = [] }: Speech, scene: Scene): Outcome | null {
  if (text === "") return null;
  const native = scene.abilities?.suggestions.text ?? false;
  const pieces = splitText(native ? text : numberedList(text, titles), scene.abilities?.maxChars ?? SAFE_MAX_CHARS);
  const quoted = scene.abilities?.canQuote ? quote : null;
  const offered = requests.filter((kind) => scene.abilities?.suggestions[kind] ?? false).map((type) => ({ type }));
  const shown: readonly JsonObject[] = [
    ...(native ? titles.map((title) => ({ type: "text", title })) : []),
    ...offered,
  ];
  return {
    calls: pieces.map((content, index) => ({
      public: true,
      call: messageCall(scene, "public", {
        type: "text",
        content,
        quote_message_id: index === 0 ? quoted : null,
        transport_attachments: shown.length > 0 && index === pieces.length - 1 ? { suggestions: shown } : null,
      }),
    })),
    state: afterSpeaking(scene.state, scene.now, titles, !native),
  };
}

import type { Sentence } from "../types/issue.ts";
import type { Call } from "../types/plan.ts";
import type { Rulebook } from "../types/rule.ts";

/** A private note of the bot's own (not of a rule) to the staff, in the configured language. */
export function noteCall(chatId: number, sentence: Sentence, rulebook: Rulebook): Call {
  const content = sentence[rulebook.language];
  return {
    operation: "sendMessage",
    path: {},
    query: {},
    body: { chat_id: chatId, scope: "private", type: "text", content },
  };
}

import type { Call, CallOutcome } from "../types/plan.ts";
import type { Dialog } from "../types/state.ts";
import { idAt } from "./fields.ts";

/** What the end of a call teaches about its dialog: the id of the bot's last message, a deletion, an assignment that failed. */
export function noteSent(dialog: Dialog, call: Call, outcome: CallOutcome): Dialog {
  if (call.operation === "sendMessage" && outcome.ok) {
    return { ...dialog, lastOwnMessageId: idAt(outcome.body, "message_id") ?? dialog.lastOwnMessageId };
  }
  if (call.operation === "deleteMessage" && outcome.ok) return { ...dialog, lastOwnMessageId: null };
  if (call.operation === "assignDialogResponsible" && !outcome.ok) return withoutAssignment(dialog, call);
  return dialog;
}

/** The decision counted on the assignment; since it failed, who was responsible before still is. */
function withoutAssignment(dialog: Dialog, call: Call): Dialog {
  const wanted = idAt(call.body ?? undefined, "user_id") ?? idAt(call.body ?? undefined, "bot_id");
  if (dialog.responsible?.id !== wanted) return dialog;
  return { ...dialog, responsible: dialog.previous, previous: null, team: null };
}

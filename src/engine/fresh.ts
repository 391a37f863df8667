import type { Guard } from "../types/plan.ts";
import type { Chat, Dialog } from "../types/state.ts";

/** Why a public message must not go out after all, judged just before it is sent; null: send it. Spec 4.1 "Late actions":
 *  its dialog has closed, a manager has written since, or what it answers is too old. `now` is Unix ms. */
export function withholdReason(
  guard: Guard,
  state: { readonly dialog: Dialog | null; readonly chat: Chat | null },
  now: number,
): "closed" | "manager" | "late" | null {
  const { dialog } = state;
  const own = dialog !== null && dialog.id === guard.dialogId ? dialog : null;
  if (own !== null && own.closedAt !== null && !guard.evenIfClosed) return "closed";
  if (own?.lastManagerAt != null && own.lastManagerAt > guard.heardAt && !guard.evenWithManager) return "manager";
  return now - guard.inputAt > guard.answerWithinMs ? "late" : null;
}

import type { Call } from "../types/plan.ts";
import { newDialog } from "../types/state.ts";
import type { Action, Scene } from "./action.ts";
import { nothing } from "./speech.ts";

function dialogCall(operation: string, dialogId: number): Call {
  return { operation, path: { dialog_id: dialogId }, query: {}, body: null };
}

/** Takes the responsible person off the dialog. */
export const unassign: Action<{ readonly unassign: boolean }, null> = {
  name: "unassign",
  speaksTo: () => null,
  compile: () => ({ args: null }),
  advance(_args, scene) {
    const { dialog } = scene.state;
    if (dialog === null) return nothing("no_dialog");
    if (dialog.responsible === null) return nothing("already");
    return {
      calls: [{ call: dialogCall("unassignDialogResponsible", dialog.id) }],
      state: { ...scene.state, dialog: { ...dialog, responsible: null, previous: dialog.responsible } },
      changed: ["dialog.assigned", "manager", "previous"],
    };
  },
};

/** Closes the dialog. The state changes when the gateway says that it is closed: words of this run still go out before. */
export const close: Action<{ readonly close: boolean }, null> = {
  name: "close",
  speaksTo: () => null,
  compile: () => ({ args: null }),
  advance(_args, scene) {
    const { dialog } = scene.state;
    if (dialog === null) return nothing("no_dialog");
    if (dialog.closedAt !== null) return nothing("already");
    return { calls: [{ call: dialogCall("closeDialog", dialog.id) }] };
  },
};

function newDialogId(scene: Scene): number | null {
  if (scene.result === null || !scene.result.ok) return null;
  const { body } = scene.result;
  const id = typeof body === "object" && body !== null && "id" in body ? body.id : null;
  return typeof id === "number" ? id : null;
}

/** Opens a new dialog in the chat where none is open; the actions after it work in that dialog. */
export const openDialog: Action<{ readonly open_dialog: boolean }, null> = {
  name: "open_dialog",
  speaksTo: () => null,
  compile: () => ({ args: null }),
  advance(_args, scene) {
    const { chat, dialog } = scene.state;
    if (chat === null) return nothing("no_chat");
    if (scene.result === null) {
      if (dialog !== null && dialog.closedAt === null) return nothing("already");
      const call = { operation: "createDialog", path: { chat_id: chat.id }, query: {}, body: {} };
      return { calls: [{ call }], awaitsResult: true };
    }
    const id = newDialogId(scene);
    if (id === null) return nothing("failed");
    return {
      state: {
        ...scene.state,
        dialog: { ...newDialog(id, chat.id, scene.now), beginMessageId: "none", openedDone: true },
      },
      changed: ["dialog", "manager", "previous"],
    };
  },
};

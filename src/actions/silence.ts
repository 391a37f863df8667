import type { Action } from "./action.ts";
import { nothing } from "./speech.ts";

/** Ends the run and what called it. */
export const stop: Action<{ readonly stop: boolean }, null> = {
  name: "stop",
  speaksTo: () => null,
  compile: () => ({ args: null }),
  advance: () => ({ stop: true }),
};

/** The bot keeps publicly silent in this dialog for a time, or until the dialog closes. */
export const mute: Action<{ readonly mute: string }, { readonly forMs: number | "until_closed" }> = {
  name: "mute",
  speaksTo: () => null,
  compile: (raw, tools) => ({
    args: { forMs: raw.mute === "until_closed" ? "until_closed" : tools.duration(raw.mute, ["mute"]) },
  }),
  advance({ forMs }, scene) {
    const { dialog } = scene.state;
    if (dialog === null) return nothing("no_dialog");
    const mutedUntil = forMs === "until_closed" ? ("closed" as const) : scene.now + forMs;
    return { state: { ...scene.state, dialog: { ...dialog, mutedUntil } } };
  },
};

/** The bot may speak again in this dialog, also after the loop guard silenced it. */
export const unmute: Action<{ readonly unmute: boolean }, null> = {
  name: "unmute",
  speaksTo: () => null,
  compile: () => ({ args: null }),
  advance(_args, scene) {
    const { dialog, chat } = scene.state;
    if (dialog === null) return nothing("no_dialog");
    return {
      state: {
        ...scene.state,
        dialog: { ...dialog, mutedUntil: null },
        chat: chat && { ...chat, mutedUntil: null, unanswered: [] },
      },
    };
  },
};

import type { JsonObject } from "../types/json.ts";
import type { Call } from "../types/plan.ts";
import type { State } from "../types/state.ts";
import type { Outcome, Scene } from "./action.ts";

/** Longest text where the channel states no limit: the API's safe general bound (characters). */
export const SAFE_MAX_CHARS = 2000;

/** Plain data of one `POST /messages`. Null and undefined fields of `content` are left out. */
export function messageCall(scene: Scene, scope: "public" | "private", content: JsonObject): Call {
  const given = Object.entries(content).filter(([, value]) => value !== null && value !== undefined);
  return {
    operation: "sendMessage",
    path: {},
    query: {},
    body: { chat_id: scene.state.chat?.id ?? null, scope, ...Object.fromEntries(given) },
  };
}

/** Why nothing can be said in this scope now; null: it can. */
export function speechless(scene: Scene, scope: "public" | "private"): string | null {
  if (scene.state.chat === null) return "no_chat";
  return scope === "public" ? scene.silenced : null;
}

/** The state after a public message: which numbered titles it listed, which buttons it showed. */
export function afterSpeaking(state: State, now: number, shown: readonly string[], numbered: boolean): State {
  if (state.dialog === null) return state;
  const { dialog } = state;
  return {
    ...state,
    dialog: {
      ...dialog,
      numbered: numbered && shown.length > 0 ? { at: now, titles: shown } : null,
      shownButtons: [...new Set([...dialog.shownButtons, ...shown])],
    },
  };
}

export const nothing = (reason: string): Outcome => ({ reason });

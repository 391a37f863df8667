import type { Pick, QueuePlace } from "../types/state.ts";
import type { Action } from "./action.ts";
import { MAX_ASSIGNMENTS } from "./assign.ts";
import { nothing } from "./speech.ts";

interface RawQueue {
  readonly queue: string | number;
  readonly pick?: Pick;
}

/** `team` null: it is not declared, which was a fault at load. */
interface QueueArgs {
  readonly team: string | null;
  readonly pick: Pick;
}

/** Lets the dialog wait for a team: whoever of it is free next gets the dialog that has waited longest. A person who takes
 *  the dialog, or its end, takes it out of the queue. */
export const queue: Action<RawQueue, QueueArgs> = {
  name: "queue",
  speaksTo: () => null,
  compile: (raw, tools) => ({
    args: { team: tools.team(String(raw.queue), ["queue"]), pick: raw.pick ?? "round_robin" },
  }),
  advance({ team, pick }, { state, rule, now }) {
    const { dialog } = state;
    if (dialog === null || dialog.closedAt !== null) return nothing("no_dialog");
    if (team === null) return nothing("nobody");
    if (dialog.responsible?.type === "user" || dialog.queued?.team === team) return nothing("already");
    if (dialog.assignedByBot >= MAX_ASSIGNMENTS) return nothing("assign_limit");
    const queued: QueuePlace = { team, pick, since: now, ruleId: rule.id, refused: 0, offered: false };
    return { state: { ...state, dialog: { ...dialog, queued } }, changed: ["dialog.queued"] };
  },
};

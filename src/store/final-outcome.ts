import type { CallOutcome } from "../types/plan.ts";
import type { OutboxState } from "./store.ts";

/** The outcome a run gets for a call: null while it is open. A run must never wait for ever, so a call that ended without
 *  an outcome, and one that is not there, have one too. `outcome`: the stored JSON. */
export function finalOutcome(state: OutboxState | null, outcome: string | null): CallOutcome | null {
  if (state === "pending" || state === "sending" || state === "unknown") return null;
  if (outcome !== null) return JSON.parse(outcome);
  return state === "sent" ? { ok: true, body: null } : { ok: false, reason: state ?? "missing" };
}

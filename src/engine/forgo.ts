import type { Event } from "../types/event.ts";
import type { Plan } from "../types/plan.ts";
import type { State } from "../types/state.ts";
import { textAt } from "./fields.ts";
import { endsTurn } from "./gather.ts";
import { withTurn } from "./turn.ts";
import { endWaiting, timerKey } from "./waiting.ts";

/** What is left to do for an event that nobody can decide. A timer rings once: the run that it was to wake ends, and the
 *  customer's turn that it was to end is dropped, or it would spoil every later message too. */
export function planWithout(event: Event, state: State): Plan {
  const start: Plan = { verdicts: [], state, calls: [], runs: [], endedRunIds: [], timers: [] };
  if (endsTurn(event)) return withTurn(start, null);
  const key = event.type === "timer" ? textAt(event.data, "timer") : null;
  const woken = state.waiting.find(({ run }) => timerKey(run) === key);
  return woken === undefined ? start : endWaiting(start, woken.run);
}

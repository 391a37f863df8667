import type { Event } from "../types/event.ts";
import type { Plan } from "../types/plan.ts";
import type { Rulebook } from "../types/rule.ts";
import type { State } from "../types/state.ts";
import { decideMessage, endPointless } from "./answering.ts";
import { decideTimer } from "./due.ts";
import { countMessage, decideFlood } from "./flood.ts";
import { forgetOld } from "./kept.ts";
import { observe } from "./observe.ts";
import { type Moment, momentsOf } from "./occasions.ts";
import { decideQueue, QUEUE } from "./queue.ts";
import { setSilenceTimers } from "./silence.ts";
import { lastOfEach } from "./waiting.ts";

/** The inbox row that a due timer makes; its `data` is `{timer: key, dialog_id}`. */
const TIMER = "timer";

export interface DecideInput {
  readonly rulebook: Rulebook;
  readonly state: State;
  readonly event: Event;
  /** Unix ms. */
  readonly now: number;
}

/** What one event deserves, and why. Pure: same rulebook + state + event + clock = same plan. The state is observed first,
 *  then every rule of a moment is judged against it, then those that fired do their actions in file order. */
export function decide({ rulebook, state, event, now }: DecideInput): Plan {
  const counted = countMessage(forgetOld(observe(state, event), { declared: rulebook, now }), event);
  const start: Plan = {
    verdicts: [],
    state: counted.state,
    calls: [],
    runs: [],
    endedRunIds: [],
    timers: [],
  };
  const input = { rulebook, event, now };
  const plan = counted.isFlood ? decideFlood(input, start) : decideKind(input, state, start);
  const timed = setSilenceTimers(plan.state, rulebook);
  return { ...plan, state: timed.state, timers: lastOfEach([...plan.timers, ...timed.timers]) };
}

type Input = Pick<DecideInput, "rulebook" | "event" | "now">;

function decideKind(input: Input, before: State, start: Plan): Plan {
  if (input.event.type === TIMER) return decideTimer(input, start);
  if (input.event.type === QUEUE) return decideQueue(input, start);
  return decideNews(input, before, start);
}

function decideNews(input: Input, before: State, start: Plan): Plan {
  const moments = momentsOf({ ...input, before, after: start.state });
  const relieved = endPointless(input.event, start);
  const plan = moments.reduce((now, moment) => decideMessage({ ...input, moment, before: now }), relieved);
  return { ...plan, state: settleOpening(plan.state, moments) };
}

/** Once a dialog has had a first message seen, its opening is over, whether rules were there for it or not. */
function settleOpening(state: State, moments: readonly Moment[]): State {
  const { dialog } = state;
  if (dialog === null || dialog.openedDone || !moments.some((moment) => moment.on.includes("message"))) return state;
  return { ...state, dialog: { ...dialog, openedDone: true } };
}

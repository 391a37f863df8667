import { ruleById } from "../rulebook/match.ts";
import type { Event } from "../types/event.ts";
import type { Plan } from "../types/plan.ts";
import type { Rule, Rulebook } from "../types/rule.ts";
import type { WaitingRun } from "../types/state.ts";
import { textAt } from "./fields.ts";
import { gatheringIn, gatherKey } from "./gather.ts";
import { stillHolds } from "./late.ts";
import { decideMoment } from "./moment.ts";
import type { Moment } from "./occasions.ts";
import { goOnWith } from "./resume.ts";
import { markSilence, silenceDue, silenceKey } from "./silence.ts";
import { decideTurn, withTurn } from "./turn.ts";
import { endWaiting, timerKey } from "./waiting.ts";

interface Input {
  readonly rulebook: Rulebook;
  readonly event: Event;
  /** Unix ms. */
  readonly now: number;
}

/** What a due timer deserves: a run goes on, a turn is judged, or a silence rule is. Its event's data is `{timer: key, dialog_id}`. */
export function decideTimer({ event, ...rest }: Input, start: Plan): Plan {
  // The time it was set for has come, also where the clock was set back since: it will not ring again.
  const input = { ...rest, event, now: Math.max(rest.now, event.at) };
  const key = textAt(event.data, "timer") ?? "";
  const due = start.state.waiting.find(({ run }) => key === timerKey(run));
  if (due !== undefined) return decideDue(input, start, due);
  const { dialog } = start.state;
  if (dialog !== null && key === gatherKey(dialog.id)) return decideGathered(input, start);
  const prefix = dialog === null ? null : silenceKey(dialog.id, "");
  const rule = prefix === null || !key.startsWith(prefix) ? null : ruleById(input.rulebook, key.slice(prefix.length));
  return rule === null ? start : decideSilence(input, start, rule);
}

/** A run whose time has come goes on, if its rule is still there and its `if` still holds. A timer that rings too early was
 *  set for what the run waited for before. */
function decideDue(input: Input, start: Plan, { run, rule }: WaitingRun): Plan {
  const { rulebook, now } = input;
  if ((run.waitsFor?.until ?? Number.POSITIVE_INFINITY) > now) return start;
  // The customer is writing the answer: it came in time.
  if (gatheringIn(start.state)?.answers === run.id) return start;
  const known = ruleById(rulebook, rule.id) !== null;
  const holds = run.waitsFor?.kind !== "time" || stillHolds(rule, run, start.state, rulebook, now);
  if (!known || !holds) return endWaiting(start, run);
  return goOnWith(input, start, { run, rule, input: { kind: "time", at: now } });
}

/** The customer has paused. A timer that rings too early was set before the last message: it is set anew. */
function decideGathered(input: Input, start: Plan): Plan {
  const turn = gatheringIn(start.state);
  return turn !== null && turn.until > input.now ? withTurn(start, turn) : decideTurn(input, start);
}

/** A silence rule is judged when its time is due by the present state; a timer that rings too early was set for another. */
function decideSilence(input: Input, start: Plan, rule: Rule): Plan {
  const due = silenceDue(rule, start.state, input.rulebook);
  if (due === null || due > input.now) return start;
  const moment: Moment = {
    on: [rule.on],
    words: [],
    scope: { event: {} },
    replyScope: "public",
    at: input.now,
    only: rule.id,
  };
  const before = { ...start, state: markSilence(rule, start.state) };
  return decideMoment({ ...input, moment, before });
}

import { decide } from "../../src/engine/decide.ts";
import type { Event } from "../../src/types/event.ts";
import type { Plan } from "../../src/types/plan.ts";
import type { Rulebook } from "../../src/types/rule.ts";
import type { State } from "../../src/types/state.ts";
import { NOON, shortly, tick, world } from "./world.ts";

export const SECOND = 1000;

/** A conversation in which time passes: timers ring when they are due. Moments are seconds after noon. */
export interface Talk {
  /** Decides an event at its own moment, once everything due before it has rung. */
  hears(event: Event): Plan;
  /** Lets time pass until then; what each timer made. */
  until(second: number): readonly Plan[];
  /** Takes other rules over. */
  reload(rules: Rulebook): void;
  state(): State;
  /** All that was done, with the second in which it was planned: `2 public: Hi.` */
  readonly done: string[];
  readonly plans: Plan[];
}

export interface TalkOptions {
  readonly start?: State;
  /** What the state goes through between two events, as a stored document does. */
  readonly stored?: (state: State) => State;
}

export function talk(rules: Rulebook, { start = world(), stored = (state) => state }: TalkOptions = {}): Talk {
  let rulebook = rules;
  let state = start;
  const timers = new Map<string, number>();
  const done: string[] = [];
  const plans: Plan[] = [];

  const decideNow = (event: Event): Plan => {
    const plan = decide({ rulebook, state, event, now: event.at });
    for (const { key, at } of plan.timers) {
      if (at === null) timers.delete(key);
      else timers.set(key, at);
    }
    done.push(...shortly(plan).map((call) => `${(event.at - NOON) / SECOND} ${call}`));
    plans.push(plan);
    state = stored(plan.state);
    return plan;
  };
  const ringUntil = (moment: number): readonly Plan[] => {
    const rung: Plan[] = [];
    for (;;) {
      const [next] = [...timers].filter(([, at]) => at <= moment).sort(([, a], [, b]) => a - b);
      if (next === undefined) return rung;
      timers.delete(next[0]);
      rung.push(decideNow(tick(...next)));
    }
  };
  return {
    hears(event) {
      ringUntil(event.at - 1);
      return decideNow(event);
    },
    until: (second) => ringUntil(NOON + second * SECOND),
    reload(next) {
      rulebook = next;
    },
    state: () => state,
    done,
    plans,
  };
}

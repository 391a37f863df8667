import type { Parts } from "./serving-parts.ts";

/** How a connection is doing at this moment, from memory alone. Counts are those since the connection began here. */
export interface Vitals {
  /** The module is on and there is a token: the bot works, or tries to. */
  readonly isServing: boolean;
  readonly isSocketOpen: boolean;
  /** How often its socket has opened. */
  readonly opened: number;
  /** Since when something may have been missed that is not found yet (Unix ms); null: nothing may. */
  readonly gapSince: number | null;
  /** Messages that catching up has found, and those that are lost for good. */
  readonly recovered: number;
  readonly lost: number;
  /** Frames that could not be read. */
  readonly badFrames: number;
  /** Ids of the present rules: one and the same set as long as they stay the same. */
  readonly ruleIds: ReadonlySet<string>;
}

export function vitalsOf({ present, catchUp, intake }: Parts): Vitals {
  return {
    isServing: present.session !== null || present.trouble !== null,
    isSocketOpen: present.session?.listener()?.state().name === "open",
    opened: present.opened,
    gapSince: catchUp.gapSince(),
    ...catchUp.counts(),
    badFrames: intake.counts().bad,
    ruleIds: idsOf(present.rulebook.rules),
  };
}

type Rules = Parts["present"]["rulebook"]["rules"];

const known = new WeakMap<Rules, ReadonlySet<string>>();

/** A thousand connections may share their rules. */
function idsOf(rules: Rules): ReadonlySet<string> {
  const ids = known.get(rules) ?? new Set(rules.map(({ id }) => id));
  known.set(rules, ids);
  return ids;
}

import { expect } from "vitest";
import type { Step } from "./conversation.ts";
import { type Fate, type Played, play, type StepDeath } from "./play.ts";

type Restarted = Fate & { readonly kind: "restarted" };

export const SPARED: Fate = { kind: "spared" };

export const RESTARTED: readonly Restarted[] = [
  { kind: "restarted", how: "drained" },
  { kind: "restarted", how: "dropped" },
];

/** Every moment just before and just after a writing operation of the conversation. */
export function everyDeath({ writes }: Played): readonly StepDeath[] {
  return writes.flatMap((count, step) =>
    Array.from({ length: count }, (_, write) => write).flatMap((write): readonly StepDeath[] => [
      { step, write, when: "before", again: null },
      { step, write, when: "after", again: null },
    ]),
  );
}

/** Numbers that choose deaths: `at` from 0 to 9999 is a place among all there could be, `again` is taken as it is. */
export interface Choice {
  readonly at: number;
  readonly again: number | null;
}

/** Some deaths of all there could be, each by itself. */
export function chosenDeaths(reference: Played, choices: readonly Choice[]): readonly Fate[] {
  const all = everyDeath(reference);
  return choices.flatMap(({ at, again }) => {
    const death = all[Math.floor((at / 10_000) * all.length)];
    return death === undefined ? [] : [{ kind: "dies" as const, deaths: [{ ...death, again }] }];
  });
}

/** A death in every step, one after the other. */
export function oneDeathEach(reference: Played, choices: readonly Choice[]): Fate {
  const deaths = reference.writes.flatMap((_, step) => {
    const all = everyDeath(reference).filter((death) => death.step === step);
    const { at = 0, again = null } = choices[step % choices.length] ?? {};
    const death = all[Math.floor((at / 10_000) * all.length)];
    return death === undefined ? [] : [{ ...death, again }];
  });
  return { kind: "dies", deaths };
}

/** Rejects unless the conversation is with this fate what it is without. */
export async function expectSame(steps: readonly Step[], fate: Fate, reference: Played): Promise<void> {
  const { transcript } = await play(steps, fate);
  expect(transcript, inWords(fate)).toEqual(reference.transcript);
}

function inWords(fate: Fate): string {
  if (fate.kind !== "dies") return fate.kind === "restarted" ? `${fate.how} before each step` : "without a restart";
  const deaths = fate.deaths.map(({ step, write, when, again }) => {
    const next = again === null ? "" : `, and its next life before write ${again}`;
    return `${when} write ${write} of step ${step}${next}`;
  });
  return `with a death ${deaths.join("; ")}`;
}

/** Where a shorter conversation has to be tried for the fault of a longer one: the same restarts, or deaths at about the same
 *  operation of steps with the same words. */
export function likeFates(steps: readonly Step[], found: Found): readonly Fate[] {
  const { fate } = found;
  if (fate.kind !== "dies") return [fate];
  const [death, ...others] = fate.deaths.map((one) => alike(steps, found.steps, one));
  return others.length === 0 ? near(death ?? []) : [{ kind: "dies", deaths: [death ?? [], ...others].flat() }];
}

/** A fate that made a conversation another. */
export interface Found {
  readonly fate: Fate;
  readonly steps: readonly Step[];
}

/** The death in the steps with the same acts. */
function alike(steps: readonly Step[], before: readonly Step[], death: StepDeath): readonly StepDeath[] {
  const acts = JSON.stringify(before[death.step]?.acts ?? []);
  const same = [...steps, { acts: [] }].flatMap((step, index) => (JSON.stringify(step.acts) === acts ? [index] : []));
  return same.map((step) => ({ ...death, step }));
}

function near(deaths: readonly StepDeath[]): readonly Fate[] {
  return deaths.flatMap((death) =>
    NEAR.map((distance) => death.write + distance)
      .filter((write) => write >= 0)
      .map((write): Fate => ({ kind: "dies", deaths: [{ ...death, write }] })),
  );
}

const NEAR = [0, -1, 1, -2, 2, -3, 3];

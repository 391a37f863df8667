import { settleOrAbort } from "../../../src/api/pace/settle-or-abort.ts";
import { createRandom, seedFor } from "./random.ts";
import type { Lab, Measured, Scenario } from "./scenario.ts";

/** One line of the table. */
export interface Row {
  readonly id: string;
  readonly promise: string;
  readonly figure: string;
  readonly asked: string;
  readonly reached: string;
  readonly seed: number;
  readonly ok: boolean;
}

export interface Outcome {
  readonly scenario: Scenario;
  readonly rows: readonly Row[];
  readonly extent: string;
  readonly tookMs: number;
  /** Why it did not come to its end; null: it did. */
  readonly broke: Error | null;
}

export interface CarryOutOptions {
  readonly seed: number;
  readonly short: boolean;
  readonly tell?: (words: string) => void;
  /** Breaks it off; everything is put away all the same. */
  readonly signal?: AbortSignal;
}

/** Runs one scenario and puts everything away again. A scenario that breaks off has reached none of its figures. Never rejects. */
export async function carryOut(
  scenario: Scenario,
  { seed, short, tell = () => {}, signal }: CarryOutOptions,
): Promise<Outcome> {
  const beganAt = Date.now();
  const tasks: (() => Promise<void>)[] = [];
  const lab: Lab = {
    random: createRandom(seedFor(seed, scenario.id)),
    short,
    size: (full, small) => (short ? small : full),
    tell,
    onTestFinished: (task) => void tasks.push(task),
  };
  let measured: Measured | null = null;
  let broke: Error | null = null;
  try {
    measured = await settleOrAbort(scenario.run(lab), signal);
  } catch (error) {
    broke = error instanceof Error ? error : new Error(String(error));
  }
  for (const task of tasks.reverse()) await task().catch((error) => tell(`not put away: ${error}`));
  const rows = rowsOf(scenario, measured, seed);
  return { scenario, rows, extent: measured?.extent ?? "broke off", tookMs: Date.now() - beganAt, broke };
}

/** What is said of a scenario that did not come to its end. */
export const brokenOff = (
  scenario: Scenario,
  { seed, tookMs, broke }: { readonly seed: number; readonly tookMs: number; readonly broke: Error },
): Outcome => ({ scenario, rows: rowsOf(scenario, null, seed), extent: "broke off", tookMs, broke });

function rowsOf({ id, promise, asked }: Scenario, measured: Measured | null, seed: number): readonly Row[] {
  return Object.entries(asked).map(([figure, { text, unit, holds }]) => {
    const reached = measured?.reached[figure] ?? null;
    const shown = reached === null ? "not measured" : `${rounded(reached)}${unit === "" ? "" : ` ${unit}`}`;
    return { id, promise, figure, asked: text, reached: shown, seed, ok: reached !== null && holds(reached) };
  });
}

const rounded = (value: number) => Math.round(value * 100) / 100;

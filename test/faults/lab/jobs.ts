import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { brokenOff, type CarryOutOptions, carryOut, type Outcome } from "./carry-out.ts";
import type { Scenario } from "./scenario.ts";

const ONE = new URL("../children/one-scenario.ts", import.meta.url);

/** What the process of one scenario sends when it is through: all but the scenario, which both sides have. */
export interface Report extends Omit<Outcome, "scenario" | "broke"> {
  readonly broke: string | null;
}

export interface JobsOptions extends Omit<CarryOutOptions, "signal"> {
  /** Scenarios at the same time; most of them wait most of the time. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** Called for each scenario that has ended. */
  readonly ended?: (outcome: Outcome) => void;
}

/** Twice as many as there are cores. */
export const USUAL_JOBS = 2 * availableParallelism();

/** Runs scenarios, several at a time, each in a process of its own; afterwards, one by one, those whose figures need the machine for
 *  themselves. The outcomes are in the order of the scenarios; those that were not begun because of the signal are left out. Never rejects. */
export async function carryOutAtOnce(
  scenarios: readonly Scenario[],
  options: JobsOptions,
): Promise<readonly Outcome[]> {
  const outcomes = new Map<Scenario, Outcome>();
  const work = async (waiting: Scenario[]) => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (options.signal.aborted) return;
      const outcome = await inProcessOfItsOwn(next, options);
      outcomes.set(next, outcome);
      options.ended?.(outcome);
    }
  };
  const [quiet, others] = [scenarios.filter(({ alone }) => alone), scenarios.filter(({ alone }) => !alone)];
  others.sort((one, other) => Number(other.long ?? false) - Number(one.long ?? false));
  await Promise.all(Array.from({ length: options.jobs }, () => work(others)));
  await work(quiet);
  return scenarios.flatMap((scenario) => outcomes.get(scenario) ?? []);
}

/** An error of another process, as it was there. */
const asError = (stack: string): Error => Object.assign(new Error(stack.split("\n")[0]), { stack });

/** One after the other in this process, which is easier to look into. */
export async function carryOutInTurn(
  scenarios: readonly Scenario[],
  options: JobsOptions,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const scenario of scenarios) {
    if (options.signal.aborted) break;
    const outcome = await carryOut(scenario, { ...options, tell: telling(scenario, options) });
    outcomes.push(outcome);
    options.ended?.(outcome);
  }
  return outcomes;
}

/** Says of whom the words are. */
const telling =
  ({ id }: Scenario, { tell }: JobsOptions) =>
  (words: string) =>
    tell?.(`${id} ${words}`);

async function inProcessOfItsOwn(scenario: Scenario, options: JobsOptions): Promise<Outcome> {
  const { seed, short, signal } = options;
  const tell = telling(scenario, options);
  const beganAt = Date.now();
  const child = fork(ONE, [scenario.id, String(seed), ...(short ? ["short"] : [])]);
  const stop = () => void child.kill();
  signal.addEventListener("abort", stop);
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  child.on("message", (message) => {
    if (typeof message === "string") return tell(message);
    const { broke, ...report } = message as Report;
    resolve({ ...report, scenario, broke: broke === null ? null : asError(broke) });
  });
  child.once("exit", (code) => {
    const broke = new Error(`its process ended with ${code}`);
    resolve(brokenOff(scenario, { seed, tookMs: Date.now() - beganAt, broke }));
  });
  const outcome = await promise;
  signal.removeEventListener("abort", stop);
  return outcome;
}

import { resume } from "../../engine/resume.ts";
import { ruleById } from "../../rulebook/match.ts";
import type { CallOutcome, Plan, Run } from "../../types/plan.ts";
import type { Rule } from "../../types/rule.ts";
import type { State } from "../../types/state.ts";
import type { Context } from "../context.ts";
import type { Lane } from "../lanes/lanes.ts";
import { logSteps, placeOf, tags } from "./decision-log.ts";
import { emptyCommit, keepFairly, type Work } from "./keep.ts";
import { loadState, ruleOf } from "./load-state.ts";
import type { DecidingParts } from "./options.ts";

/** A run with the outcome of the call or request that it waits for under `key`. */
interface AnsweredRun {
  readonly run: Run;
  readonly key: string;
  readonly outcome: CallOutcome;
}

/** The run to go on with; or for how long the lane is held by one that waits for its call; null: none. */
export async function nextRun(
  { store, connectionId, clock }: Context,
  { chatId }: Lane,
): Promise<AnsweredRun | { readonly heldMs: number } | null> {
  const now = clock.now();
  let heldMs: number | null = null;
  for (const { run, outcome } of await store.waitingRuns(connectionId, chatId)) {
    if (run.waitsFor?.kind !== "call") continue;
    const { key, until } = run.waitsFor;
    if (outcome !== null) return { run, key, outcome };
    // It has held the chat long enough: the chat goes on, and the run does when its call has ended after all.
    if (until <= now) continue;
    heldMs = Math.min(heldMs ?? Number.POSITIVE_INFINITY, until - now);
  }
  return heldMs === null ? null : { heldMs };
}

/** Goes on with a run and keeps what it does. A fault of the program ends the run alone. */
export async function resumeRun(options: DecidingParts, lane: Lane, answered: AnsweredRun): Promise<void> {
  const rule = await presentRule(options, answered.run);
  await lane.exclusive(async () => {
    const chat = lane.chatId === null ? null : await options.store.chat(options.connectionId, lane.chatId);
    const work = () => workOf(options, rule, answered);
    const kept = await options.customers.run(chat?.customerId ?? null, () => keepFairly(options, work));
    if (kept !== null) logSteps(options.log, answered.run, kept);
  });
}

async function workOf(options: DecidingParts, rule: Rule | null, { run, key, outcome }: AnsweredRun): Promise<Work> {
  const rulebook = options.rulebook();
  const from = { ...options, directory: options.directory.current(), rulebook };
  const before = await loadState(from, { chatId: run.chatId, dialogId: run.dialogId, customerId: null });
  const now = options.clock.now();
  const commit = emptyCommit(options, now);
  if (rule === null) return { before, plan: brokenOff(before, run), commit };
  const input = { kind: "result", key, at: now, outcome } as const;
  const plan = attempt(() => resume({ rulebook, rule, run, state: before, input, now }));
  if (!(plan instanceof Error)) return { before, plan, commit };
  options.log.error({ ...tags(run), fault: placeOf(plan) }, "a run broke off");
  return { before, plan: brokenOff(before, run), commit };
}

/** A rule that is gone ends its runs before their next action (spec 4.1 "Reload"): null. */
async function presentRule(options: DecidingParts, run: Run): Promise<Rule | null> {
  const rulebook = options.rulebook();
  return ruleById(rulebook, run.ruleId) === null ? null : ruleOf(run, rulebook, options.store);
}

/** Nothing comes of the run any more. */
const brokenOff = (state: State, run: Run): Plan => ({
  verdicts: [],
  state,
  calls: [],
  runs: [],
  endedRunIds: [run.id],
  timers: [],
});

function attempt<T>(task: () => T): T | Error {
  try {
    return task();
  } catch (error) {
    return error instanceof Error ? error : new Error("a rule threw something that is not an error", { cause: error });
  }
}

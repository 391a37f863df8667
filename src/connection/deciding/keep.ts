import type { Commit } from "../../store/store.ts";
import type { Plan } from "../../types/plan.ts";
import type { State } from "../../types/state.ts";
import type { Context } from "../context.ts";
import { changedDocuments } from "./load-state.ts";
import type { DecidingOptions } from "./options.ts";

/** A plan, what it was made from, and what of its commit is not in the plan. */
export interface Work {
  readonly before: State;
  readonly plan: Plan;
  readonly commit: Commit;
}

/** Keeps the plan that the work makes. One that gives a dialog to someone of the staff is made anew while no other chat
 *  does the same: both would have picked the same person. Null: somebody else has decided it. */
export async function keepFairly(options: DecidingOptions, work: () => Promise<Work>): Promise<Plan | null> {
  const first = await work();
  if (!givesDialogs(first)) return (await keep(options, first)) ? first.plan : null;
  return options.directory.exclusive(async () => {
    const again = await work();
    return (await keep(options, again)) ? again.plan : null;
  });
}

function givesDialogs({ before, plan }: Work): boolean {
  if (plan.state.directory.rotation !== before.directory.rotation) return true;
  return (plan.state.dialog?.queued ?? null) !== (before.dialog?.queued ?? null);
}

/** Stores a plan in one transaction, then lets the rest of the connection know. False: somebody else has decided it. */
export async function keep(options: DecidingOptions, { before, plan, commit }: Work): Promise<boolean> {
  const { store, connectionId, directory } = options;
  const { calls, runs, verdicts, endedRunIds, timers } = plan;
  const changed = changedDocuments(before, plan.state);
  const isKept = await directory.change(async () => {
    const whole = { ...commit, ...changed, calls, runs, verdicts, endedRunIds, timers };
    if (!(await store.commit(connectionId, whole))) return false;
    directory.adopt(changed);
    if (plan.state.dialog !== null)
      directory.count(sameDialog(before, plan.state) ? before.dialog : null, plan.state.dialog);
    return true;
  });
  if (!isKept) return false;
  for (const chatId of new Set(calls.map((call) => call.chatId))) options.wake(chatId);
  if (timers.length > 0) options.timersChanged();
  return true;
}

const sameDialog = (before: State, after: State) => before.dialog?.id === after.dialog?.id;

/** A commit in which nothing happens; `at` is Unix ms. */
export const emptyCommit = (options: Context, at: number): Commit => ({
  eventKey: null,
  eventState: "done",
  failure: null,
  at,
  rulebookVersion: options.rulebook().version,
  calls: [],
  runs: [],
  endedRunIds: [],
  verdicts: [],
});

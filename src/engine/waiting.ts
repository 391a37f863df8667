import type { Plan, Run, TimerChange } from "../types/plan.ts";
import type { State, WaitingRun } from "../types/state.ts";

/** The timer at which a run goes on. */
export const timerKey = (run: Run) => `run:${run.id}`;

function timerOf(run: Run): TimerChange | null {
  if (run.chatId === null) return null;
  const at = run.waitsFor?.kind === "time" || run.waitsFor?.kind === "answer" ? run.waitsFor.until : null;
  return { key: timerKey(run), chatId: run.chatId, dialogId: run.dialogId, at };
}

/** Puts a run that goes on waiting into the plan, with its timer. A new question ends the one that was open before in the
 *  dialog: at most one is. */
export function keepWaiting(plan: Plan, { run, rule }: WaitingRun): Plan {
  const timer = timerOf(run);
  const others = plan.state.waiting.filter((one) => one.run.id !== run.id);
  const kept: Plan = {
    ...plan,
    runs: [...plan.runs.filter(({ id }) => id !== run.id), run],
    timers: timer === null ? plan.timers : [...withoutTimer(plan.timers, timer.key), timer],
  };
  const isQuestion = run.waitsFor?.kind === "answer";
  const replaced = isQuestion ? others.filter((one) => isOpenIn(one, run.dialogId)) : [];
  const left = replaced.reduce((before, one) => endWaiting(before, one.run), kept);
  const waits = run.waitsFor?.kind === "time" || isQuestion;
  const waiting = others.filter((one) => !replaced.includes(one));
  return { ...left, state: { ...left.state, waiting: waits ? [...waiting, { run, rule }] : waiting } };
}

const isOpenIn = ({ run }: WaitingRun, dialogId: number | null) =>
  run.waitsFor?.kind === "answer" && run.dialogId === dialogId;

/** Takes a run out: it has ended, was left or has become pointless. */
export function endWaiting(plan: Plan, run: Run): Plan {
  const timer = timerOf(run);
  const hadTimer = timer !== null && timer.at !== null;
  return {
    ...plan,
    runs: plan.runs.filter(({ id }) => id !== run.id),
    endedRunIds: [...plan.endedRunIds, run.id],
    timers: hadTimer ? [...withoutTimer(plan.timers, timer.key), { ...timer, at: null }] : plan.timers,
    state: { ...plan.state, waiting: plan.state.waiting.filter((one) => one.run.id !== run.id) },
  };
}

const withoutTimer = (timers: readonly TimerChange[], key: string) => timers.filter((timer) => timer.key !== key);

/** What is left of changes to timers: of several for one key the last. */
export function lastOfEach(timers: readonly TimerChange[]): readonly TimerChange[] {
  return [...new Map(timers.map((timer) => [timer.key, timer])).values()];
}

/** Runs of this dialog that wait. */
export function waitingIn({ waiting, dialog }: State): readonly WaitingRun[] {
  return waiting.filter(({ run }) => dialog !== null && run.dialogId === dialog.id);
}

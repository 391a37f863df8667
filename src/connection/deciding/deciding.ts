import { decide } from "../../engine/decide.ts";
import { gatheringIn } from "../../engine/gather.ts";
import { learn, missingFacts } from "../../engine/learn.ts";
import { resume } from "../../engine/resume.ts";
import { subjects } from "../../engine/subjects.ts";
import { type Commit, type InboxRow, StoreError } from "../../store/store.ts";
import type { Event } from "../../types/event.ts";
import type { Json } from "../../types/json.ts";
import type { Call, CallOutcome, Plan, Request, Run, Verdict } from "../../types/plan.ts";
import type { Rule } from "../../types/rule.ts";
import type { State } from "../../types/state.ts";
import type { Context, Link } from "../context.ts";
import type { Lane } from "../lanes/lanes.ts";
import { logDecision, logSteps, placeOf, tags } from "./decision-log.ts";
import type { Fetch } from "./fetch.ts";
import { changedDocuments, loadState, ruleOf } from "./load-state.ts";

/** What was decided about one event; for the terminal and, later, the console. */
export interface Decided {
  readonly event: Event;
  readonly verdicts: readonly Verdict[];
  /** The customer may go on: what was said is judged with what follows (`gather`). */
  readonly gathers: boolean;
}

export interface DecidingOptions extends Context {
  /** Fetches what a run asked for; null: given up, since the program ends. Never rejects. */
  readonly fetch: Fetch;
  /** Timers were set or taken back. */
  readonly timersChanged: () => void;
  /** An event has been decided, or given up. */
  readonly settled: (event: Event) => void;
  readonly onDecision: (decided: Decided) => void;
}

/** An event whose deciding began more often than this took the program down each time: it is given up. */
const MOST_ATTEMPTS = 3;
/** What was asked for before this process began is asked for anew, with this much time. */
const FETCH_ANEW_MS = 15_000;
/** Facts learned may show that others are missing (the chat, then its customer). */
const LOOK_UP_ROUNDS = 3;

/** Decides a lane's events in order: first the runs whose call has ended, then, if no run waits, the next event. */
export function createDeciding(options: DecidingOptions): (lane: Lane) => Promise<number | null> {
  /** Events that were taken, but whose decision the store could not keep: they are not counted again. */
  const held = new Map<number | null, InboxRow>();
  const startedAt = options.clock.now();

  return async (lane) => {
    for (;;) {
      const link = options.link();
      if (link === null) return null;
      const waiting = await nextRun(options, lane);
      if (waiting !== null && "heldMs" in waiting) return waiting.heldMs;
      if (waiting !== null) {
        await resumeRun(options, lane, waiting);
        continue;
      }
      const answer = await answerRequest(options, lane, startedAt);
      if (answer === "given_up") return null;
      if (answer === "answered") continue;
      const row = held.get(lane.chatId) ?? (await options.store.nextEvent(options.connectionId, lane.chatId));
      if (row === null) return null;
      held.set(lane.chatId, row);
      if (!(await decideEvent(options, lane, { row, link }))) return null;
      held.delete(lane.chatId);
      options.settled(row.event);
    }
  };
}

type WaitingRun = { readonly run: Run; readonly key: string; readonly outcome: CallOutcome };

/** The run to go on with; or for how long the lane is held by one that waits for its call; null: none. */
async function nextRun(
  { store, connectionId, clock }: Context,
  { chatId }: Lane,
): Promise<WaitingRun | { readonly heldMs: number } | null> {
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

async function resumeRun(options: DecidingOptions, lane: Lane, { run, key, outcome }: WaitingRun): Promise<void> {
  const { store, connectionId, clock, directory } = options;
  const rule = await presentRule(options, run);
  const work = async (): Promise<Work> => {
    const wanted = { chatId: run.chatId, dialogId: run.dialogId, customerId: null };
    const from = { store, connectionId, directory: directory.current(), rulebook: options.rulebook() };
    const before = await loadState(from, wanted);
    const now = clock.now();
    const commit = emptyCommit(options, now);
    const input = { kind: "result", key, at: now, outcome } as const;
    if (rule === null) return { before, plan: brokenOff(before, run), commit };
    const plan = attempt(() => resume({ rulebook: options.rulebook(), rule, run, state: before, input, now }));
    if (!(plan instanceof Error)) return { before, plan, commit };
    options.log.error({ ...tags(run), fault: placeOf(plan) }, "a run broke off");
    return { before, plan: brokenOff(before, run), commit };
  };
  await lane.exclusive(async () => {
    const kept = await keepFairly(options, work);
    if (kept !== null) logSteps(options.log, run, kept);
  });
}

/** Fetches what the oldest run that asked for something waits for, and goes on with it: the run holds its lane meanwhile,
 *  15 s at most. After a crash it is simply fetched again. Null: no run waits for a request. */
async function answerRequest(
  options: DecidingOptions,
  lane: Lane,
  startedAt: number,
): Promise<"answered" | "given_up" | null> {
  const [run] = await options.store.requestingRuns(options.connectionId, lane.chatId);
  if (run?.waitsFor?.kind !== "request") return null;
  const { key, request, until, begun } = run.waitsFor;
  if (begun) {
    options.log.warn(tags(run), "a call of another service was under way when the program ended; it is not repeated");
    await resumeRun(options, lane, { run, key, outcome: { ok: false, reason: "nobody knows whether it was done" } });
    return "answered";
  }
  if (isOnce(request)) await noteBegun(options, { ...run, waitsFor: { ...run.waitsFor, begun: true } });
  const isOlder = until <= startedAt + FETCH_ANEW_MS;
  const limitMs = isOlder ? FETCH_ANEW_MS : Math.max(0, until - options.clock.now());
  const outcome = await options.fetch(request, { chatId: run.chatId, limitMs });
  if (outcome === null) return "given_up";
  await resumeRun(options, lane, { run, key, outcome });
  return "answered";
}

/** What another service does at every call anew must not be asked for twice (spec section 4 "http": safe retries only). */
function isOnce({ kind, args }: Request): boolean {
  return kind === "http" && /^(post|patch)$/i.test(String(args.method));
}

async function noteBegun(options: DecidingOptions, run: Run): Promise<void> {
  await options.store.commit(options.connectionId, { ...emptyCommit(options, options.clock.now()), runs: [run] });
}

/** A rule that is gone ends its runs before their next action (spec 4.1 "Reload"): null. */
async function presentRule(options: DecidingOptions, run: Run): Promise<Rule | null> {
  const rulebook = options.rulebook();
  return rulebook.rules.some(({ id }) => id === run.ruleId) ? ruleOf(run, rulebook, options.store) : null;
}

/** False: the way to the gateway went while its facts were being asked for. The event waits for the next one: deciding it
 *  as if the facts were absent could say something wrong. */
async function decideEvent(
  options: DecidingOptions,
  lane: Lane,
  { row, link }: { row: InboxRow; link: Link },
): Promise<boolean> {
  const { event } = row;
  try {
    if (row.attempts > MOST_ATTEMPTS) await giveUp(options, row, "deciding it failed too often");
    else {
      const { answers, complete } = await lookUp(options, { event, link });
      if (!complete && options.link() !== link) return false;
      await lane.exclusive(() => decideNow(options, event, answers));
    }
  } catch (error) {
    if (error instanceof StoreError) throw error;
    options.log.error({ ...tags(event), fault: placeOf(error) }, "an event could not be decided");
    await giveUp(options, row, error instanceof Error ? `${error.name}: ${error.message}` : "an unknown fault");
  }
  return true;
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

async function decideNow(options: DecidingOptions, event: Event, rows: ReadonlyMap<Call, Json>): Promise<void> {
  const { store, connectionId, clock, directory } = options;
  const kept = await keepFairly(options, async () => {
    const from = { store, connectionId, directory: directory.current(), rulebook: options.rulebook() };
    const before = await loadState(from, subjects(event));
    let state = before;
    for (const [call, answer] of rows) state = learn(state, call, answer);
    const now = clock.now();
    const plan = decide({ rulebook: options.rulebook(), state, event, now });
    const waits = plan.runs.some(({ waitsFor }) => waitsFor?.kind === "call" || waitsFor?.kind === "request");
    const eventState = waits ? "decided" : "done";
    const commit: Commit = { ...emptyCommit(options, now), eventKey: event.key, eventState };
    return {
      before,
      plan,
      commit: plan.throttled ? { ...commit, eventState: "expired", failure: "throttled" } : commit,
    };
  });
  if (kept === null) return;
  logDecision(options.log, event, kept);
  options.onDecision({ event, verdicts: kept.verdicts, gathers: gatheringIn(kept.state) !== null });
}

/** A plan, what it was made from, and what of its commit is not in the plan. */
interface Work {
  readonly before: State;
  readonly plan: Plan;
  readonly commit: Commit;
}

/** Keeps the plan that the work makes. One that gives a dialog to someone of the staff is made anew while no other chat
 *  does the same: both would have picked the same person. Null: somebody else has decided it. */
async function keepFairly(options: DecidingOptions, work: () => Promise<Work>): Promise<Plan | null> {
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

interface LookedUp {
  readonly answers: ReadonlyMap<Call, Json>;
  /** No look-up failed. */
  readonly complete: boolean;
}

/** Facts the event does not carry. A look-up that fails is not fatal: the rules then see null. */
async function lookUp(options: DecidingOptions, { event, link }: { event: Event; link: Link }): Promise<LookedUp> {
  const { store, connectionId, directory, log } = options;
  let complete = true;
  const answers = new Map<Call, Json>();
  const asked = new Set<string>();
  let state: State = await loadState(
    { store, connectionId, directory: directory.current(), rulebook: options.rulebook() },
    subjects(event),
  );
  for (let round = 0; round < LOOK_UP_ROUNDS; round++) {
    const calls = missingFacts(event, state).filter((call) => !asked.has(JSON.stringify(call)));
    if (calls.length === 0) break;
    for (const call of calls) {
      asked.add(JSON.stringify(call));
      try {
        const rows = await link.ask(call);
        answers.set(call, rows);
        state = learn(state, call, rows);
      } catch (error) {
        complete = false;
        log.warn({ ...tags(event), operation: call.operation, err: error }, "a fact could not be looked up");
      }
    }
  }
  return { answers, complete };
}

/** Stores a plan in one transaction, then lets the rest of the connection know. False: somebody else has decided it. */
async function keep(options: DecidingOptions, { before, plan, commit }: Work): Promise<boolean> {
  const { store, connectionId, directory } = options;
  const { calls, runs, verdicts, endedRunIds, timers } = plan;
  const changed = changedDocuments(before, plan.state);
  if (!(await store.commit(connectionId, { ...commit, ...changed, calls, runs, verdicts, endedRunIds, timers })))
    return false;
  directory.adopt(changed);
  if (plan.state.dialog !== null)
    directory.count(sameDialog(before, plan.state) ? before.dialog : null, plan.state.dialog);
  for (const chatId of new Set(calls.map((call) => call.chatId))) options.wake(chatId);
  if (timers.length > 0) options.timersChanged();
  return true;
}

const sameDialog = (before: State, after: State) => before.dialog?.id === after.dialog?.id;

async function giveUp(options: DecidingOptions, { event }: InboxRow, failure: string): Promise<void> {
  const commit = emptyCommit(options, options.clock.now());
  await options.store.commit(options.connectionId, { ...commit, eventKey: event.key, eventState: "failed", failure });
}

const emptyCommit = (options: Context, at: number): Commit => ({
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

function attempt<T>(task: () => T): T | Error {
  try {
    return task();
  } catch (error) {
    return error instanceof Error ? error : new Error("a rule threw something that is not an error", { cause: error });
  }
}

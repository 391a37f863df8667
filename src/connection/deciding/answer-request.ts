import type { CallOutcome, Request, Run } from "../../types/plan.ts";
import type { Lane } from "../lanes/lanes.ts";
import { tags } from "./decision-log.ts";
import { emptyCommit } from "./keep.ts";
import type { DecidingParts } from "./options.ts";
import { resumeRun } from "./resume-run.ts";

/** What was asked for before this process began is asked for anew, with this much time. */
const FETCH_ANEW_MS = 15_000;

/** Fetches what the oldest run that asked for something waits for, and goes on with it: the run holds its lane meanwhile,
 *  15 s at most. What was fetched is kept until the store has it; after a crash it is simply fetched again. Null: no run waits
 *  for a request. */
export async function answerRequest(
  options: DecidingParts,
  lane: Lane,
  startedAt: number,
): Promise<"answered" | "given_up" | null> {
  const [run] = await options.store.requestingRuns(options.connectionId, lane.chatId);
  if (run?.waitsFor?.kind !== "request") return null;
  const { waitsFor } = run;
  const outcome = keptOutcome(options, lane, run) ?? (await outcomeOf(options, { ...run, waitsFor }, startedAt));
  if (outcome === null) return "given_up";
  options.answered.set(lane.chatId, { runId: run.id, key: waitsFor.key, outcome });
  await resumeRun(options, lane, { run, key: waitsFor.key, outcome });
  options.answered.delete(lane.chatId);
  return "answered";
}

/** A run whose request has not been answered. */
type Requesting = Run & { readonly waitsFor: Extract<Run["waitsFor"], { readonly kind: "request" }> };

/** What was fetched before, when the store could not keep what came of it. */
function keptOutcome({ answered }: DecidingParts, { chatId }: Lane, { id, waitsFor }: Run): CallOutcome | null {
  const kept = answered.get(chatId);
  return kept?.runId === id && waitsFor?.kind === "request" && kept.key === waitsFor.key ? kept.outcome : null;
}

/** Null: given up, since the program ends. */
async function outcomeOf(options: DecidingParts, run: Requesting, startedAt: number): Promise<CallOutcome | null> {
  const { request, until, begun } = run.waitsFor;
  if (begun) {
    options.log.warn(tags(run), "a call of another service was under way when the program ended; it is not repeated");
    return { ok: false, reason: "nobody knows whether it was done" };
  }
  if (isOnce(request)) await noteBegun(options, { ...run, waitsFor: { ...run.waitsFor, begun: true } });
  const isOlder = until <= startedAt + FETCH_ANEW_MS;
  // No longer either, should the clock have been set back meanwhile.
  const leftMs = Math.min(FETCH_ANEW_MS, Math.max(0, until - options.clock.now()));
  const limitMs = isOlder ? FETCH_ANEW_MS : leftMs;
  return options.fetch(request, { chatId: run.chatId, limitMs });
}

/** What another service does at every call anew must not be asked for twice. */
function isOnce({ kind, args }: Request): boolean {
  return kind === "http" && /^(post|patch)$/i.test(String(args.method));
}

async function noteBegun(options: DecidingParts, run: Run): Promise<void> {
  await options.store.commit(options.connectionId, { ...emptyCommit(options, options.clock.now()), runs: [run] });
}

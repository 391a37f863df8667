import { decide } from "../../engine/decide.ts";
import { deletedChats } from "../../engine/deleted-chats.ts";
import { planWithout } from "../../engine/forgo.ts";
import { gatheringIn } from "../../engine/gather.ts";
import { learn } from "../../engine/learn.ts";
import { writtenAt } from "../../engine/observe.ts";
import { messageOf, subjects } from "../../engine/subjects.ts";
import { LeaseLost } from "../../store/leases.ts";
import { type Commit, StoreError } from "../../store/store.ts";
import type { Event } from "../../types/event.ts";
import type { Plan } from "../../types/plan.ts";
import type { Rulebook } from "../../types/rule.ts";
import type { Link } from "../context.ts";
import type { Lane } from "../lanes/lanes.ts";
import { logDecision, placeOf, tags } from "./decision-log.ts";
import { type LookedUp, lookUpFacts } from "./facts.ts";
import { emptyCommit, keep, keepFairly, type Work } from "./keep.ts";
import { loadState } from "./load-state.ts";
import type { DecidingParts } from "./options.ts";

/** An event whose deciding began more often than this took the program down each time: it is given up. */
const MOST_ATTEMPTS = 3;

/** What is decided, the way to the gateway, and what counts the attempt: it gives how often it has begun, this one included. */
interface Deciding {
  readonly event: Event;
  readonly link: Link;
  readonly begin: () => Promise<number>;
}

/** Decides one event, or gives it up. False: the way to the gateway went while its facts were being asked for. The event waits for the next one: deciding it
 *  as if the facts were absent could say something wrong. */
export async function decideEvent(
  options: DecidingParts,
  lane: Lane,
  { event, link, begin }: Deciding,
): Promise<boolean> {
  try {
    const facts = await lookUpFacts(options, { event, link });
    if (!facts.complete && options.link() !== link) return false;
    // Only now: whoever pulls the plug while facts are being asked for must not make an innocent event look dangerous.
    const attempts = await begin();
    if (attempts > MOST_ATTEMPTS) {
      options.log.error(
        { ...tags(event), attempts },
        "an event is given up: the program ended each time it was decided",
      );
      await giveUp(options, lane, { event, failure: "deciding it failed too often" });
      return true;
    }
    const gone = deletedChats(event);
    if (gone.length > 0) await options.forget(gone);
    await lane.exclusive(() => decideNow(options, event, facts));
  } catch (error) {
    if (error instanceof StoreError || error instanceof LeaseLost) throw error;
    options.log.error({ ...tags(event), fault: placeOf(error) }, "an event could not be decided");
    const failure = error instanceof Error ? `${error.name}: ${error.message}` : "an unknown fault";
    await giveUp(options, lane, { event, failure });
  }
  return true;
}

async function decideNow(options: DecidingParts, event: Event, facts: LookedUp): Promise<void> {
  const work = () => workOf(options, event, facts);
  const kept = await options.customers.run(facts.customerId, () => keepFairly(options, work));
  if (kept === null) return;
  logDecision(options.log, event, kept);
  const { connectionId } = options;
  options.onDecision({ connectionId, event, verdicts: kept.verdicts, gathers: gatheringIn(kept.state) !== null });
}

async function workOf(options: DecidingParts, event: Event, { answers, customerId }: LookedUp): Promise<Work> {
  const { rulebook, before } = await stateAround(options, event, customerId);
  const state = [...answers].reduce((known, [call, answer]) => learn(known, call, answer), before);
  const now = options.clock.now();
  const plan = decide({ rulebook, state, event, now });
  const isLate = isExpired(event, rulebook, now);
  return { before, plan, commit: { ...emptyCommit(options, now), eventKey: event.key, ...endOf(plan, isLate) } };
}

async function stateAround(options: DecidingParts, event: Event, customerId: number | null) {
  const rulebook = options.rulebook();
  const from = { ...options, directory: options.directory.current(), rulebook };
  return { rulebook, before: await loadState(from, { ...subjects(event), customerId }) };
}

/** What becomes of the inbox row. */
function endOf({ throttled, runs }: Plan, isLate: boolean): Pick<Commit, "eventState" | "failure"> {
  if (throttled) return { eventState: "expired", failure: "throttled" };
  const waits = runs.some(({ waitsFor }) => waitsFor?.kind === "call" || waitsFor?.kind === "request");
  return { eventState: waits ? "decided" : isLate ? "expired" : "done", failure: null };
}

/** Too old to be answered: it was decided all the same, since assignments, tags and notes are never too late. */
function isExpired(event: Event, { bot }: Rulebook, now: number): boolean {
  const message = messageOf(event);
  return event.type === "message_new" && message !== null && now - writtenAt(message, event) > bot.answerWithinMs;
}

/** The event has failed for good, and so has what only it could have gone on with. */
async function giveUp(options: DecidingParts, lane: Lane, { event, failure }: Failed): Promise<void> {
  await lane.exclusive(async () => {
    const { before } = await stateAround(options, event, null);
    const commit = { ...emptyCommit(options, options.clock.now()), eventKey: event.key, failure };
    await keep(options, { before, plan: planWithout(event, before), commit: { ...commit, eventState: "failed" } });
  });
}

/** `failure` is kept with the inbox row. */
interface Failed {
  readonly event: Event;
  readonly failure: string;
}

import { ApiError } from "../../api/errors.ts";
import type { JsonObject } from "../../types/json.ts";
import { confirm, type Doubt, end, MAX_HEAD_AGE_MS, park, type Task, tags } from "./call-ends.ts";
import { findSent } from "./look-up-sent.ts";

/** The answer may have been lost a moment before the message appears in the list. */
const FIRST_LOOK_MS = 3_000;
/** A re-send needs an empty look-up at least this long after the request began (spec 4.1 "Unknown sends"). */
const RESEND_AFTER_MS = 30_000;
const LOOK_AGAIN_MS = 9_000;

/** Kept in the outcome of a call that is being sent for the second time: there is no third. */
export const RESENT = "sent again";

/** A send of which nobody knows whether it happened: found -> sent; surely not -> one re-send; unreadable list -> after five
 *  minutes the chat goes on without it, or it is sent once more, as `bot.when_unsure` says. Gives ms to wait; 0: go on at once. The age counts from
 *  when the answer was lost, which is later than the request's beginning: the safe side. */
export async function verifySent(task: Task): Promise<number> {
  const { context, link, row } = task;
  const doubt = doubtOf(task);
  const ageMs = doubt.beforeMs + context.clock.elapsed() - doubt.since;
  if (ageMs < FIRST_LOOK_MS) return FIRST_LOOK_MS - ageMs;
  let found: JsonObject | null;
  try {
    found = await findSent(link.ask, row, link.bot.id);
  } catch (error) {
    return unreadable(task, error);
  }
  if (found !== null) {
    context.log.info(tags(task), "the call had been sent");
    await confirm(task, found);
    return 0;
  }
  if (ageMs < RESEND_AFTER_MS) return Math.min(LOOK_AGAIN_MS, RESEND_AFTER_MS - ageMs);
  return notThere(task);
}

/** Counted on in this process by a clock that nobody sets. Only what another one left counts by the stored moment; one that lies in the
 *  future (the clock was set back) counts as now. */
function doubtOf({ context: { clock }, row, head }: Task): Doubt {
  if (head.doubt?.of === row.updatedAt) return head.doubt;
  const beforeMs = Math.max(0, clock.now() - row.updatedAt);
  const doubt = { of: row.updatedAt, since: clock.elapsed(), beforeMs };
  head.doubt = doubt;
  return doubt;
}

async function notThere(task: Task): Promise<number> {
  const { context, row } = task;
  if (row.outcome !== null && !row.outcome.ok && row.outcome.reason === RESENT) {
    context.log.error(tags(task), "a call was sent twice and is not to be found; the chat goes on without it");
    await end(task, "failed", { ok: false, reason: "not found after it was sent again" });
    return 0;
  }
  context.log.warn(tags(task), "the call was not sent; sending it once more");
  await park(task, "pending", { ok: false, reason: RESENT });
  return 0;
}

async function unreadable(task: Task, error: unknown): Promise<number> {
  const { context, link } = task;
  if (!(error instanceof ApiError)) throw error;
  if (error.kind === "refused") link.refused();
  // Counted from when this process could first have looked: it may have been away for hours.
  const triedMs = context.clock.elapsed() - doubtOf(task).since;
  if (triedMs < MAX_HEAD_AGE_MS) return LOOK_AGAIN_MS;
  if (context.rulebook().bot.whenUnsure === "resend") return notThere(task);
  context.log.error({ ...tags(task), reason: error.message }, "nobody knows whether a call was sent; the chat goes on");
  await end(task, "failed", { ok: false, reason: "unknown whether it was sent" });
  return 0;
}

import { callKind } from "../../api/bot-request.ts";
import { ApiError } from "../../api/errors.ts";
import type { OutboxRow } from "../../store/store.ts";
import type { Json } from "../../types/json.ts";
import type { Call } from "../../types/plan.ts";
import type { Context, Link } from "../context.ts";
import { whoAmI } from "../directory/identity.ts";
import type { Lane } from "../lanes/lanes.ts";
import { afterFailure, type Next } from "./after-failure.ts";
import { begin, mustBeOurs, NotNow, withheldBy, withhold } from "./begin.ts";
import { confirm, end, fail, type Head, MAX_HEAD_AGE_MS, park, type Task, tags } from "./call-ends.ts";
import { newestMessageId } from "./newest-of-chat.ts";
import { verifySent } from "./verify-sent.ts";

/** Sends a lane's calls in order; the next one goes only when the one before has its final state. */
export function createPerforming(context: Context): (lane: Lane) => Promise<number | null> {
  const heads = new Map<number | null, Head>();

  const headOf = (chatId: number | null, { key }: OutboxRow): Head => {
    const known = heads.get(chatId);
    if (known?.key === key) return known;
    const head = { key, since: context.clock.elapsed(), notBefore: 0, doubt: null };
    heads.set(chatId, head);
    return head;
  };

  return async (lane) => {
    for (;;) {
      const link = context.link();
      if (link === null) return null;
      const row = await context.store.nextCall(context.connectionId, lane.chatId);
      if (row === null) {
        heads.delete(lane.chatId);
        return null;
      }
      const head = headOf(lane.chatId, row);
      const restMs = head.notBefore - context.clock.elapsed();
      if (restMs > 0) return restMs;
      const pauseMs = await perform({ context, link, lane, row, head });
      if (pauseMs > 0) head.notBefore = context.clock.elapsed() + pauseMs;
    }
  };
}

/** Gives ms to wait before the lane's head is looked at again; 0: at once. */
async function perform(task: Task): Promise<number> {
  if (task.row.state !== "pending") return recover(task);
  const withheld = await withheldBy(task);
  if (withheld !== null) return withhold(task, withheld);
  const call = await completed(task);
  if (call === null) {
    await end(task, "failed", { ok: false, reason: "no_message" });
    return 0;
  }
  return send(task, call);
}

/** A request of which we don't know what became: the process died, or its answer was lost. */
async function recover(task: Task): Promise<number> {
  const { context, row } = task;
  if (callKind(row.call.operation) !== "once") {
    await park(task, "pending", row.outcome);
    return 0;
  }
  if (row.state === "sending") {
    context.log.warn(tags(task), "a call was under way when the program ended; looking whether it was sent");
    await park(task, "unknown", row.outcome);
    return 0;
  }
  return verifySent(task);
}

/** The call with its last blank filled: the bot's last message in the dialog. Null: there is none. */
async function completed({ context, row }: Task): Promise<Call | null> {
  if (row.needs === null) return row.call;
  const dialog = row.dialogId === null ? null : await context.store.dialog(context.connectionId, row.dialogId);
  const messageId = dialog?.lastOwnMessageId ?? null;
  return messageId === null ? null : { ...row.call, path: { ...row.call.path, message_id: messageId } };
}

async function send(task: Task, call: Call): Promise<number> {
  const since = call.operation === "sendMessage" ? await newestMessageId(task) : null;
  let hasBegun = false;
  let body: Json;
  try {
    body = await task.link.send(call, {
      mayGo: () => mustBeOurs(task),
      async atTurn() {
        await begin(task, since);
        hasBegun = true;
      },
    });
  } catch (error) {
    if (error instanceof NotNow) return error.withheld === null ? BUSY_PAUSE_MS : withhold(task, error.withheld);
    // The store's own trouble: the call is as it was.
    if (!hasBegun && !(error instanceof ApiError)) throw error;
    return failed(task, error);
  }
  await confirm(task, body);
  return 0;
}

/** Somebody else has the call in hand; nothing of ours depends on the length of this pause. */
const BUSY_PAUSE_MS = 1_000;

async function failed(task: Task, error: unknown): Promise<number> {
  const { context, row } = task;
  if (!(error instanceof ApiError)) {
    context.log.error({ ...tags(task), err: error }, "a call could not be made");
    await end(task, "failed", { ok: false, reason: "a fault of the program" });
    return 0;
  }
  const kind = callKind(row.call.operation);
  const attempt = row.attempts + 1;
  const next = afterFailure({ operation: row.call.operation, kind, error, attempt, random: context.random() });
  return goOn(task, error, next);
}

async function goOn(task: Task, error: ApiError, next: Next): Promise<number> {
  const { context, row, link } = task;
  switch (next.do) {
    case "done":
      await confirm(task, null);
      return 0;
    case "fail":
      return fail(task, error, next.reason);
    case "again":
      return again(task, error, next);
    case "verify":
      context.log.warn({ ...tags(task), err: error }, "the answer to a call was lost; looking whether it was sent");
      await park(task, "unknown", row.outcome);
      return 0;
    case "ask_who_we_are": {
      await park(task, "pending", row.outcome);
      // A right that this one operation lacks must not stop the whole connection.
      const token = error.status === 403 ? await tokenState(link) : "refused";
      if (token === "good") return fail(task, error, error.errors.join("; ") || error.message);
      if (token === "refused") link.refused();
      return REFUSED_PAUSE_MS;
    }
  }
}

const REFUSED_PAUSE_MS = 5_000;

async function tokenState(link: Link): Promise<"good" | "refused" | "unknown"> {
  try {
    return (await whoAmI(link.ask)) === null ? "unknown" : "good";
  } catch (error) {
    return error instanceof ApiError && error.kind === "refused" ? "refused" : "unknown";
  }
}

async function again(task: Task, error: ApiError, next: Next & { readonly do: "again" }): Promise<number> {
  const { context, row, head } = task;
  const tooOld = context.clock.elapsed() - head.since >= MAX_HEAD_AGE_MS;
  // While no server answers at all, letting the next call pass would only lose this one.
  if (tooOld && !next.nobodyThere) return fail(task, error, error.message);
  context.log.info({ ...tags(task), pauseMs: next.pauseMs, reason: error.message }, "call is tried again");
  await park(task, "pending", row.outcome);
  return next.pauseMs;
}

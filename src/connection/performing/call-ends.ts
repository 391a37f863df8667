import type { ApiError } from "../../api/errors.ts";
import { noteSent } from "../../engine/sent.ts";
import type { OutboxRow, OutboxState } from "../../store/store.ts";
import type { Json } from "../../types/json.ts";
import type { CallOutcome } from "../../types/plan.ts";
import type { Context, Link } from "../context.ts";
import type { Lane } from "../lanes/lanes.ts";

/** A call that the server answers but does not take stops holding up its chat after this long (reliability.md D3). */
export const MAX_HEAD_AGE_MS = 300_000;

/** What this process remembers of the call at a lane's head. Moments are those of the clock's `elapsed`: whoever sets the clock must
 *  not hold up a chat. */
export interface Head {
  readonly key: string;
  /** When it came to the head. */
  readonly since: number;
  /** Nothing is done with it before. */
  notBefore: number;
  /** Null: nobody has asked yet whether it was sent. */
  doubt: Doubt | null;
}

/** A call of which nobody knows whether it was sent. */
export interface Doubt {
  /** Which state of the row is meant: when it was stored (Unix ms). */
  readonly of: number;
  /** When this process first looked at it (`elapsed`). */
  readonly since: number;
  /** How long it had been so before that (ms): another process left it. */
  readonly beforeMs: number;
}

/** One call at the head of its lane, and what is needed to deal with it. */
export interface Task {
  readonly context: Context;
  readonly link: Link;
  readonly lane: Lane;
  readonly row: OutboxRow;
  readonly head: Head;
}

/** The call has had its effect; `body` is the server's answer. */
export async function confirm(task: Task, body: Json): Promise<void> {
  const { context, row } = task;
  const messageId = messageIdIn(body);
  if (messageId !== null && row.chatId !== null) context.newest.note(row.chatId, messageId);
  context.log.debug({ ...tags(task), message: messageId }, "call done");
  await end(task, "sent", { ok: true, body });
}

function messageIdIn(body: Json): number | null {
  if (typeof body !== "object" || body === null || Array.isArray(body) || !("message_id" in body)) return null;
  return typeof body.message_id === "number" ? body.message_id : null;
}

/** A final refusal: the next call of the chat goes on. */
export async function fail(task: Task, error: ApiError, reason: string): Promise<number> {
  task.context.log.warn({ ...tags(task), status: error.status, reason }, "call failed");
  await end(task, "failed", { ok: false, reason });
  return 0;
}

/** Puts the call back, to be tried again or looked up. Its outcome stays: it may say that it was sent again already. */
export async function park(
  { context, row }: Task,
  state: "pending" | "unknown",
  outcome: CallOutcome | null,
): Promise<void> {
  await context.store.endCall(context.connectionId, row.key, { state, outcome, at: context.clock.now() });
}

/** Gives the call its final state, remembers the bot's last message, and lets the run that waits for it go on. */
export async function end({ context, lane, row }: Task, state: OutboxState, outcome: CallOutcome): Promise<void> {
  const { store, connectionId, clock, directory } = context;
  await lane.exclusive(async () => {
    const before = row.dialogId === null ? null : await store.dialog(connectionId, row.dialogId);
    const at = clock.now();
    const after = before === null ? null : noteSent(before, { call: row.call, outcome, at });
    const changed = after !== null && after !== before ? { dialog: after } : {};
    await directory.change(async () => {
      await store.endCall(connectionId, row.key, { state, outcome, at, ...changed });
      if (after !== null) directory.count(before, after);
    });
  });
  context.wake(lane.chatId);
}

/** Fields of every log line about a call. */
export function tags({ row }: Task) {
  const { key, ruleId, chatId, dialogId, call } = row;
  return {
    call: key,
    operation: call.operation,
    rule: ruleId,
    chat: chatId,
    dialog: dialogId,
  };
}

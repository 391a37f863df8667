import { withholdReason } from "../../engine/fresh.ts";
import { end, park, type Task, tags } from "./call-ends.ts";

/** Why a public message must not go out any more (spec 4.1 "Late actions"); null: it may. Read as late as possible. */
export async function withheldBy({ context, lane, row }: Task): Promise<string | null> {
  const { store, connectionId, clock } = context;
  const { guard } = row;
  if (guard === null) return null;
  const chatId = row.chatId ?? lane.chatId;
  const chat = chatId === null ? null : await store.chat(connectionId, chatId);
  const dialog = guard.dialogId === null ? null : await store.dialog(connectionId, guard.dialogId);
  return withholdReason(guard, { dialog, chat }, clock.now());
}

/** Drops the call for this reason; gives ms to wait: none. */
export async function withhold(task: Task, reason: string): Promise<number> {
  task.context.log.info({ ...tags(task), reason }, "call withheld");
  await end(task, "dropped", { ok: false, reason });
  return 0;
}

/** Throws NotNow when we may not send now: the socket is lost, a gap is being filled, or the connection is another's. */
export function mustBeOurs({ context, link }: Task): void {
  if (context.link() !== link) throw new NotNow(null);
}

/** The call's turn has come, maybe minutes after it was looked at: a manager may have written since, or the chat be gone. From
 *  here on it counts as sent. Rejects with NotNow when it must not go. */
export async function begin(task: Task, since: number | null): Promise<void> {
  const { context, link, row } = task;
  const { store, connectionId, clock } = context;
  const withheld = await withheldBy(task);
  if (withheld !== null) throw new NotNow(withheld);
  mustBeOurs(task);
  if (!(await store.beginCall(connectionId, row.key, clock.now(), since))) throw new NotNow(null);
  if (context.link() === link) return;
  // The right to act has gone while it was noted, and surely nothing was sent. Where somebody else has the right by now, this rejects: they
  // look what became of the call.
  await park(task, "pending", row.outcome);
  throw new NotNow(null);
}

/** Nothing was sent. `withheld`: why it must not be sent any more; null: not by us, or not now. */
export class NotNow extends Error {
  override readonly name = "NotNow";
  readonly withheld: string | null;

  constructor(withheld: string | null) {
    super(withheld ?? "the call is not ours to send now");
    this.withheld = withheld;
  }
}

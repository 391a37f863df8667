import { noteSent } from "../../engine/sent.ts";
import type { OutboxState, Store } from "../../store/store.ts";
import type { Call, PlannedCall } from "../../types/plan.ts";
import type { Dialog } from "../../types/state.ts";

const UNFINISHED: readonly OutboxState[] = ["pending", "sending", "unknown"];
/** More than this many unfinished calls of one connection are not looked through. */
const MOST_CALLS = 10_000;
const HOLDERS: ReadonlySet<string> = new Set(["assignDialogResponsible", "unassignDialogResponsible"]);
const TAGS: ReadonlySet<string> = new Set(["dialogAddTags", "dialogDeleteTags"]);

/** Calls that were decided and have not ended: the gateway's lists do not show yet what they do. */
export async function unfinishedCalls(
  store: Pick<Store, "outbox">,
  connectionId: string,
): Promise<readonly PlannedCall[]> {
  const rows = await Promise.all(UNFINISHED.map((state) => store.outbox(connectionId, { state, limit: MOST_CALLS })));
  return rows
    .flat()
    .toSorted((left, right) => left.seq - right.seq)
    .filter(({ call }) => HOLDERS.has(call.operation) || TAGS.has(call.operation));
}

/** A dialog as the gateway lists it, with what the bot has decided about it since: its state counts on that already. `calls`
 *  are in order and of any dialog. */
export function withPlanned(fresh: Dialog, known: Dialog, calls: readonly PlannedCall[]): Dialog {
  const own = calls.map(({ call }) => call).filter(({ path }) => path.dialog_id === fresh.id);
  const tagged = own.filter(({ operation }) => TAGS.has(operation)).reduce(asIfDone, fresh);
  return own.some(({ operation }) => HOLDERS.has(operation)) ? { ...tagged, responsible: known.responsible } : tagged;
}

const asIfDone = (dialog: Dialog, call: Call) => noteSent(dialog, { call, outcome: { ok: true, body: null }, at: 0 });

import { isObject } from "../types/json.ts";
import type { Call, CallOutcome } from "../types/plan.ts";
import type { Dialog } from "../types/state.ts";
import { idAt } from "./fields.ts";

/** How a call has ended; `at` is Unix ms. */
export interface CallEnd {
  readonly call: Call;
  readonly outcome: CallOutcome;
  readonly at: number;
}

/** What the end of a call teaches about its dialog: the id of the bot's last message, a deletion, an assignment that
 *  failed, tags that are there or gone now, its close. */
export function noteSent(dialog: Dialog, end: CallEnd): Dialog {
  return LESSONS[end.call.operation]?.(dialog, end) ?? dialog;
}

const LESSONS: Readonly<Record<string, (dialog: Dialog, end: CallEnd) => Dialog>> = {
  sendMessage: (dialog, { outcome }) =>
    outcome.ok ? { ...dialog, lastOwnMessageId: idAt(outcome.body, "message_id") ?? dialog.lastOwnMessageId } : dialog,
  deleteMessage: (dialog, { outcome }) => (outcome.ok ? { ...dialog, lastOwnMessageId: null } : dialog),
  assignDialogResponsible: (dialog, { call, outcome }) =>
    outcome.ok ? served(dialog) : withoutAssignment(dialog, call),
  dialogAddTags: (dialog, { call, outcome }) => (outcome.ok ? withTags(dialog, namesIn(call)) : dialog),
  dialogDeleteTags: (dialog, { call, outcome }) => (outcome.ok ? withoutTags(dialog, namesIn(call)) : dialog),
  closeDialog: (dialog, { call, outcome, at }) =>
    outcome.ok && call.path.dialog_id === dialog.id ? withClose(dialog, at) : dialog,
};

/** What is planned to be said in it must not go out any more, whenever the event of its close comes: it would open a new one. */
function withClose(dialog: Dialog, at: number): Dialog {
  return dialog.closedAt === null ? { ...dialog, closedAt: at } : dialog;
}

/** The decision put them there already; but a look at the gateway's lists before the call was made has taken them away, and
 *  no event tells of tags. */
function withTags(dialog: Dialog, names: readonly string[]): Dialog {
  const fresh = names.filter((name) => !dialog.tags.includes(name));
  return fresh.length === 0 ? dialog : { ...dialog, tags: [...dialog.tags, ...fresh] };
}

function withoutTags(dialog: Dialog, names: readonly string[]): Dialog {
  const left = dialog.tags.filter((tag) => !names.includes(tag));
  return left.length === dialog.tags.length ? dialog : { ...dialog, tags: left };
}

function namesIn({ body }: Call): readonly string[] {
  const tags = Array.isArray(body?.tags) ? body.tags : [];
  return tags.flatMap((tag) => (isObject(tag) && typeof tag.name === "string" ? [tag.name] : []));
}

const served = (dialog: Dialog): Dialog => (dialog.queued?.offered ? { ...dialog, queued: null } : dialog);

/** The decision counted on the assignment; since it failed, who was responsible before still is. Somebody else may have taken
 *  the dialog meanwhile, or given it up again. */
function withoutAssignment(dialog: Dialog, call: Call): Dialog {
  const wanted = idAt(call.body ?? undefined, "user_id") ?? idAt(call.body ?? undefined, "bot_id");
  const { responsible, previous, takenFrom } = dialog;
  const undone = {
    responsible: takenFrom,
    previous: takenFrom === null ? previous : null,
    takenFrom: null,
    team: null,
  };
  const before = responsible?.id === wanted ? { ...dialog, ...undone } : dialog;
  const queued = before.responsible?.type === "user" ? served(before).queued : backInQueue(dialog.queued);
  return before === dialog && queued === dialog.queued ? dialog : { ...before, queued };
}

function backInQueue(queued: Dialog["queued"]): Dialog["queued"] {
  return queued?.offered ? { ...queued, refused: queued.refused + 1, offered: false } : queued;
}

import type { Event } from "../types/event.ts";

/** A timer whose time has come. */
export interface DueTimer {
  readonly key: string;
  readonly chatId: number;
  readonly dialogId: number | null;
  readonly dueAt: number;
}

/** Its firing as an event of the inbox: the same timer for the same moment is the same event. */
export function firingOf({ key, chatId, dialogId, dueAt }: DueTimer): Event {
  return { key: `timer:${key}:${dueAt}`, type: "timer", at: dueAt, chatId, data: { timer: key, dialog_id: dialogId } };
}

import { readCall, rowsOf } from "../directory/pages.ts";
import type { Task } from "./call-ends.ts";

/** The chat's highest message id before a message is sent, as far as known: the look-up of a lost answer searches above it.
 *  What was seen in this process is enough; after a restart the gateway is asked, and failing that the dialog's own
 *  messages are the bound. */
export async function newestMessageId({ context, link, row }: Task): Promise<number | null> {
  const { chatId, dialogId } = row;
  if (chatId === null) return null;
  const seen = context.newest.get(chatId);
  if (seen !== null) return seen;
  try {
    const rows = rowsOf(await link.ask(readCall("listMessages", { chat_id: chatId })));
    const highest = rows.reduce((most, { id }) => (typeof id === "number" ? Math.max(most, id) : most), 0);
    if (highest > 0) context.newest.note(chatId, highest);
    return highest > 0 ? highest : null;
  } catch {
    const dialog = dialogId === null ? null : await context.store.dialog(context.connectionId, dialogId);
    const began = typeof dialog?.beginMessageId === "number" ? dialog.beginMessageId : 0;
    return Math.max(began, dialog?.lastOwnMessageId ?? 0) || null;
  }
}

import { dialogsFrom } from "../../engine/documents.ts";
import { idAt, momentAt, objectAt } from "../../engine/fields.ts";
import type { Store } from "../../store/store.ts";
import type { JsonObject } from "../../types/json.ts";
import type { DirectoryKeeper } from "../directory/directory.ts";

/** The last public word of a person of the staff in a dialog (Unix ms). */
export interface StaffWord {
  readonly dialogId: number;
  readonly chatId: number;
  readonly at: number;
}

/** Where managers have written, by these rows of `GET /messages`. Commands and notes are no words to the customer. Pure. */
export function staffWords(rows: readonly JsonObject[]): readonly StaffWord[] {
  const last = new Map<number, StaffWord>();
  for (const row of rows) {
    const [dialogId, chatId, at] = [
      idAt(objectAt(row, "dialog") ?? undefined, "id"),
      idAt(row, "chat_id"),
      timeOf(row),
    ];
    const isWord = objectAt(row, "from")?.type === "user" && row.scope === "public" && row.type !== "command";
    if (!isWord || dialogId === null || chatId === null || at === null) continue;
    if ((last.get(dialogId)?.at ?? 0) < at) last.set(dialogId, { dialogId, chatId, at });
  }
  return [...last.values()];
}

const timeOf = (row: JsonObject) => momentAt(row, "created_at") ?? momentAt(row, "time");

export interface KnowDialogs {
  readonly connectionId: string;
  readonly store: Pick<Store, "dialog" | "saveDialogs" | "addDialogs">;
  readonly directory: Pick<DirectoryKeeper, "change" | "count">;
  /** Guards the documents of one chat against the work of its lane. */
  readonly exclusive: <T>(chatId: number, task: () => Promise<T>) => Promise<T>;
}

/** Before anything of a gap is decided: a dialog in which a manager has written meanwhile is known to be in good hands, however
 *  early in the gap the message is that a rule would answer (reliability.md P24). */
export async function noteStaffWords(rows: readonly JsonObject[], know: KnowDialogs): Promise<void> {
  for (const { dialogId, chatId, at } of staffWords(rows)) {
    await know.exclusive(chatId, async () => {
      const known = await know.store.dialog(know.connectionId, dialogId);
      if (known === null || (known.lastManagerAt ?? 0) >= at) return;
      await know.store.saveDialogs(know.connectionId, [{ ...known, lastManagerAt: at }]);
    });
  }
}

/** Keeps dialogs of which these messages are and that nobody has heard of yet: without them each would be asked for alone. */
export async function learnDialogs(
  rows: readonly JsonObject[],
  listed: ReadonlyMap<number, JsonObject>,
  { connectionId, store, directory, exclusive }: KnowDialogs,
): Promise<void> {
  const named = new Set(rows.map((row) => idAt(objectAt(row, "dialog") ?? undefined, "id")));
  for (const dialog of dialogsFrom([...listed.values()]).filter(({ id }) => named.has(id))) {
    const learn = async () => {
      const added = await store.addDialogs(connectionId, [dialog]);
      if (added.length > 0) directory.count(null, dialog);
    };
    await exclusive(dialog.chatId, () => directory.change(learn));
  }
}

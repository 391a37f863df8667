import type { Commit, Store } from "../store/store.ts";
import type { Directory, State } from "../types/state.ts";

/** Whose documents a decision needs. `dialogId` null: the chat's latest dialog. */
export interface Wanted {
  readonly chatId: number | null;
  readonly dialogId: number | null;
  readonly customerId: number | null;
}

/** The stored state around an event or a run. */
export async function loadState(
  { store, connectionId, directory }: { store: Store; connectionId: string; directory: Directory },
  { chatId, dialogId, customerId }: Wanted,
): Promise<State> {
  const chat = chatId === null ? null : await store.chat(connectionId, chatId);
  const dialog = await loadDialog(store, connectionId, { chatId, dialogId });
  const owner = customerId ?? chat?.customerId ?? null;
  const customer = owner === null ? null : await store.customer(connectionId, owner);
  return { directory, chat, dialog, customer };
}

async function loadDialog(store: Store, connectionId: string, { chatId, dialogId }: Omit<Wanted, "customerId">) {
  if (dialogId !== null) return store.dialog(connectionId, dialogId);
  return chatId === null ? null : store.latestDialog(connectionId, chatId);
}

/** The documents that a decision has changed: those that are no longer the very objects that were loaded. */
export function changedDocuments(
  before: State,
  after: State,
): Pick<Commit, "chat" | "dialogs" | "customer" | "people" | "channels" | "bots"> {
  const { chat, dialog, customer } = after;
  return {
    ...(chat !== null && chat !== before.chat ? { chat } : {}),
    ...(dialog !== null && dialog !== before.dialog ? { dialogs: [dialog] } : {}),
    ...(customer !== null && customer !== before.customer ? { customer } : {}),
    people: added(before.directory.people, after.directory.people),
    channels: added(before.directory.channels, after.directory.channels),
    bots: added(before.directory.otherBots, after.directory.otherBots),
  };
}

function added<Item>(before: readonly Item[], after: readonly Item[]): readonly Item[] {
  if (before === after) return [];
  const known = new Set(before);
  return after.filter((item) => !known.has(item));
}

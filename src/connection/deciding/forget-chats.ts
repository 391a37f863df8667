import type { Context } from "../context.ts";

export interface ForgetOptions extends Pick<Context, "connectionId" | "store" | "clock" | "log" | "directory"> {
  /** Guards the documents of one chat against the work of its lane. */
  readonly exclusive: <T>(chatId: number, task: () => Promise<T>) => Promise<T>;
}

/** Chats that the gateway has deleted (reliability.md F28): their pending calls are cancelled, their runs and timers end, and
 *  what was known of them is forgotten. Doing it again changes nothing. Rejects with StoreError. */
export function forgetChats(options: ForgetOptions): (chatIds: readonly number[]) => Promise<void> {
  const { connectionId, store, clock, log, directory, exclusive } = options;
  return async (chatIds) => {
    for (const chatId of chatIds) {
      await exclusive(chatId, () => store.forgetChats(connectionId, [chatId], clock.now()));
    }
    // Their open dialogs count among nobody's any more.
    await directory.load(directory.current().bot);
    log.info({ chats: chatIds }, "chats were deleted; what was to be done there is cancelled");
  };
}

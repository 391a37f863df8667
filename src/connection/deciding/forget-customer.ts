import type { Forgotten } from "../../store/store.ts";
import { createMutex } from "../lanes/mutex.ts";
import type { ForgetOptions } from "./forget-chats.ts";

/** Removes everything of a customer (`rulebot forget`), while nothing of ours writes the documents of their chats. What is being decided
 *  or sent for them at this moment finds its event or call gone, and changes nothing. Rejects with StoreError. */
export function createForgetCustomer(
  options: Omit<ForgetOptions, "clock" | "directory">,
): (customerId: number) => Promise<Forgotten> {
  const { connectionId, store, log, exclusive } = options;
  // One customer at a time: two that wait for each other's chats would wait for ever.
  const turn = createMutex();
  return (customerId) =>
    turn.run(async () => {
      const chats = await store.chatsOf(connectionId, customerId);
      const forget = chats.reduce(
        (task: () => Promise<Forgotten>, chatId) => () => exclusive(chatId, task),
        () => store.forgetCustomer(connectionId, customerId),
      );
      const forgotten = await forget();
      log.info({ customer: customerId, ...forgotten }, "a customer was forgotten");
      return forgotten;
    });
}

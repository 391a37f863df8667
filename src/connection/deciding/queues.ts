import { idAt } from "../../engine/fields.ts";
import { QUEUE, queueEvent, servable } from "../../engine/queue.ts";
import type { Event } from "../../types/event.ts";
import type { Context } from "../context.ts";

/** Offers the dialogs that wait in queues to their teams, as soon as somebody is free. */
export interface Queues {
  /** Somebody may be free, or somebody waits. */
  look(): void;
  /** An event has been decided; if it was an offer, the dialog may be offered again. */
  settled(event: Event): void;
  /** Offers nothing more: what waits is found by the next start. */
  stop(): void;
}

export type QueuesOptions = Pick<
  Context,
  "connectionId" | "store" | "clock" | "log" | "directory" | "rulebook" | "wake"
>;

/** An offer that could not be stored, or came to nothing, is made again after this long. */
const AGAIN_MS = 5_000;

/** An offer is an event of the dialog's own chat: it is decided there, in order, by what is then true, and survives a
 *  crash. A dialog that nobody could take after all is offered again when somebody is free. */
export function createQueues(options: QueuesOptions): Queues {
  const { clock, log, directory, rulebook } = options;
  const offered = new Set<number>();
  let turn = 0;
  let stopped = false;

  const withdraw = (ids: readonly number[]) => {
    for (const id of ids) offered.delete(id);
    look();
  };
  const withdrawLater = (ids: readonly number[]) => void clock.after(AGAIN_MS, () => withdraw(ids));
  const look = () => {
    const present = directory.current();
    if (stopped || present.queue.length === 0) return;
    const fresh = servable(present, rulebook()).filter(({ dialogId }) => !offered.has(dialogId));
    if (fresh.length === 0) return;
    turn += 1;
    const ids = fresh.map(({ dialogId }) => dialogId);
    for (const id of ids) offered.add(id);
    const offers = fresh.map((queued) => queueEvent(queued, clock.now(), turn));
    offer(options, offers).catch((error) => {
      log.error({ dialogs: ids, err: error }, "dialogs of the queue could not be offered");
      withdrawLater(ids);
    });
  };
  return {
    look,
    settled({ type, data }) {
      const id = type === QUEUE ? idAt(data, "dialog_id") : null;
      if (id === null || !offered.has(id)) return;
      const stillWaits = directory.current().queue.some(({ dialogId }) => dialogId === id);
      if (stillWaits) withdrawLater([id]);
      else withdraw([id]);
    },
    stop() {
      stopped = true;
    },
  };
}

/** Keeps all offers in one transaction, then wakes their chats. */
async function offer({ store, clock, connectionId, wake }: QueuesOptions, offers: readonly Event[]): Promise<void> {
  await store.receive(connectionId, offers, clock.now());
  for (const { chatId } of offers) wake(chatId);
}

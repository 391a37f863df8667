import { idAt } from "../../engine/fields.ts";
import { QUEUE, queueEvent, servable } from "../../engine/queue.ts";
import type { Event } from "../../types/event.ts";
import type { Queued } from "../../types/state.ts";
import type { Context } from "../context.ts";

/** Offers the dialogs that wait in queues to their teams, as soon as somebody is free. */
export interface Queues {
  /** Somebody may be free, or somebody waits. */
  look(): void;
  /** An event has been decided; if it was an offer, the dialog may be offered again. */
  settled(event: Event): void;
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
  const { connectionId, store, clock, log, directory, rulebook, wake } = options;
  const offered = new Set<number>();
  let turn = 0;

  const offer = async (queued: Queued) => {
    turn += 1;
    const event = queueEvent(queued, clock.now(), turn);
    await store.receive(connectionId, [event], event.at);
    wake(event.chatId);
  };
  const withdraw = (dialogId: number) => {
    offered.delete(dialogId);
    look();
  };
  const look = () => {
    const present = directory.current();
    if (present.queue.length === 0) return;
    for (const queued of servable(present, rulebook())) {
      if (offered.has(queued.dialogId)) continue;
      offered.add(queued.dialogId);
      offer(queued).catch((error) => {
        log.error({ dialog: queued.dialogId, err: error }, "a dialog of the queue could not be offered");
        clock.after(AGAIN_MS, () => withdraw(queued.dialogId));
      });
    }
  };
  return {
    look,
    settled({ type, data }) {
      const id = type === QUEUE ? idAt(data, "dialog_id") : null;
      if (id === null || !offered.has(id)) return;
      const stillWaits = directory.current().queue.some(({ dialogId }) => dialogId === id);
      if (stillWaits) clock.after(AGAIN_MS, () => withdraw(id));
      else withdraw(id);
    },
  };
}

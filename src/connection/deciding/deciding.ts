import type { InboxRow } from "../../store/store.ts";
import type { Lane } from "../lanes/lanes.ts";
import { createMutexes } from "../lanes/mutexes.ts";
import { answerRequest } from "./answer-request.ts";
import { decideEvent } from "./decide-event.ts";
import type { DecidingOptions } from "./options.ts";
import { nextRun, resumeRun } from "./resume-run.ts";

export type { Decided, DecidingOptions } from "./options.ts";

/** Decides a lane's events in order: first the runs whose call has ended, then, if no run waits, the next event. */
export function createDeciding(given: DecidingOptions): (lane: Lane) => Promise<number | null> {
  const options = { ...given, customers: createMutexes(), answered: new Map() };
  /** Events whose attempt was counted, but whose decision the store could not keep: they are not counted again. */
  const held = new Map<number | null, InboxRow>();
  const startedAt = options.clock.now();

  return async (lane) => {
    for (;;) {
      if (options.turn !== undefined) await options.turn();
      const link = options.link();
      if (link === null) return null;
      const waiting = await nextRun(options, lane);
      if (waiting !== null && "heldMs" in waiting) return waiting.heldMs;
      if (waiting !== null) {
        await resumeRun(options, lane, waiting);
        continue;
      }
      const answer = await answerRequest(options, lane, startedAt);
      if (answer === "given_up") return null;
      if (answer === "answered") continue;
      const row = held.get(lane.chatId) ?? (await options.store.peekEvent(options.connectionId, lane.chatId));
      if (row === null) return null;
      const begin = async () => {
        const counted = held.get(lane.chatId) ?? (await options.store.nextEvent(options.connectionId, lane.chatId));
        held.set(lane.chatId, counted ?? row);
        return (counted ?? row).attempts;
      };
      if (!(await decideEvent(options, lane, { event: row.event, link, begin }))) return null;
      held.delete(lane.chatId);
      options.settled(row.event);
    }
  };
}

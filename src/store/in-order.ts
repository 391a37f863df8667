import type { Event } from "../types/event.ts";

/** Events as arranged, each once and none lost: whatever `arrange` does, these are all the events there were. What it leaves
 *  out comes last. */
export function inOrder(
  events: readonly Event[],
  arrange: (events: readonly Event[]) => readonly Event[],
): readonly Event[] {
  const left = new Map(events.map((event) => [event.key, event]));
  const arranged = arrange(events).flatMap(({ key }) => {
    const event = left.get(key);
    left.delete(key);
    return event === undefined ? [] : [event];
  });
  return [...arranged, ...left.values()];
}

import { idAt, objectAt } from "../../engine/fields.ts";
import type { Event } from "../../types/event.ts";
import { writtenAt } from "./gap.ts";
import { newMessageId } from "./seen.ts";

interface Message {
  readonly event: Event;
  readonly id: number;
  readonly at: number;
}

/** The events of one lane as they happened: messages by id, everything else between them by its moment. Those found in lists and
 *  those held from the socket are treated alike. Pure. */
export function inTimeOrder(events: readonly Event[]): readonly Event[] {
  const messages = events.flatMap(readMessage).sort((left, right) => left.id - right.id);
  const others = events
    .filter((event) => newMessageId(event) === null)
    .map((event) => ({ event, before: placeOf(event, messages), at: endOf(event) }))
    // A stable sort: what falls together stays as it came.
    .sort((left, right) => left.before - right.before || left.at - right.at);
  const byPlace = Map.groupBy(others, ({ before }) => before);
  const there = (place: number) => (byPlace.get(place) ?? []).map(({ event }) => event);
  return [...messages.flatMap(({ event }, place) => [...there(place), event]), ...there(messages.length)];
}

function readMessage(event: Event): readonly Message[] {
  const id = newMessageId(event);
  if (id === null) return [];
  return [{ event, id, at: writtenAt(objectAt(event.data, "message") ?? {}) ?? event.at }];
}

/** Before which message (its place in the list; its length: behind all) an event belongs. */
function placeOf(event: Event, messages: readonly Message[]): number {
  const begin =
    event.type === "dialog_opened" ? idAt(objectAt(event.data, "dialog") ?? undefined, "begin_message_id") : null;
  const first = messages.findIndex(({ id }) => id === begin);
  if (first >= 0) return first;
  const end = endOf(event);
  const earlier = messages.findLastIndex(({ at }) => at <= end);
  // What happens to a message happens after it.
  const about = idAt(objectAt(event.data, "message") ?? undefined, "id");
  return (
    Math.max(
      earlier,
      messages.findIndex(({ id }) => id === about),
    ) + 1
  );
}

/** The last moment that an event can mean: the socket's stamps are whole seconds, cut off. */
const endOf = ({ at }: Event) => (at % 1_000 === 0 ? at + 999 : at);

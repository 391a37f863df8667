import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Store } from "../../store/store.ts";
import type { Event } from "../../types/event.ts";
import { messageIdOf, type NewestMessages } from "../performing/newest-messages.ts";
import { eventsOf } from "./found-events.ts";
import { gapAfter } from "./gap.ts";
import { type Found, type Lost, readGap, type Way } from "./read-gap.ts";
import type { Seen } from "./seen.ts";
import { type KnowDialogs, learnDialogs, noteStaffWords } from "./staff-words.ts";

export interface FillOptions extends KnowDialogs {
  readonly store: Pick<Store, "receive" | "dialog" | "saveDialogs" | "addDialogs">;
  readonly clock: Clock;
  readonly log: Log;
  readonly newest: NewestMessages;
  /** Does something between two commits of the inbox. */
  readonly turn: <T>(task: () => Promise<T>) => Promise<T>;
  /** Reads people, channels, dialogs and the like anew. Never rejects because of a list. */
  readonly refresh: () => Promise<void>;
}

/** The way to the gateway, and who we are there. */
export interface Reader extends Way {
  readonly botId: number;
}

/** One gap, filled: how many messages were new to us, the highest id there is, and what is lost. */
export interface Filled {
  readonly messages: number;
  readonly highest: number;
  readonly lost: Lost;
}

/** Events in one transaction: the store must not be busy with them for long. */
const BATCH = 500;

/** Finds what was missed since `seen` and puts it into the inbox, held; what it says of dialogs is known before any of it is
 *  decided. `heardFrom` tells, once the lists are read, from which message on the socket brings everything. Rejects with
 *  ApiError or StoreError; then it can simply be done again. */
export async function fillGap(
  options: FillOptions,
  { seen, reader, heardFrom }: { readonly seen: Seen; readonly reader: Reader; readonly heardFrom: () => number },
): Promise<Filled> {
  const { clock, log } = options;
  const gap = gapAfter(seen, clock.now());
  const found = await readGap(reader, gap, log);
  await options.refresh();
  const about = { gap, botId: reader.botId, now: clock.now(), heardFrom: heardFrom() };
  const fresh = await keep(options, eventsOf(found, about));
  await know(options, found);
  const messages = fresh.filter(({ type }) => type === "message_new").length;
  return { messages, highest: found.highest, lost: found.lost };
}

async function know(options: FillOptions, { messages, dialogs }: Found): Promise<void> {
  await learnDialogs(messages, dialogs, options);
  await noteStaffWords(messages, options);
}

async function keep(options: FillOptions, events: readonly Event[]): Promise<readonly Event[]> {
  const { connectionId, store, clock, turn, newest } = options;
  const fresh: Event[] = [];
  for (let first = 0; first < events.length; first += BATCH) {
    const batch = events.slice(first, first + BATCH);
    const isNew = await turn(() => store.receive(connectionId, batch, clock.now(), { held: () => true }));
    fresh.push(...isNew);
  }
  noteNewest(newest, events);
  return fresh;
}

/** The look-up of a lost answer searches above the newest message of its chat. */
export function noteNewest(newest: NewestMessages, events: readonly Event[]): void {
  for (const event of events) {
    const id = messageIdOf(event);
    if (event.chatId !== null && id !== null) newest.note(event.chatId, id);
  }
}

import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { type FillOptions, noteNewest, type Reader } from "./fill.ts";
import { type Around, dialogEvent, newMessageEvent } from "./from-messages.ts";
import { gapAfter } from "./gap.ts";
import type { Holding } from "./holding.ts";
import { readMessages } from "./read-gap.ts";
import { advanced, newMessageId, type Seen } from "./seen.ts";
import { noteStaffWords } from "./staff-words.ts";

/** What is in the list may still be on its way over the socket: so long it gets for that. */
const ON_ITS_WAY_MS = 10_000;
const EVERY_MS = 3_600_000;

export interface CheckInput {
  /** Up to where everything was in order the last time. */
  readonly seen: Seen;
  readonly reader: Reader;
  readonly holding: Pick<Holding, "slipIn">;
  /** The socket has been open all the time, and nothing is known to be missing. */
  readonly isUndisturbed: () => boolean;
}

/** Up to where everything is in order now, and how many messages the socket had left out. */
export interface Checked {
  readonly seen: Seen;
  readonly missed: number;
}

/** Compares the list of messages with what an open socket has brought, and puts in what it has not (reliability.md F5). Null:
 *  something came between, and the gap that it left is filled anyway. Rejects with ApiError or StoreError. */
export async function crossCheck(
  options: FillOptions,
  { seen, reader, holding, isUndisturbed }: CheckInput,
): Promise<Checked | null> {
  const { clock } = options;
  const { found, highest } = await readMessages(reader, gapAfter(seen, clock.now()));
  await wait(clock, ON_ITS_WAY_MS);
  if (!isUndisturbed()) return null;
  await noteStaffWords(found, options);
  const around: Around = { chats: new Map(), dialogs: new Map(), botId: reader.botId, now: clock.now() };
  const all = found.map((row) => newMessageEvent(row, around)).filter((event) => event !== null);
  const missed = await holding.slipIn(all, clock.now());
  noteNewest(options.newest, missed);
  const ids = new Set(missed.map(newMessageId));
  const beside = found.filter(({ id }) => ids.has(Number(id))).map((row) => dialogEvent(row, around));
  await holding.slipIn(
    beside.filter((event) => event !== null),
    clock.now(),
  );
  return { seen: advanced(seen, { messageId: highest, at: clock.now() }), missed: missed.length };
}

/** Unlike a sleep, it does not keep the program alive. */
const wait = (clock: Clock, ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));

/** Does the check every hour, until it is stopped. A check that fails is told, and done again an hour later. */
export function everyHour({ clock, log }: { clock: Clock; log: Log }, check: () => Promise<void>): () => void {
  let cancel = () => {};
  let isStopped = false;
  const again = () => {
    if (!isStopped) cancel = clock.after(EVERY_MS, turn);
  };
  const turn = () => {
    check()
      .catch((error) => log.warn({ err: error }, "whether the socket brings everything cannot be checked now"))
      .finally(again);
  };
  again();
  return () => {
    isStopped = true;
    cancel();
  };
}

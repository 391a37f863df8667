import type { ReceiveOptions } from "../../store/store.ts";
import type { Event } from "../../types/event.ts";
import type { JsonObject } from "../../types/json.ts";
import { crossCheck, everyHour } from "./cross-check.ts";
import { type CatchUpOptions, fillBefore, type Parts, restAfter } from "./filling.ts";
import { createHolding } from "./holding.ts";
import { createReadings } from "./readings.ts";
import { createStanding, type Opening } from "./standing.ts";
import { createTally } from "./tally.ts";

/** Knows what a connection may have missed, and makes up for it (docs/decisions/010-catch-up.md; P2 of docs/reliability.md). */
export interface CatchUp {
  /** The socket is open, and events may have been missed before: nothing is decided until they have been found. */
  opened(): void;
  /** The socket is gone. Nothing is decided or sent until it is back, unless it was closed because too much waits. */
  lost(): void;
  /** The socket is open, as far as we were told. */
  isOpen(): boolean;
  /** Nothing may be decided or sent: it is not known what came before. */
  isHolding(): boolean;
  /** Something may have been missed and is not in its lane yet: no timer may fire (spec 4.1 "Timers"). */
  hasGap(): boolean;
  /** How the inbox takes in what the socket brings. Asked between two of its commits. */
  receiving(events: readonly Event[]): ReceiveOptions;
  /** Remembers that the socket is good at this moment. */
  heard(): void;
  /** Since when something may have been missed (Unix ms); null: the connection has never listened. Rejects with StoreError. */
  seenAt(): Promise<number | null>;
  /** Plain data for `/status`: counts and moments. */
  status(): JsonObject;
  /** Since when something may have been missed that is not found yet (Unix ms); null: nothing may. */
  gapSince(): number | null;
  /** Messages since the program began: those found again, and those that are lost for good. */
  counts(): { readonly recovered: number; readonly lost: number };
  /** Gives up what is under way; `opened` begins anew. */
  stop(): void;
}

/** Everything is held until the socket has opened and the gap before it is filled. */
export function createCatchUp(options: CatchUpOptions): CatchUp {
  const standing = createStanding(options);
  const holding = createHolding(options);
  const progress: Parts["progress"] = { trouble: null, checked: null, nap: new AbortController() };
  const parts: Parts = { options, standing, holding, tally: createTally(), progress, readings: createReadings() };
  const startedAt = options.clock.now();
  let running: AbortController | null = null;
  let stopChecks = () => {};
  let last: Opening | null = null;

  /** Before which opening something is still to be found or let go; null: there is nothing to be done now. Without a socket the next
   *  opening does it, but while too much waits there will be none before what is held has been let go and decided. */
  const due = (): Opening | null => {
    const isKept = holding.isOn() || holding.isEnding();
    const present = standing.opening();
    if (present !== null) return isKept || standing.hasGap() ? present : null;
    return isKept && options.isPressed() ? last : null;
  };
  const fill = async (own: AbortController): Promise<void> => {
    for (let number = 1; ; ) {
      if (own.signal.aborted) return;
      const of = due();
      const nap = progress.nap.signal;
      if (of === null) break;
      try {
        await fillBefore(parts, of);
        number = 1;
      } catch (error) {
        if (own.signal.aborted) return;
        await restAfter(parts, error, { number, nap });
        number += 1;
      }
    }
    running = null;
  };
  const goOn = () => {
    if (running !== null || due() === null) return;
    running = new AbortController();
    void fill(running);
  };
  const checkAll = async () => {
    // What it could not let go is let go by filling.
    await check(parts).finally(goOn);
  };

  return {
    opened() {
      standing.open();
      last = standing.opening();
      holding.begin();
      progress.nap.abort();
      progress.nap = new AbortController();
      if (running !== null) return;
      stopChecks();
      stopChecks = everyHour(options, checkAll);
      goOn();
    },
    lost() {
      if (standing.opening() === null) return;
      standing.lose();
      if (!options.isPressed()) holding.begin();
    },
    isOpen: () => standing.opening() !== null,
    isHolding: holding.isOn,
    hasGap: () => standing.hasGap() || holding.isEnding(),
    receiving: (events) => ({ held: holding.holds, facts: standing.pass(events) }),
    heard() {
      standing.hear().catch((error) => options.log.warn({ err: error }, "a fact is not kept"));
    },
    seenAt: async () => (await standing.seen())?.at ?? null,
    status: () => ({ ...stateOf(parts), ...parts.tally.status() }),
    gapSince: () => (standing.hasGap() || holding.isEnding() ? (standing.lastGoodAt() ?? startedAt) : null),
    counts: parts.tally.counts,
    stop() {
      running?.abort();
      running = null;
      stopChecks();
      progress.nap.abort();
      last = null;
      standing.lose();
      holding.begin();
    },
  };
}

async function check({ options, standing, holding, tally, progress }: Parts): Promise<void> {
  const [of, seen, reader] = [standing.opening(), progress.checked, options.reader()];
  if (standing.hasGap() || of === null || seen === null || reader === null) return;
  const isUndisturbed = () => standing.opening() === of && !standing.hasGap();
  const checked = await crossCheck(options, { seen, reader, holding, isUndisturbed });
  if (checked === null) return;
  progress.checked = checked.seen;
  tally.checked({ messages: checked.missed, at: options.clock.now() });
  if (checked.missed > 0)
    options.log.warn({ messages: checked.missed }, "the socket is open, but it has left messages out");
}

function stateOf({ standing, holding, progress }: Parts): JsonObject {
  const { trouble } = progress;
  const isFilled = !standing.hasGap() && !holding.isEnding();
  return {
    gap: !isFilled,
    holding: holding.isOn(),
    trouble: trouble === null ? null : { since: new Date(trouble.since).toISOString(), reason: trouble.reason },
  };
}

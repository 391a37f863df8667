import type { Clock } from "../../clock.ts";

/** Does one kind of work whenever it is poked: never twice at once, and once more if it was poked meanwhile. */
export interface Pump {
  poke(): void;
  /** No further round begins; resolves when the present one has ended. */
  stop(): Promise<void>;
  /** Neither at work nor waiting for a time. */
  idle(): boolean;
}

export interface PumpOptions {
  /** One round. Gives ms after which it wants to be poked again without news; null: only on news. */
  readonly round: () => Promise<number | null>;
  /** A round failed. Gives ms after which to try again. */
  readonly failed: (error: unknown) => number;
  /** Called when the pump has become idle. */
  readonly rested: () => void;
  readonly clock: Clock;
}

export function createPump({ round, failed, rested, clock }: PumpOptions): Pump {
  let working: Promise<void> | null = null;
  let poked = false;
  let stopped = false;
  let cancelTimer: (() => void) | null = null;

  const work = async () => {
    let waitMs: number | null = null;
    do {
      poked = false;
      waitMs = await round().catch(failed);
    } while (poked && !stopped);
    working = null;
    if (stopped) return;
    if (waitMs !== null) cancelTimer = clock.after(waitMs, poke);
    else rested();
  };

  function poke() {
    cancelTimer?.();
    cancelTimer = null;
    if (stopped) return;
    if (working !== null) poked = true;
    else working = work();
  }

  return {
    poke,
    async stop() {
      stopped = true;
      cancelTimer?.();
      cancelTimer = null;
      await working;
    },
    idle: () => working === null && cancelTimer === null,
  };
}

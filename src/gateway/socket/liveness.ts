import type { Clock } from "../../clock.ts";

export interface LivenessLimits {
  readonly pingEveryMs: number;
  /** How long after a ping the silence may last. */
  readonly patienceMs: number;
  /** A verdict that comes later than this after its time was held up by ourselves. */
  readonly lagMs: number;
}

export interface LivenessOptions {
  readonly clock: Clock;
  readonly limits: LivenessLimits;
  ping(): void;
  onDead(): void;
}

export interface Liveness {
  /** Something came in, whatever it was. */
  seen(): void;
  stop(): void;
}

/** Finds a half-open socket: asks every 15 s and gives up after 10 s of silence (reliability.md D6; without pings it is never
 *  found). When our own event loop was blocked, the answer may lie unread behind the timer: then it asks once more. */
export function watchLiveness({ clock, limits, ping, onDead }: LivenessOptions): Liveness {
  let alive = true;
  let cancel = () => {};

  const after = (ms: number, task: (lateMs: number) => void) => {
    const due = clock.now() + ms;
    cancel = clock.after(ms, () => task(clock.now() - due));
  };
  const rest = () => after(Math.max(0, limits.pingEveryMs - limits.patienceMs), () => ask(true));
  const ask = (mayAskAgain: boolean) => {
    alive = false;
    ping();
    after(limits.patienceMs, (lateMs) => {
      if (alive) rest();
      else if (mayAskAgain && lateMs > limits.lagMs) ask(false);
      else onDead();
    });
  };
  after(limits.pingEveryMs, () => ask(true));

  return {
    seen() {
      alive = true;
    },
    stop: () => cancel(),
  };
}

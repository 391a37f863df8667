import { type Clock, systemClock } from "../../../src/clock.ts";

/** How a clock runs beside the real one. */
export interface Speed {
  /** The moment at which both show the same time (Unix ms). */
  readonly originMs: number;
  /** Its seconds in one real second. */
  readonly times: number;
  /** How much it is wrong by (ms); left out: nothing. */
  readonly offMs?: number;
}

/** The real clock, faster: hours of pauses and timers pass in seconds. Time-outs of the network stay real. */
export function createFastClock({ originMs, times, offMs = 0 }: Speed): Clock {
  return {
    now: () => Math.round(originMs + (Date.now() - originMs) * times) + offMs,
    elapsed: () => systemClock.elapsed() * times,
    sleep: (ms, signal) => systemClock.sleep(ms / times, signal),
    after: (ms, task) => systemClock.after(ms / times, task),
  };
}

/** As text for a child process, and back. */
export const writeSpeed = (speed: Speed): string => JSON.stringify(speed);
export const readSpeed = (text: string): Speed => JSON.parse(text);

import type { Clock } from "../../clock.ts";
import { settleOrAbort } from "./settle-or-abort.ts";

export interface BucketOptions {
  /** Tokens that drop in per second, and how many the bucket holds (it starts full). */
  readonly perSecond: number;
  readonly burst: number;
  readonly clock: Clock;
}

/** A token bucket shared by everyone who holds it: `take` waits for the next token, first come first served. */
export interface Bucket {
  /** `mayGo` is asked just before the token is given: when it throws, this rejects with the same, and the token is the next
   *  one's. */
  take(signal?: AbortSignal, mayGo?: () => void): Promise<void>;
  /** No token for `holdMs`; then at half the rate, which grows back by a tenth of the full rate each minute. */
  slowDown(holdMs: number): void;
}

/** Where the bucket stands. `rate` is the present one per second; `heldUntil` and `at` are Unix ms. */
interface Level {
  readonly tokens: number;
  readonly rate: number;
  readonly at: number;
  readonly heldUntil: number;
}

const RECOVERY_PER_MINUTE = 0.1;
/** Lowest rate, as a part of the full one. */
const SLOWEST = 0.1;

/** The level at `now`, what has dropped in since included (nothing does during a hold: it must not end in a burst). A clock set
 *  back adds nothing and takes nothing. */
function refill(level: Level, limits: { perSecond: number; burst: number }, now: number): Level {
  const passedMs = Math.max(0, now - Math.max(level.at, level.heldUntil));
  const grown = level.rate + (limits.perSecond * RECOVERY_PER_MINUTE * passedMs) / 60_000;
  const tokens = Math.min(limits.burst, level.tokens + (level.rate * passedMs) / 1_000);
  // A clock set back would stretch the hold by as much: it is dropped instead.
  const heldUntil = now < level.at ? 0 : level.heldUntil;
  return { tokens, rate: Math.min(limits.perSecond, grown), at: now, heldUntil };
}

/** How long until one token may be taken, in ms; 0: now. */
function waitMs(level: Level, now: number): number {
  const heldMs = Math.max(0, level.heldUntil - now);
  const missing = Math.max(0, 1 - level.tokens);
  return Math.max(heldMs, Math.ceil((missing / level.rate) * 1_000));
}

/** The level after "too many". Several answers to requests sent together are one refusal: the rate is halved once a hold. */
function slowed(level: Level, { perSecond, holdMs, now }: { perSecond: number; holdMs: number; now: number }): Level {
  const rate = level.heldUntil > now ? level.rate : Math.max(perSecond * SLOWEST, level.rate / 2);
  return { tokens: Math.min(1, level.tokens), rate, at: now, heldUntil: Math.max(level.heldUntil, now + holdMs) };
}

/** A full bucket. */
export function createBucket({ perSecond, burst, clock }: BucketOptions): Bucket {
  const limits = { perSecond, burst: Math.max(1, burst) };
  let level: Level = { tokens: limits.burst, rate: perSecond, at: clock.now(), heldUntil: 0 };
  let last: Promise<void> = Promise.resolve();

  /** Only the first in the row waits on the clock, so a hold or a new rate is seen by all who come after. */
  const admit = async (signal: AbortSignal | undefined, mayGo: (() => void) | undefined) => {
    for (;;) {
      signal?.throwIfAborted();
      mayGo?.();
      const now = clock.now();
      level = refill(level, limits, now);
      const pause = waitMs(level, now);
      if (pause <= 0) break;
      await clock.sleep(pause, signal);
    }
    level = { ...level, tokens: level.tokens - 1 };
  };

  return {
    take(signal, mayGo) {
      const turn = last.then(() => admit(signal, mayGo));
      last = turn.catch(() => {});
      return settleOrAbort(turn, signal);
    },
    slowDown(holdMs) {
      const now = clock.now();
      level = slowed(refill(level, limits, now), { perSecond, holdMs, now });
    },
  };
}

/** Counts requests of the last second by key. `allow` is false when one more would be too many; that one is not counted. */
export interface RateLimit {
  allow(key: string, now: number): boolean;
}

const WINDOW_MS = 1000;

/** `perSecond` is asked at every request: it may be changed while the account works. */
export function createRateLimit(perSecond: () => number): RateLimit {
  const recent = new Map<string, number[]>();
  return {
    allow(key, now) {
      const still = (recent.get(key) ?? []).filter((at) => at > now - WINDOW_MS);
      const allowed = still.length < perSecond();
      recent.set(key, allowed ? [...still, now] : still);
      return allowed;
    },
  };
}

import type { Measure } from "./store.ts";

/** Rows counted in one connection. `oldest`: Unix ms. */
export interface Counted {
  readonly connectionId: string;
  readonly count: number;
  readonly oldest?: number | null;
}

type Kind = "undecided" | "unsent" | "unknown" | "timers" | "queued";

/** What was counted table by table, connection by connection; by id. */
export function measuresFrom(counts: Readonly<Record<Kind, readonly Counted[]>>): readonly Measure[] {
  const found = new Map<string, Measure>();
  for (const [kind, rows] of Object.entries(counts) as [Kind, readonly Counted[]][]) {
    for (const { connectionId, count, oldest } of rows) {
      const known = found.get(connectionId) ?? nothing(connectionId);
      const oldestUndecidedAt = earlier(known.oldestUndecidedAt, oldest ?? null);
      found.set(connectionId, { ...known, oldestUndecidedAt, [kind]: known[kind] + count });
    }
  }
  return [...found.values()].toSorted((left, right) => (left.connectionId < right.connectionId ? -1 : 1));
}

/** A connection in which nothing waits. */
export const nothing = (connectionId: string): Measure => ({
  connectionId,
  undecided: 0,
  oldestUndecidedAt: null,
  unsent: 0,
  unknown: 0,
  timers: 0,
  queued: 0,
});

function earlier(left: number | null, right: number | null): number | null {
  if (left === null || right === null) return left ?? right;
  return Math.min(left, right);
}

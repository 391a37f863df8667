import type { Hours } from "../../types/hours.ts";
import { DAY_MS } from "./calendar.ts";
import { openPieces } from "./open-pieces.ts";

/** Questions about opening hours, by the clock on the shop's wall: what stands in an hour that the clocks skip never comes, and
 *  what stands in an hour that they repeat comes twice. Moments are Unix ms; `zone` counts where the hours name none.
 *  An answer further away than 400 days is none. */

/** More than a year, so that a single open day of the year is found. */
const HORIZON_MS = 400 * DAY_MS;

/** Can these hours ever be open? */
export function isEverOpen({ week, dates }: Hours): boolean {
  return [...Object.values(week), ...Object.values(dates)].some((ranges) => ranges.length > 0);
}

/** Opening moments are open, closing moments closed. */
export function isOpen(hours: Hours, zone: string, at: number): boolean {
  return !openPieces(hours, zone, { fromMs: at, toMs: at + 1 }).next().done;
}

/** When it becomes open next, later than `at` in any case: while it is open, that is after the next pause. Null: it does not. */
export function nextOpen(hours: Hours, zone: string, at: number): number | null {
  let openUntil = at;
  for (const { fromMs, toMs } of openPieces(hours, zone, { fromMs: at, toMs: at + HORIZON_MS })) {
    if (fromMs > openUntil) return fromMs;
    openUntil = toMs;
  }
  return null;
}

/** When it closes next, ranges that adjoin (over midnight, say) taken as one. Null: it is closed at `at`, or never closes. */
export function closesAt(hours: Hours, zone: string, at: number): number | null {
  const horizon = at + HORIZON_MS;
  let openUntil = at;
  for (const { fromMs, toMs } of openPieces(hours, zone, { fromMs: at, toMs: horizon })) {
    if (fromMs > openUntil) break;
    openUntil = toMs;
  }
  return openUntil === at || openUntil === horizon ? null : openUntil;
}

/** The moment at which so much open time has passed since `from`; that may be a closing moment. Null: it does not pass. */
export function addOpenTime(hours: Hours, zone: string, from: number, durationMs: number): number | null {
  if (durationMs <= 0) return from;
  let restMs = durationMs;
  for (const { fromMs, toMs } of openPieces(hours, zone, { fromMs: from, toMs: from + HORIZON_MS })) {
    if (toMs - fromMs >= restMs) return fromMs + restMs;
    restMs -= toMs - fromMs;
  }
  return null;
}

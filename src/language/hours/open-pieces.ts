import type { Hours, OpenRange } from "../../types/hours.ts";
import { DAY_MS, dateOf, MINUTE_MS, MINUTES_A_DAY, weekdayOf, yearlyOf } from "./calendar.ts";
import { type SteadySpan, steadySpans } from "./zone.ts";

/** A stretch of time in Unix ms, `toMs` excluded. */
export interface Piece {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The open parts of a stretch of time, in order and apart or adjoining; none is longer than a day. Lazy. */
export function* openPieces(hours: Hours, zone: string, { fromMs, toMs }: Piece): Generator<Piece> {
  for (const span of steadySpans(hours.timezone ?? zone, fromMs, toMs)) yield* openWithin(hours, span);
}

/** Inside a steady span the wall clock is UTC plus a constant, so that ranges of days become moments by subtraction. */
function* openWithin(hours: Hours, { fromMs, toMs, offsetMs }: SteadySpan): Generator<Piece> {
  const lastDay = Math.floor((toMs - 1 + offsetMs) / DAY_MS);
  let done = fromMs;
  // The day before may have a range that goes over midnight.
  for (let day = Math.floor((fromMs + offsetMs) / DAY_MS) - 1; day <= lastDay; day++) {
    for (const range of rangesFrom(hours, day)) {
      const start = Math.max(done, day * DAY_MS + range.fromMinute * MINUTE_MS - offsetMs);
      const end = Math.min(toMs, day * DAY_MS + range.toMinute * MINUTE_MS - offsetMs);
      if (start >= end) continue;
      yield { fromMs: start, toMs: end };
      done = end;
    }
  }
}

/** The ranges that begin on a day, in order. What goes over midnight ends there when the next day's date is closed. */
function rangesFrom(hours: Hours, day: number): readonly OpenRange[] {
  const ranges = datedRanges(hours, day) ?? hours.week[weekdayOf(day)] ?? [];
  const nightEnds = datedRanges(hours, day + 1)?.length === 0;
  const cut = ({ fromMinute, toMinute }: OpenRange) => ({ fromMinute, toMinute: Math.min(toMinute, MINUTES_A_DAY) });
  return nightEnds ? ranges.map(cut) : ranges;
}

/** A date of one year counts before one of every year, and both before the weekday. */
function datedRanges({ dates }: Hours, day: number): readonly OpenRange[] | undefined {
  const date = dateOf(day);
  return dates[date] ?? dates[yearlyOf(date)];
}

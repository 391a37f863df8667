import type { OpenRange } from "../../types/hours.ts";
import type { Fault } from "../fault.ts";
import { suggest } from "../names.ts";
import { MINUTES_A_DAY } from "./calendar.ts";
import { emptyRange, impossibleTime, notARange, overlapping } from "./hours-faults.ts";

export type Ranges = readonly OpenRange[];

/** What was read, or why it could not be. */
export type Reading<Value> = { readonly value: Value } | { readonly fault: Fault };

const RANGE = /^(\d{1,2}:\d{2}) ?[-–—] ?(\d{1,2}:\d{2})$/u;
const CLOCK = /^(\d{1,2}):(\d{2})(?::\d{2})?$/u;
const CLOSED = "closed";

/** The ranges of a day as people write them: `09:00-13:00, 14:00-18:00`, `22:00-02:00` (over midnight), `00:00-24:00`, `closed`.
 *  They come back in the order of the day. */
export function readRanges(text: string): Reading<Ranges> {
  if (text.trim() === CLOSED) return { value: [] };
  const ranges: OpenRange[] = [];
  for (const part of text.split(",")) {
    const read = readRange(part.trim());
    if ("fault" in read) return read;
    ranges.push(read.value);
  }
  ranges.sort((a, b) => a.fromMinute - b.fromMinute);
  const clash = ranges.find((range, index) => range.fromMinute < (ranges[index - 1]?.toMinute ?? 0));
  return clash === undefined ? { value: ranges } : { fault: overlapping(text.trim(), formatRange(clash)) };
}

function readRange(text: string): Reading<OpenRange> {
  const [, from, to] = RANGE.exec(text) ?? [];
  if (from === undefined || to === undefined) return { fault: notARange(text, likelyRange(text)) };
  const [fromMinute, end] = [minuteOf(from), minuteOf(to)];
  if (fromMinute === null || fromMinute === MINUTES_A_DAY) return { fault: impossibleTime(from) };
  if (end === null) return { fault: impossibleTime(to) };
  if (end === fromMinute) return { fault: emptyRange(text) };
  return { value: { fromMinute, toMinute: end < fromMinute ? end + MINUTES_A_DAY : end } };
}

/** `9.00-18.00`, `9-18`, `10:00 to 15:00` and the like, as they should be; a misspelt `closed`; or null. */
function likelyRange(text: string): string | null {
  const found = /^(\d{1,2})(?:[:.h](\d{2}))?\s*(?:[-–—]|to|a|до)\s*(\d{1,2})(?:[:.h](\d{2}))?$/iu.exec(text);
  if (found === null) return suggest(text, [CLOSED]);
  const [, fromHour = "", fromMinute = "00", toHour = "", toMinute = "00"] = found;
  const likely = `${fromHour.padStart(2, "0")}:${fromMinute}-${toHour.padStart(2, "0")}:${toMinute}`;
  return likely !== text && "value" in readRange(likely) ? likely : null;
}

/** `09:30` (seconds are dropped) as minutes since midnight, `24:00` included; null when there is no such time. */
export function minuteOf(clock: string): number | null {
  const [, hour, minute] = CLOCK.exec(clock) ?? [];
  const minutes = Number(hour) * 60 + Number(minute);
  return Number(minute) < 60 && minutes <= MINUTES_A_DAY ? minutes : null;
}

/** `22:00-02:00`. */
export function formatRange({ fromMinute, toMinute }: OpenRange): string {
  return `${formatMinute(fromMinute)}-${formatMinute(toMinute > MINUTES_A_DAY ? toMinute - MINUTES_A_DAY : toMinute)}`;
}

function formatMinute(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

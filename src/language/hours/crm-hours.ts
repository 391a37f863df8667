import type { Hours, OpenRange } from "../../types/hours.ts";
import { isObject, type Json, type JsonObject } from "../../types/json.ts";
import { readOwn } from "../logic/own-values.ts";
import { datesBetween, MINUTES_A_DAY } from "./calendar.ts";
import { DAY_NAMES } from "./hours-days.ts";
import { minuteOf } from "./time-range.ts";
import { isZone } from "./zone.ts";

/** The CRM has no 24:00; this is how its people write the end of a day. */
const LAST_MINUTE = 1439;

/** The account's working hours, lunch left out: `settings` of the CRM's answer to `GET /settings`. Read leniently: a row that makes
 *  no sense counts for nothing. An account that never set its hours gets hours that are never open (`isEverOpen`). */
export function crmHours(settings: Json): Hours {
  const timezone = readOwn(settings, "timezone.value");
  return {
    timezone: typeof timezone === "string" && isZone(timezone) ? timezone : null,
    week: weekOf(rowsOf(readOwn(settings, "work_times"))),
    dates: Object.fromEntries(
      rowsOf(readOwn(settings, "non_working_days"))
        .flatMap(closedDates)
        .map((date) => [date, []]),
    ),
  };
}

/** PHP writes a list with gaps as a map. */
function rowsOf(list: Json): readonly JsonObject[] {
  const rows: readonly Json[] = Array.isArray(list) ? list : Object.values(isObject(list) ? list : {});
  return rows.filter(isObject);
}

function weekOf(rows: readonly JsonObject[]): Hours["week"] {
  const week: Record<number, readonly OpenRange[]> = {};
  for (const row of rows) {
    const weekday = DAY_NAMES.indexOf(textOf(row.day_type).slice(0, 3).toLowerCase()) + 1;
    if (weekday === 0) continue;
    week[weekday] = [...(week[weekday] ?? []), ...rangesOf(row)].sort((a, b) => a.fromMinute - b.fromMinute);
  }
  return week;
}

function rangesOf(row: JsonObject): readonly OpenRange[] {
  const [fromMinute, end] = [minuteOf(textOf(row.start_time)), minuteOf(textOf(row.end_time))];
  if (fromMinute === null || end === null || fromMinute === MINUTES_A_DAY) return [];
  const whole = { fromMinute, toMinute: endAfter(fromMinute, end) };
  return withoutLunch(whole, minuteOf(textOf(row.lunch_start_time)), minuteOf(textOf(row.lunch_end_time)));
}

/** 09:00 to 09:00 is round the clock: no one sets working hours of no length. */
function endAfter(fromMinute: number, end: number): number {
  const toMinute = end === LAST_MINUTE ? MINUTES_A_DAY : end;
  return toMinute <= fromMinute ? toMinute + MINUTES_A_DAY : toMinute;
}

function withoutLunch(whole: OpenRange, start: number | null, end: number | null): readonly OpenRange[] {
  if (start === null || end === null || start === end) return [whole];
  const lunchFrom = start < whole.fromMinute ? start + MINUTES_A_DAY : start;
  const lunchTo = lunchFrom + ((end - start + MINUTES_A_DAY) % MINUTES_A_DAY);
  if (lunchTo > whole.toMinute) return [whole];
  return [
    { fromMinute: whole.fromMinute, toMinute: lunchFrom },
    { fromMinute: lunchTo, toMinute: whole.toMinute },
  ].filter(({ fromMinute, toMinute }) => fromMinute < toMinute);
}

/** `12.25`, month first; without an end it is one day. */
function closedDates(row: JsonObject): readonly string[] {
  const first = textOf(row.start_date).replaceAll(".", "-");
  const last = textOf(row.end_date).replaceAll(".", "-");
  return datesBetween(first, last === "" ? first : last) ?? [];
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value.trim() : "";
}

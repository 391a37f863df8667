import { FixedOffsetZone, IANAZone, type Zone } from "luxon";
import { suggest } from "../names.ts";
import { DAY_MS, MINUTE_MS } from "./calendar.ts";

/** No zone changes its clocks twice within a week; Morocco does within a month. Asking for an offset is what costs time here. */
const LONGEST_SPAN_MS = 7 * DAY_MS;

/** Is this the name of a time zone (`Europe/Madrid`)? Offsets such as `+01:00` are known to the runtime, but they have no
 *  summer time: a shop's zone has a name. */
export function isZone(name: string): boolean {
  return !/^[+-]/u.test(name) && IANAZone.isValidZone(name);
}

/** The zone that a city or a misspelt name most probably means, or null. */
export function suggestZone(name: string): string | null {
  const zones = Intl.supportedValuesOf("timeZone");
  const city = name.replaceAll(" ", "_").toLowerCase();
  return zones.find((zone) => zone.toLowerCase().endsWith(`/${city}`)) ?? suggest(name, zones);
}

/** A stretch of time in which the local clock runs straight: Unix ms, `to` excluded; local time is UTC plus `offsetMs`. */
export interface SteadySpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly offsetMs: number;
}

/** Cuts a stretch of time (Unix ms, `toMs` excluded) where the zone's clocks change, and at least once a week. Lazy: whoever
 *  has found what he looks for stops. An unknown zone counts as UTC: names are checked at load. */
export function* steadySpans(zoneName: string, fromMs: number, toMs: number): Generator<SteadySpan> {
  const zone = zoneNamed(zoneName);
  let start = fromMs;
  while (start < toMs) {
    const until = Math.min(toMs, start + LONGEST_SPAN_MS);
    const offsetMs = offsetAt(zone, start);
    const end = offsetAt(zone, until) === offsetMs ? until : firstChange(zone, start, until);
    yield { fromMs: start, toMs: end, offsetMs };
    start = end;
  }
}

/** The first ms with another offset than at `from`, knowing that `to` has one. */
function firstChange(zone: Zone, from: number, to: number): number {
  const offset = offsetAt(zone, from);
  let [before, after] = [from, to];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(zone, middle) === offset) before = middle;
    else after = middle;
  }
  return after;
}

function offsetAt(zone: Zone, at: number): number {
  return Math.round(zone.offset(at) * MINUTE_MS);
}

function zoneNamed(name: string): Zone {
  const zone = IANAZone.create(name);
  return zone.isValid ? zone : FixedOffsetZone.utcInstance;
}

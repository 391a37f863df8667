import type { Hours, OpenRange } from "../../types/hours.ts";
import { isObject } from "../../types/json.ts";
import type { Fault, FaultInside, PathInside } from "../fault.ts";
import { MINUTES_A_DAY } from "./calendar.ts";
import { isEverOpen } from "./hours.ts";
import { DAY_NAMES, readDates, readDays } from "./hours-days.ts";
import { dayTwice, neverOpen, nightOverlap, notADate, notHours, unknownZone } from "./hours-faults.ts";

import { formatRange, type Ranges, readRanges } from "./time-range.ts";
import { isZone, suggestZone } from "./zone.ts";

/** The hours as far as they could be read, and every fault at once. */
export interface ParsedHours {
  readonly hours: Hours;
  readonly faults: readonly FaultInside[];
}

interface Desk {
  timezone: string | null;
  readonly week: Record<number, Ranges>;
  readonly dates: Record<string, Ranges>;
  /** The key under which a day stands: weekdays by number, dates as written. */
  readonly keys: Map<number | string, string>;
  readonly faults: FaultInside[];
}

/** Reads named hours of the file: `{mon-fri: "09:00-13:00, 14:00-18:00", 2026-12-24: "10:00-14:00", closed: ["2027-01-01"]}`.
 *  Closed days are dates without ranges. `timezone:` is for a shop elsewhere than the rest. */
export function parseHours(raw: unknown): ParsedHours {
  const desk: Desk = { timezone: null, week: {}, dates: {}, keys: new Map(), faults: [] };
  if (!isObject(raw)) report(desk, [], notHours());
  for (const [key, value] of Object.entries(isObject(raw) ? raw : {})) readEntry(desk, key, value);
  if (desk.faults.length === 0) checkNights(desk);
  if (desk.faults.length === 0 && !hasPlan(desk)) report(desk, [], neverOpen());
  const { timezone, week, dates, faults } = desk;
  return { hours: { timezone, week, dates }, faults };
}

function report(desk: Desk, path: PathInside, fault: Fault): void {
  desk.faults.push({ ...fault, path });
}

function readEntry(desk: Desk, key: string, value: unknown): void {
  if (key === "timezone") readZone(desk, value);
  else if (key === "closed") readClosed(desk, value);
  else readOpen(desk, key, value);
}

function readZone(desk: Desk, value: unknown): void {
  const name = String(value);
  if (isZone(name)) desk.timezone = name;
  else report(desk, ["timezone"], unknownZone(name, suggestZone(name)));
}

function readClosed(desk: Desk, value: unknown): void {
  const entries = Array.isArray(value) ? value : [value];
  for (const [index, entry] of entries.entries()) {
    const path = ["closed", ...(Array.isArray(value) ? [index] : [])] as const;
    const read = typeof entry === "string" ? readDates(entry.trim()) : { fault: notADate(String(entry), null) };
    if ("fault" in read) report(desk, path, read.fault);
    else keep(desk, path, { weekdays: [], dates: read.value, ranges: [] });
  }
}

function readOpen(desk: Desk, key: string, value: unknown): void {
  const days = readDays(key);
  const ranges = typeof value === "string" ? readRanges(value) : { fault: notHours() };
  for (const read of [days, ranges]) if ("fault" in read) report(desk, [key], read.fault);
  if ("value" in days && "value" in ranges) keep(desk, [key], { ...days.value, ranges: ranges.value });
}

interface Kept {
  readonly weekdays: readonly number[];
  readonly dates: readonly string[];
  readonly ranges: Ranges;
}

/** Notes the ranges of the days; of days that stand somewhere already, the first is reported. */
function keep(desk: Desk, path: readonly [string, ...PathInside], { weekdays, dates, ranges }: Kept): void {
  let told = false;
  for (const day of [...weekdays, ...dates]) {
    const first = desk.keys.get(day);
    if (first !== undefined && !told) report(desk, path, dayTwice(nameOf(day), first));
    told ||= first !== undefined;
    if (first !== undefined) continue;
    desk.keys.set(day, path[0]);
    if (typeof day === "number") desk.week[day] = ranges;
    else desk.dates[day] = ranges;
  }
}

/** What goes over midnight must not meet the next weekday's ranges. Dates are not looked at: they are rare, and what
 *  overlaps is open once all the same. */
function checkNights(desk: Desk): void {
  const told = new Set<string>();
  for (const [index] of DAY_NAMES.entries()) {
    const [evening, morning] = [index + 1, ((index + 1) % 7) + 1];
    const clash = nightClash(desk.week[evening], desk.week[morning]);
    const [eveningKey, morningKey] = [desk.keys.get(evening), desk.keys.get(morning)];
    if (clash === null || morningKey === undefined || told.has(`${eveningKey}/${morningKey}`)) continue;
    told.add(`${eveningKey}/${morningKey}`);
    const fault = nightOverlap({ ...clash, nightDay: nameOf(evening), day: nameOf(morning) });
    report(desk, [morningKey], fault);
  }
}

function nightClash(evening: Ranges = [], morning: Ranges = []): { night: string; range: string } | null {
  const [night, first] = [evening.at(-1), morning[0]];
  if (night === undefined || first === undefined) return null;
  return tailOf(night) > first.fromMinute ? { night: formatRange(night), range: formatRange(first) } : null;
}

/** How many minutes of the next day a range has. */
function tailOf({ toMinute }: OpenRange): number {
  return Math.max(0, toMinute - MINUTES_A_DAY);
}

/** A week closed on every single day is meant; closed dates alone are not. */
function hasPlan(hours: Hours): boolean {
  return Object.keys(hours.week).length === DAY_NAMES.length || isEverOpen(hours);
}

function nameOf(day: number | string): string {
  return typeof day === "number" ? (DAY_NAMES[day - 1] ?? "") : day;
}

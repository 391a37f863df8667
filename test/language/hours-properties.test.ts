import fc from "fast-check";
import { DateTime } from "luxon";
import { expect, it } from "vitest";
import { addOpenTime, closesAt, isOpen, nextOpen } from "../../src/language/hours/hours.ts";
import type { Hours, OpenRange } from "../../src/types/hours.ts";
import { openTimeBetween } from "./open-time.ts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

/** Zones with a change of clocks near the moment (one at midnight, one by half an hour), and one without. */
const scene = fc.constantFrom(
  { zone: "Europe/Madrid", around: Date.parse("2026-03-29T01:00Z") },
  { zone: "Europe/Madrid", around: Date.parse("2026-10-25T01:00Z") },
  { zone: "America/New_York", around: Date.parse("2026-03-08T07:00Z") },
  { zone: "America/New_York", around: Date.parse("2026-11-01T06:00Z") },
  { zone: "Australia/Lord_Howe", around: Date.parse("2026-04-04T15:00Z") },
  { zone: "Australia/Lord_Howe", around: Date.parse("2026-10-03T15:30Z") },
  { zone: "America/Santiago", around: Date.parse("2026-04-05T03:00Z") },
  { zone: "America/Santiago", around: Date.parse("2026-09-06T04:00Z") },
  { zone: "Pacific/Apia", around: Date.parse("2011-12-30T10:00Z") },
  { zone: "Asia/Kolkata", around: Date.parse("2026-12-31T18:30Z") },
);

/** Up to two ranges apart, the last perhaps over midnight. */
const ranges: fc.Arbitrary<readonly OpenRange[]> = fc
  .uniqueArray(fc.integer({ min: 0, max: DAY_MINUTES }), { minLength: 0, maxLength: 4 })
  .chain((minutes) => fc.tuple(fc.constant(minutes.sort((a, b) => a - b)), fc.integer({ min: 1, max: 600 })))
  .map(([[a, b, c, d], night]) => {
    const first = a === undefined || b === undefined ? [] : [{ fromMinute: a, toMinute: b }];
    if (c === undefined || c === DAY_MINUTES) return first;
    return [...first, { fromMinute: c, toMinute: d ?? DAY_MINUTES + night }];
  });

const week = fc.tuple(ranges, ranges, ranges, ranges, ranges, ranges, ranges).map((days) => {
  return Object.fromEntries(days.map((day, index) => [index + 1, day]));
});

/** Hours with a date or two of their own among those that the scene is about. */
const situation = scene.chain(({ zone, around }) => {
  const near = [-2, -1, 0, 1].map((days) => DateTime.fromMillis(around, { zone }).plus({ days }).toISODate() ?? "");
  const date = fc.constantFrom(...near, ...near.map((iso) => iso.slice(5)));
  const dates = fc.dictionary(date, fc.oneof(ranges, fc.constant([])), { maxKeys: 2 });
  const hours = fc.record({ timezone: fc.constant(null), week, dates: dates.map((map) => ({ ...map })) });
  const at = fc.integer({ min: -36 * 60 * MINUTE_MS, max: 36 * 60 * MINUTE_MS }).map((ms) => around + ms);
  return fc.record({ zone: fc.constant(zone), around: fc.constant(around), hours, at });
});

/** The plain meaning: look at the wall clock and the calendar, then at the ranges of that day and of the night before. */
function isOpenOnTheWall(hours: Hours, zone: string, at: number): boolean {
  const wall = DateTime.fromMillis(at, { zone });
  const minute = wall.hour * 60 + wall.minute;
  const calendar = DateTime.fromObject({ year: wall.year, month: wall.month, day: wall.day }, { zone: "utc" });
  const dated = datedOn(hours, calendar);
  const today = dated ?? hours.week[calendar.weekday] ?? [];
  if (today.some(({ fromMinute, toMinute }) => fromMinute <= minute && minute < toMinute)) return true;
  if (dated?.length === 0) return false;
  const yesterday = calendar.minus({ days: 1 });
  const night = datedOn(hours, yesterday) ?? hours.week[yesterday.weekday] ?? [];
  return night.some(({ toMinute }) => minute + DAY_MINUTES < toMinute);
}

function datedOn({ dates }: Hours, day: DateTime): readonly OpenRange[] | undefined {
  return dates[day.toFormat("yyyy-MM-dd")] ?? dates[day.toFormat("MM-dd")];
}

it("is open whenever the wall clock stands in a range, minute by minute", () => {
  fc.assert(
    fc.property(situation, ({ hours, zone, around }) => {
      const minutes = Array.from({ length: 12 * 60 }, (_, index) => around + (index - 6 * 60) * MINUTE_MS);
      const wrong = minutes.filter((at) => isOpen(hours, zone, at) !== isOpenOnTheWall(hours, zone, at));
      expect(wrong.map((at) => DateTime.fromMillis(at, { zone }).toISO())).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

it("counts every open minute once", () => {
  fc.assert(
    fc.property(situation, ({ hours, zone, around }) => {
      const minutes = Array.from({ length: 12 * 60 }, (_, index) => around + (index - 6 * 60) * MINUTE_MS);
      const open = minutes.filter((at) => isOpenOnTheWall(hours, zone, at)).length;
      const [from, to] = [around - 6 * 60 * MINUTE_MS, around + 6 * 60 * MINUTE_MS];
      expect(openTimeBetween(hours, zone, from, to)).toBe(open * MINUTE_MS);
    }),
    { numRuns: 30 },
  );
});

it("adds open time so that counting it gives the same, and a ms earlier gives less", () => {
  const duration = fc.integer({ min: 1, max: 5 * DAY_MINUTES * MINUTE_MS });
  fc.assert(
    fc.property(situation, duration, ({ hours, zone, at }, durationMs) => {
      const end = addOpenTime(hours, zone, at, durationMs);
      if (end === null) return;
      expect(openTimeBetween(hours, zone, at, end)).toBe(durationMs);
      expect(openTimeBetween(hours, zone, at, end - 1)).toBe(durationMs - 1);
    }),
  );
});

it("opens next at the first open minute after a closed one", () => {
  fc.assert(
    fc.property(situation, ({ hours, zone, at }) => {
      const next = nextOpen(hours, zone, at);
      if (next === null) return;
      expect(next).toBeGreaterThan(at);
      expect([isOpen(hours, zone, next - 1), isOpen(hours, zone, next)]).toEqual([false, true]);
      const closes = closesAt(hours, zone, at) ?? at;
      expect(openTimeBetween(hours, zone, closes, next)).toBe(0);
    }),
  );
});

it("closes at the first closed moment, with no pause before it", () => {
  fc.assert(
    fc.property(situation, ({ hours, zone, at }) => {
      const end = closesAt(hours, zone, at);
      if (!isOpen(hours, zone, at)) expect(end).toBeNull();
      if (end === null) return;
      expect(isOpen(hours, zone, end)).toBe(false);
      expect(openTimeBetween(hours, zone, at, end)).toBe(end - at);
    }),
  );
});

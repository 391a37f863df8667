import fc from "fast-check";
import { DateTime } from "luxon";
import { expect, it } from "vitest";
import { dateOf, datesBetween, isDate, weekdayOf, yearlyOf } from "../../src/language/hours/calendar.ts";

it.each([
  { text: "2026-12-24", known: true },
  { text: "2026-02-29", known: false },
  { text: "2028-02-29", known: true },
  { text: "02-29", known: true },
  { text: "02-30", known: false },
  { text: "2026-12", known: false },
  { text: "2026-12-24T10:00", known: false },
  { text: "", known: false },
])('"$text" is a date: $known', ({ text, known }) => {
  expect(isDate(text)).toBe(known);
});

it.each([
  { first: "2026-12-31", last: "2027-01-01", dates: ["2026-12-31", "2027-01-01"] },
  { first: "2026-12-31", last: "2026-12-31", dates: ["2026-12-31"] },
  { first: "12-31", last: "01-01", dates: ["12-31", "01-01"] },
  { first: "2027-01-01", last: "2026-12-31", dates: null },
  { first: "2026-12-31", last: "01-01", dates: null },
  { first: "2026-12-31", last: "soon", dates: null },
])("from $first to $last there are $dates", ({ first, last, dates }) => {
  expect(datesBetween(first, last)).toEqual(dates);
});

it("has every day of the year once from one day round to the day before, 29 February included", () => {
  expect(new Set(datesBetween("03-01", "02-29")).size).toBe(366);
});

it("knows date and weekday of any day", () => {
  fc.assert(
    fc.property(fc.integer({ min: -40_000, max: 40_000 }), (day) => {
      const moment = DateTime.fromMillis(day * 86_400_000, { zone: "utc" });
      expect(dateOf(day)).toBe(moment.toISODate());
      expect(weekdayOf(day)).toBe(moment.weekday);
      expect(yearlyOf(dateOf(day))).toBe(moment.toFormat("MM-dd"));
    }),
  );
});

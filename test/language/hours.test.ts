import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import { addOpenTime, closesAt, isEverOpen, isOpen, nextOpen } from "../../src/language/hours/hours.ts";
import { parseHours } from "../../src/language/hours/hours-parse.ts";
import type { Hours } from "../../src/types/hours.ts";
import { openTimeBetween } from "./open-time.ts";

const MADRID = "Europe/Madrid";
const NEW_YORK = "America/New_York";
const LORD_HOWE = "Australia/Lord_Howe";
const KOLKATA = "Asia/Kolkata";
const HOUR_MS = 3_600_000;

const OFFICE = {
  "mon-fri": "09:00-13:00, 14:00-18:00",
  sat: "10:00-15:00",
  "2026-12-24": "10:00-14:00",
  closed: ["2026-12-25", "01-01"],
};
const BAR = { "thu-sat": "20:00-02:00", closed: ["2026-11-27"], "2026-11-21": "21:00-24:00" };

function hoursOf(raw: unknown): Hours {
  const { hours, faults } = parseHours(raw);
  expect(faults).toEqual([]);
  return hours;
}

/** A moment as the wall clock shows it: `2026-11-20T09:00+01:00`. */
function shown(at: number | null, zone: string): string | null {
  return at === null ? null : DateTime.fromMillis(at, { zone }).toFormat("yyyy-MM-dd'T'HH:mmZZ");
}

// 20 November 2026 is a Friday.
describe.each([
  { what: "open", raw: OFFICE, at: "2026-11-20T10:00+01:00", open: true, next: "2026-11-20T14:00", until: "13:00" },
  {
    what: "opening moment",
    raw: OFFICE,
    at: "2026-11-20T09:00+01:00",
    open: true,
    next: "2026-11-20T14:00",
    until: "13:00",
  },
  {
    what: "closing moment",
    raw: OFFICE,
    at: "2026-11-20T13:00+01:00",
    open: false,
    next: "2026-11-20T14:00",
    until: null,
  },
  {
    what: "before dawn",
    raw: OFFICE,
    at: "2026-11-20T03:00+01:00",
    open: false,
    next: "2026-11-20T09:00",
    until: null,
  },
  { what: "evening", raw: OFFICE, at: "2026-11-20T19:00+01:00", open: false, next: "2026-11-21T10:00", until: null },
  { what: "Saturday", raw: OFFICE, at: "2026-11-21T14:59+01:00", open: true, next: "2026-11-23T09:00", until: "15:00" },
  { what: "Sunday", raw: OFFICE, at: "2026-11-22T12:00+01:00", open: false, next: "2026-11-23T09:00", until: null },
  {
    what: "special day",
    raw: OFFICE,
    at: "2026-12-24T09:30+01:00",
    open: false,
    next: "2026-12-24T10:00",
    until: null,
  },
  {
    what: "special day open",
    raw: OFFICE,
    at: "2026-12-24T13:30+01:00",
    open: true,
    next: "2026-12-26T10:00",
    until: "14:00",
  },
  {
    what: "closed date",
    raw: OFFICE,
    at: "2026-12-25T10:00+01:00",
    open: false,
    next: "2026-12-26T10:00",
    until: null,
  },
  {
    what: "closed every year",
    raw: OFFICE,
    at: "2031-01-01T10:00+01:00",
    open: false,
    next: "2031-01-02T09:00",
    until: null,
  },
  { what: "night", raw: BAR, at: "2026-11-19T23:00+01:00", open: true, next: "2026-11-20T20:00", until: "02:00" },
  {
    what: "after midnight",
    raw: BAR,
    at: "2026-11-20T01:59+01:00",
    open: true,
    next: "2026-11-20T20:00",
    until: "02:00",
  },
  { what: "after closing", raw: BAR, at: "2026-11-20T02:00+01:00", open: false, next: "2026-11-20T20:00", until: null },
  {
    what: "night into a special day",
    raw: BAR,
    at: "2026-11-21T00:30+01:00",
    open: true,
    next: "2026-11-21T21:00",
    until: "02:00",
  },
  {
    what: "night of a special day",
    raw: BAR,
    at: "2026-11-22T00:30+01:00",
    open: false,
    next: "2026-11-26T20:00",
    until: null,
  },
  {
    what: "night before a closed date",
    raw: BAR,
    at: "2026-11-26T23:00+01:00",
    open: true,
    next: "2026-11-28T20:00",
    until: "00:00",
  },
  {
    what: "night after a closed date",
    raw: BAR,
    at: "2026-11-28T00:30+01:00",
    open: false,
    next: "2026-11-28T20:00",
    until: null,
  },
])("$what ($at)", ({ raw, at, open, next, until }) => {
  const hours = hoursOf(raw);
  const now = Date.parse(at);

  it("is open or closed", () => expect(isOpen(hours, MADRID, now)).toBe(open));

  it("opens next, later than now", () => expect(shown(nextOpen(hours, MADRID, now), MADRID)?.slice(0, 16)).toBe(next));

  it("closes next", () => {
    expect(shown(closesAt(hours, MADRID, now), MADRID)?.slice(11, 16) ?? null).toBe(until);
  });
});

describe("hours that adjoin", () => {
  const weekend = hoursOf({ fri: "20:00-24:00", sat: "00:00-06:00, 06:00-12:00" });

  it("are one: they close at the end of the last", () => {
    expect(shown(closesAt(weekend, MADRID, Date.parse("2026-11-20T21:00+01:00")), MADRID)).toBe(
      "2026-11-21T12:00+01:00",
    );
  });

  it("do not open again in between", () => {
    expect(shown(nextOpen(weekend, MADRID, Date.parse("2026-11-20T21:00+01:00")), MADRID)).toBe(
      "2026-11-27T20:00+01:00",
    );
  });
});

describe("hours round the clock", () => {
  const always = hoursOf({ daily: "00:00-24:00" });
  const now = Date.parse("2026-03-28T12:00+01:00");

  it("are open through the change of clocks, never close and never open", () => {
    expect(isOpen(always, MADRID, now)).toBe(true);
    expect(closesAt(always, MADRID, now)).toBeNull();
    expect(nextOpen(always, MADRID, now)).toBeNull();
    expect(addOpenTime(always, MADRID, now, 48 * HOUR_MS)).toBe(now + 48 * HOUR_MS);
    expect(openTimeBetween(always, MADRID, now, now + 48 * HOUR_MS)).toBe(48 * HOUR_MS);
  });
});

describe("hours that never open", () => {
  const never = hoursOf({ daily: "closed" });

  it("answer null instead of looking for ever", () => {
    expect(isOpen(never, MADRID, 0)).toBe(false);
    expect(nextOpen(never, MADRID, 0)).toBeNull();
    expect(closesAt(never, MADRID, 0)).toBeNull();
    expect(addOpenTime(never, MADRID, 0, 1)).toBeNull();
    expect(openTimeBetween(never, MADRID, 0, 400 * 24 * HOUR_MS)).toBe(0);
    expect(isEverOpen(never)).toBe(false);
  });

  it("are others than hours with one day of the year", () => {
    const fair = hoursOf({ "11-20": "10:00-12:00" });
    expect(isEverOpen(fair)).toBe(true);
    expect(shown(nextOpen(fair, MADRID, Date.parse("2026-11-20T12:00+01:00")), MADRID)).toBe("2027-11-20T10:00+01:00");
  });
});

describe("a date", () => {
  const hours = hoursOf({ daily: "09:00-18:00", "12-24": "09:00-12:00", "2026-12-24": "09:00-15:00" });

  it.each([
    { at: "2026-12-24T14:00+01:00", open: true },
    { at: "2027-12-24T14:00+01:00", open: false },
    { at: "2027-12-23T14:00+01:00", open: true },
  ])("of one year counts before one of every year, and both before the weekday: $at is $open", ({ at, open }) => {
    expect(isOpen(hours, MADRID, Date.parse(at))).toBe(open);
  });
});

describe("the zone", () => {
  const at = Date.parse("2026-11-20T08:30Z");

  it.each([
    { zone: MADRID, open: true },
    { zone: "Europe/London", open: false },
  ])("of the account counts: at 08:30 UTC it is $open in $zone", ({ zone, open }) => {
    expect(isOpen(hoursOf(OFFICE), zone, at)).toBe(open);
  });

  it("of the hours counts before the account's", () => {
    expect(isOpen(hoursOf({ ...OFFICE, timezone: MADRID }), "Europe/London", at)).toBe(true);
  });
});

describe("counting open time", () => {
  it.each([
    { from: "2026-11-20T12:00+01:00", hours: 1, until: "2026-11-20T13:00+01:00" },
    { from: "2026-11-20T12:00+01:00", hours: 2, until: "2026-11-20T15:00+01:00" },
    { from: "2026-11-20T13:30+01:00", hours: 1, until: "2026-11-20T15:00+01:00" },
    { from: "2026-11-20T17:00+01:00", hours: 3, until: "2026-11-21T12:00+01:00" },
    { from: "2026-11-21T14:00+01:00", hours: 2, until: "2026-11-23T10:00+01:00" },
    { from: "2026-11-22T14:00+01:00", hours: 0, until: "2026-11-22T14:00+01:00" },
    { from: "2026-12-24T13:00+01:00", hours: 6, until: "2026-12-26T15:00+01:00" },
  ])("$hours h from $from are over at $until", ({ from, hours, until }) => {
    const office = hoursOf(OFFICE);
    const end = addOpenTime(office, MADRID, Date.parse(from), hours * HOUR_MS);
    expect(shown(end, MADRID)).toBe(until);
    expect(openTimeBetween(office, MADRID, Date.parse(from), Date.parse(until))).toBe(hours * HOUR_MS);
  });

  it("gives no moment further away than 400 days", () => {
    const weekly = hoursOf({ mon: "09:00-10:00" });
    const from = Date.parse("2026-11-20T12:00+01:00");
    expect(addOpenTime(weekly, MADRID, from, 57 * HOUR_MS)).toBe(Date.parse("2027-12-20T10:00+01:00"));
    expect(addOpenTime(weekly, MADRID, from, 58 * HOUR_MS)).toBeNull();
  });

  it("counts no time backwards", () => {
    const from = Date.parse("2026-11-20T12:00+01:00");
    expect(openTimeBetween(hoursOf(OFFICE), MADRID, from, from - HOUR_MS)).toBe(0);
    expect(addOpenTime(hoursOf(OFFICE), MADRID, from, -HOUR_MS)).toBe(from);
  });
});

/** Madrid skips 02:00-03:00 on 29 March and repeats it on 25 October; New York skips on 8 March and repeats 01:00-02:00 on
 *  1 November; Lord Howe repeats 01:30-02:00 on 5 April and skips 02:00-02:30 on 4 October; Kolkata never changes. */
describe("when the clocks change", () => {
  it.each([
    { zone: MADRID, day: "2026-03-29", range: "00:00-24:00", openMinutes: 23 * 60 },
    { zone: MADRID, day: "2026-03-29", range: "02:00-03:00", openMinutes: 0 },
    { zone: MADRID, day: "2026-03-29", range: "02:15-02:45", openMinutes: 0 },
    { zone: MADRID, day: "2026-03-29", range: "01:30-02:30", openMinutes: 30 },
    { zone: MADRID, day: "2026-03-29", range: "02:30-03:30", openMinutes: 30 },
    { zone: MADRID, day: "2026-03-29", range: "09:00-18:00", openMinutes: 9 * 60 },
    { zone: MADRID, day: "2026-10-25", range: "00:00-24:00", openMinutes: 25 * 60 },
    { zone: MADRID, day: "2026-10-25", range: "02:00-03:00", openMinutes: 120 },
    { zone: MADRID, day: "2026-10-25", range: "02:15-02:45", openMinutes: 60 },
    { zone: MADRID, day: "2026-10-25", range: "01:30-02:30", openMinutes: 90 },
    { zone: MADRID, day: "2026-10-25", range: "22:00-02:30", openMinutes: 120 },
    { zone: NEW_YORK, day: "2026-03-08", range: "01:00-04:00", openMinutes: 120 },
    { zone: NEW_YORK, day: "2026-11-01", range: "01:00-02:00", openMinutes: 120 },
    { zone: NEW_YORK, day: "2026-11-01", range: "09:00-17:00", openMinutes: 8 * 60 },
    { zone: LORD_HOWE, day: "2026-04-05", range: "01:00-03:00", openMinutes: 150 },
    { zone: LORD_HOWE, day: "2026-04-05", range: "01:30-01:45", openMinutes: 30 },
    { zone: LORD_HOWE, day: "2026-10-04", range: "01:00-03:00", openMinutes: 90 },
    { zone: LORD_HOWE, day: "2026-10-04", range: "02:00-02:30", openMinutes: 0 },
    { zone: KOLKATA, day: "2026-03-29", range: "00:00-24:00", openMinutes: 24 * 60 },
    { zone: KOLKATA, day: "2026-10-25", range: "01:30-02:30", openMinutes: 60 },
  ])("$range on $day in $zone is open for $openMinutes minutes", ({ zone, day, range, openMinutes }) => {
    const [from, to] = [0, 1].map((days) => DateTime.fromISO(day, { zone }).plus({ days }).toMillis());
    expect(openTimeBetween(hoursOf({ [day]: range }), zone, from ?? 0, to ?? 0)).toBe(openMinutes * 60_000);
  });

  it.each([
    // A night into the long and the short day: seven hours on the wall.
    { raw: { sat: "20:00-03:00" }, at: "2026-03-28T21:00+01:00", until: "2026-03-29T03:00+02:00", openHours: 5 },
    { raw: { sat: "20:00-03:00" }, at: "2026-10-24T21:00+02:00", until: "2026-10-25T03:00+01:00", openHours: 7 },
    // The end stands in the hour that is skipped: it is then that the clock jumps.
    { raw: { sat: "20:00-02:30" }, at: "2026-03-28T21:00+01:00", until: "2026-03-29T03:00+02:00", openHours: 5 },
    // The end stands in the hour that is repeated: at its first coming.
    { raw: { sat: "20:00-02:30" }, at: "2026-10-24T21:00+02:00", until: "2026-10-25T02:30+02:00", openHours: 5.5 },
  ])("$raw, open at $at, closes at $until", ({ raw, at, until, openHours }) => {
    const end = closesAt(hoursOf(raw), MADRID, Date.parse(at));
    expect(shown(end, MADRID)).toBe(until);
    expect((end ?? 0) - Date.parse(at)).toBe(openHours * HOUR_MS);
  });

  it.each([
    { raw: { sun: "02:30-12:00" }, at: "2026-03-28T12:00+01:00", next: "2026-03-29T03:00+02:00" },
    { raw: { sun: "02:15-02:45" }, at: "2026-03-28T12:00+01:00", next: "2026-04-05T02:15+02:00" },
    { raw: { sun: "02:15-02:45" }, at: "2026-10-25T02:15+02:00", next: "2026-10-25T02:15+01:00" },
    { raw: { daily: "09:00-18:00" }, at: "2026-03-28T20:00+01:00", next: "2026-03-29T09:00+02:00" },
    { raw: { daily: "09:00-18:00" }, at: "2026-10-24T20:00+02:00", next: "2026-10-25T09:00+01:00" },
  ])("$raw, asked at $at, opens next at $next", ({ raw, at, next }) => {
    expect(shown(nextOpen(hoursOf(raw), MADRID, Date.parse(at)), MADRID)).toBe(next);
  });

  it("counts what has passed, not what the wall says", () => {
    const daily = hoursOf({ daily: "00:00-04:00" });
    const spring = addOpenTime(daily, MADRID, Date.parse("2026-03-29T00:00+01:00"), 3 * HOUR_MS);
    const autumn = addOpenTime(daily, MADRID, Date.parse("2026-10-25T00:00+02:00"), 3 * HOUR_MS);
    expect(shown(spring, MADRID)).toBe("2026-03-29T04:00+02:00");
    expect(shown(autumn, MADRID)).toBe("2026-10-25T02:00+01:00");
  });
});

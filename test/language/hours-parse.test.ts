import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseHours } from "../../src/language/hours/hours-parse.ts";
import { formatRange, readRanges } from "../../src/language/hours/time-range.ts";

const NINE_TO_SIX = [{ fromMinute: 540, toMinute: 1080 }];

describe("the hours of the specification", () => {
  const raw = { "mon-fri": "09:00-13:00, 14:00-18:00", sat: "10:00-15:00", closed: ["2027-01-01"] };

  it("are read as plain data", () => {
    const weekday = [
      { fromMinute: 540, toMinute: 780 },
      { fromMinute: 840, toMinute: 1080 },
    ];
    const saturday = [{ fromMinute: 600, toMinute: 900 }];
    const week = { 1: weekday, 2: weekday, 3: weekday, 4: weekday, 5: weekday, 6: saturday };
    expect(parseHours(raw)).toEqual({ hours: { timezone: null, week, dates: { "2027-01-01": [] } }, faults: [] });
  });

  it("survive being stored", () => {
    const { hours } = parseHours(raw);
    expect(JSON.parse(JSON.stringify(hours))).toEqual(hours);
  });
});

it.each([
  { key: "mon", days: [1] },
  { key: "Mon", days: [1] },
  { key: "mon-fri", days: [1, 2, 3, 4, 5] },
  { key: "mon – fri", days: [1, 2, 3, 4, 5] },
  { key: "sat-mon", days: [6, 7, 1] },
  { key: "sun-sat", days: [7, 1, 2, 3, 4, 5, 6] },
  { key: "mon, wed", days: [1, 3] },
  { key: "mon-tue, sat", days: [1, 2, 6] },
  { key: "daily", days: [1, 2, 3, 4, 5, 6, 7] },
])("$key means the days $days", ({ key, days }) => {
  const { hours, faults } = parseHours({ [key]: "09:00-18:00" });
  expect(faults).toEqual([]);
  expect(hours.week).toEqual(Object.fromEntries(days.map((day) => [day, NINE_TO_SIX])));
});

it.each([
  { key: "2026-12-24", dates: ["2026-12-24"] },
  { key: "12-24", dates: ["12-24"] },
  { key: "02-29", dates: ["02-29"] },
  { key: "2026-12-30 - 2027-01-01", dates: ["2026-12-30", "2026-12-31", "2027-01-01"] },
  { key: "12-31 – 01-02", dates: ["12-31", "01-01", "01-02"] },
  { key: "02-28 - 03-01", dates: ["02-28", "02-29", "03-01"] },
  { key: "2026-12-24, 2026-12-31", dates: ["2026-12-24", "2026-12-31"] },
])("$key means the dates $dates, open or closed", ({ key, dates }) => {
  const open = parseHours({ mon: "09:00-18:00", [key]: "09:00-18:00" });
  const closed = parseHours({ mon: "09:00-18:00", closed: key.split(", ") });
  expect([...open.faults, ...closed.faults]).toEqual([]);
  expect(open.hours.dates).toEqual(Object.fromEntries(dates.map((date) => [date, NINE_TO_SIX])));
  expect(closed.hours.dates).toEqual(Object.fromEntries(dates.map((date) => [date, []])));
});

it.each([
  { text: "09:00-18:00", ranges: [[540, 1080]] },
  { text: "9:00 - 18:00", ranges: [[540, 1080]] },
  { text: "09:00–18:00", ranges: [[540, 1080]] },
  {
    text: "14:00-18:00,09:00-13:00",
    ranges: [
      [540, 780],
      [840, 1080],
    ],
  },
  {
    text: "09:00-13:00, 13:00-18:00",
    ranges: [
      [540, 780],
      [780, 1080],
    ],
  },
  { text: "22:00-02:00", ranges: [[1320, 1560]] },
  { text: "22:00-00:00", ranges: [[1320, 1440]] },
  { text: "00:00-24:00", ranges: [[0, 1440]] },
  {
    text: "00:00-02:00, 20:00-24:00",
    ranges: [
      [0, 120],
      [1200, 1440],
    ],
  },
  { text: "closed", ranges: [] },
])("$text means the minutes $ranges", ({ text, ranges }) => {
  const { hours, faults } = parseHours({ daily: text });
  expect(faults).toEqual([]);
  expect(hours.week[1]).toEqual(ranges.map(([fromMinute, toMinute]) => ({ fromMinute, toMinute })));
});

it("takes a zone of its own", () => {
  expect(parseHours({ daily: "09:00-18:00", timezone: "America/New_York" }).hours.timezone).toBe("America/New_York");
});

it("takes one closed date without a list", () => {
  expect(parseHours({ daily: "09:00-18:00", closed: "2027-01-01" }).hours.dates).toEqual({ "2027-01-01": [] });
});

const DAYS_FIX = "days are mon tue wed thu fri sat sun, mon-fri, daily, or dates such as 2026-12-24";
const DATE_FIX = "write 2026-12-24, 12-24 (month and day, every year) or 2026-12-24 - 2026-12-26";
const RANGE_FIX = 'write "09:00-18:00", "09:00-13:00, 14:00-18:00" or closed';
const TIME_FIX = "hours begin between 00:00 and 23:59 and end at 24:00 at the latest; 22:00-02:00 goes over midnight";
const TWICE_FIX = "leave each day in one place; several times of a day stand in one text with commas";
const OVERLAP_FIX = "make them one, or let one end where the next begins";

interface Row {
  readonly raw: unknown;
  readonly path: readonly (string | number)[];
  readonly cause: string;
  readonly fix: string;
}

const FAULTS: readonly { readonly what: string; readonly rows: readonly Row[] }[] = [
  {
    what: "days with another name",
    rows: [
      {
        raw: { monday: "09:00-18:00" },
        path: ["monday"],
        cause: 'I do not know the day "monday".',
        fix: "did you mean mon?",
      },
      {
        raw: { "tus-fri": "09:00-18:00" },
        path: ["tus-fri"],
        cause: 'I do not know the day "tus".',
        fix: "did you mean tue?",
      },
      {
        raw: { lunes: "09:00-18:00" },
        path: ["lunes"],
        cause: 'I do not know the day "lunes".',
        fix: "did you mean mon?",
      },
      { raw: { сб: "09:00-18:00" }, path: ["сб"], cause: 'I do not know the day "сб".', fix: "did you mean sat?" },
      {
        raw: { weekdays: "09:00-18:00" },
        path: ["weekdays"],
        cause: 'I do not know the day "weekdays".',
        fix: "did you mean mon-fri?",
      },
      {
        raw: { dayly: "09:00-18:00" },
        path: ["dayly"],
        cause: 'I do not know the day "dayly".',
        fix: "did you mean daily?",
      },
      {
        raw: { holidays: "09:00-18:00" },
        path: ["holidays"],
        cause: 'I do not know the day "holidays".',
        fix: DAYS_FIX,
      },
      {
        raw: { "mon-wed-fri": "09:00-18:00" },
        path: ["mon-wed-fri"],
        cause: 'I do not know the day "mon-wed-fri".',
        fix: DAYS_FIX,
      },
      { raw: { "mon,": "09:00-18:00" }, path: ["mon,"], cause: 'I do not know the day "".', fix: DAYS_FIX },
    ],
  },
  {
    what: "dates that are none",
    rows: [
      {
        raw: { "2026-02-30": "closed" },
        path: ["2026-02-30"],
        cause: "There is no day 2026-02-30 in the calendar.",
        fix: "dates are year-month-day, or month-day",
      },
      {
        raw: { mon: "closed", closed: ["25-12"] },
        path: ["closed", 0],
        cause: "There is no day 25-12 in the calendar.",
        fix: "dates are year-month-day, or month-day",
      },
      {
        raw: { mon: "closed", closed: ["12-24", "24.12.2026"] },
        path: ["closed", 1],
        cause: '"24.12.2026" is not a date.',
        fix: "did you mean 2026-12-24?",
      },
      { raw: { "25/12": "closed" }, path: ["25/12"], cause: '"25/12" is not a date.', fix: "did you mean 12-25?" },
      {
        raw: { "2027-1-1": "closed" },
        path: ["2027-1-1"],
        cause: '"2027-1-1" is not a date.',
        fix: "did you mean 2027-01-01?",
      },
      {
        raw: { mon: "closed", closed: ["Christmas"] },
        path: ["closed", 0],
        cause: '"Christmas" is not a date.',
        fix: DATE_FIX,
      },
      {
        raw: { mon: "closed", closed: [20270101] },
        path: ["closed", 0],
        cause: '"20270101" is not a date.',
        fix: DATE_FIX,
      },
      { raw: { mon: "closed", closed: "sun" }, path: ["closed"], cause: '"sun" is not a date.', fix: DATE_FIX },
      {
        raw: { mon: "closed", closed: ["2026-12-26 - 2026-12-24"] },
        path: ["closed", 0],
        cause: '"2026-12-26 - 2026-12-24" ends before it begins.',
        fix: "swap the two dates",
      },
      {
        raw: { mon: "closed", closed: ["2026-12-24 - 12-26"] },
        path: ["closed", 0],
        cause: 'In "2026-12-24 - 12-26" one date has a year and the other has none.',
        fix: "write the year in both, or in neither",
      },
      {
        raw: { mon: "closed", closed: ["2026-12-24 - 2036-12-26"] },
        path: ["closed", 0],
        cause: '"2026-12-24 - 2036-12-26" is longer than 366 days.',
        fix: "check the years",
      },
    ],
  },
  {
    what: "impossible times",
    rows: [
      {
        raw: { mon: "09:00-25:00" },
        path: ["mon"],
        cause: "25:00 is not a time at which hours can begin or end here.",
        fix: TIME_FIX,
      },
      {
        raw: { mon: "09:60-18:00" },
        path: ["mon"],
        cause: "09:60 is not a time at which hours can begin or end here.",
        fix: TIME_FIX,
      },
      {
        raw: { mon: "24:00-02:00" },
        path: ["mon"],
        cause: "24:00 is not a time at which hours can begin or end here.",
        fix: TIME_FIX,
      },
      {
        raw: { mon: "20:00-24:30" },
        path: ["mon"],
        cause: "24:30 is not a time at which hours can begin or end here.",
        fix: TIME_FIX,
      },
      {
        raw: { mon: "09:00-09:00" },
        path: ["mon"],
        cause: '"09:00-09:00" begins and ends at the same time.',
        fix: "for the whole day write 00:00-24:00; for none write closed",
      },
      {
        raw: { mon: "9-18" },
        path: ["mon"],
        cause: '"9-18" does not say from when to when.',
        fix: "did you mean 09:00-18:00?",
      },
      {
        raw: { mon: "9.30 to 18.00" },
        path: ["mon"],
        cause: '"9.30 to 18.00" does not say from when to when.',
        fix: "did you mean 09:30-18:00?",
      },
      {
        raw: { mon: "close" },
        path: ["mon"],
        cause: '"close" does not say from when to when.',
        fix: "did you mean closed?",
      },
      { raw: { mon: "09:00-13:00," }, path: ["mon"], cause: '"" does not say from when to when.', fix: RANGE_FIX },
      { raw: { mon: "9am-6pm" }, path: ["mon"], cause: '"9am-6pm" does not say from when to when.', fix: RANGE_FIX },
    ],
  },
  {
    what: "overlaps",
    rows: [
      {
        raw: { mon: "09:00-14:00, 13:00-18:00" },
        path: ["mon"],
        cause: 'In "09:00-14:00, 13:00-18:00" 13:00-18:00 begins before the one before it has ended.',
        fix: OVERLAP_FIX,
      },
      {
        raw: { mon: "23:00-23:30, 22:00-02:00" },
        path: ["mon"],
        cause: 'In "23:00-23:30, 22:00-02:00" 23:00-23:30 begins before the one before it has ended.',
        fix: OVERLAP_FIX,
      },
      {
        raw: { sun: "22:00-04:00", mon: "03:00-08:00" },
        path: ["mon"],
        cause: "22:00-04:00 of sun goes on after midnight, and 03:00-08:00 of mon begins before it has ended.",
        fix: "end the first at 24:00, or begin the second later",
      },
      {
        raw: { daily: "06:00-10:00, 22:00-07:00" },
        path: ["daily"],
        cause: "22:00-07:00 of mon goes on after midnight, and 06:00-10:00 of tue begins before it has ended.",
        fix: "end the first at 24:00, or begin the second later",
      },
    ],
  },
  {
    what: "days given twice",
    rows: [
      {
        raw: { "mon-fri": "09:00-18:00", wed: "10:00-12:00" },
        path: ["wed"],
        cause: 'wed is given twice: it stands in "mon-fri" already.',
        fix: TWICE_FIX,
      },
      {
        raw: { daily: "09:00-18:00", "sat-sun": "closed" },
        path: ["sat-sun"],
        cause: 'sat is given twice: it stands in "daily" already.',
        fix: TWICE_FIX,
      },
      {
        raw: { "mon, mon": "09:00-18:00" },
        path: ["mon, mon"],
        cause: 'mon is given twice: it stands in "mon, mon" already.',
        fix: TWICE_FIX,
      },
      {
        raw: { mon: "closed", "2026-12-24": "09:00-12:00", closed: ["2026-12-23 - 2026-12-26"] },
        path: ["closed", 0],
        cause: '2026-12-24 is given twice: it stands in "2026-12-24" already.',
        fix: TWICE_FIX,
      },
      {
        raw: { mon: "closed", closed: ["12-25", "12-24 - 12-26"] },
        path: ["closed", 1],
        cause: '12-25 is given twice: it stands in "closed" already.',
        fix: TWICE_FIX,
      },
    ],
  },
  {
    what: "everything else",
    rows: [
      {
        raw: { mon: "09:00-18:00", timezone: "Madrid" },
        path: ["timezone"],
        cause: 'There is no time zone "Madrid".',
        fix: "did you mean Europe/Madrid?",
      },
      {
        raw: { mon: "09:00-18:00", timezone: "+03:00" },
        path: ["timezone"],
        cause: 'There is no time zone "+03:00".',
        fix: "write it like Europe/Madrid",
      },
      {
        raw: {},
        path: [],
        cause: "These hours have no open day.",
        fix: 'add days with their times: mon-fri: "09:00-18:00"',
      },
      {
        raw: { closed: ["12-25"] },
        path: [],
        cause: "These hours have no open day.",
        fix: 'add days with their times: mon-fri: "09:00-18:00"',
      },
      {
        raw: { sun: "closed" },
        path: [],
        cause: "These hours have no open day.",
        fix: 'add days with their times: mon-fri: "09:00-18:00"',
      },
      {
        raw: { mon: 9 },
        path: ["mon"],
        cause: "These are not opening hours.",
        fix: 'write days with their times: mon-fri: "09:00-18:00"',
      },
      {
        raw: "always",
        path: [],
        cause: "These are not opening hours.",
        fix: 'write days with their times: mon-fri: "09:00-18:00"',
      },
      {
        raw: null,
        path: [],
        cause: "These are not opening hours.",
        fix: 'write days with their times: mon-fri: "09:00-18:00"',
      },
    ],
  },
];

describe.each(FAULTS)("$what", ({ rows }) => {
  it.each(rows)("$raw: $cause", ({ raw, path, cause, fix }) => {
    const told = parseHours(raw).faults.map((fault) => [fault.path, fault.cause.en, fault.fix?.en]);
    expect(told).toEqual([[path, cause, fix]]);
  });
});

it("finds every fault at once and keeps what can be read", () => {
  const { hours, faults } = parseHours({ monday: "9-18", tue: "09:00-18:00", closed: ["x", "2027-01-01"] });
  expect(faults.map(({ code, path }) => `${path.join(".")} ${code}`)).toEqual([
    "monday hours-unknown-day",
    "monday hours-not-a-range",
    "closed.0 hours-not-a-date",
  ]);
  expect(hours).toEqual({ timezone: null, week: { 2: NINE_TO_SIX }, dates: { "2027-01-01": [] } });
});

it("says it in the three languages of the staff", () => {
  const [fault] = parseHours({ "mon-fri": "09:00-18:00", wed: "closed" }).faults;
  expect(fault?.cause.es).toBe('wed aparece dos veces: ya está en "mon-fri".');
  expect(fault?.cause.ru).toBe('wed указан дважды: он уже есть в "mon-fri".');
});

it.each(FAULTS.flatMap(({ rows }) => rows))(
  "$raw: causes end with a full stop, fixes go on after the underlined words",
  ({ raw }) => {
    for (const { cause, fix } of parseHours(raw).faults) {
      for (const sentence of Object.values(cause)) expect(sentence).toMatch(/[.]$/u);
      for (const sentence of Object.values(fix ?? {})) expect(sentence).toMatch(/^[^A-ZА-Я].*[^.]$/u);
    }
  },
);

it("reads back what it writes", () => {
  const minute = fc.integer({ min: 0, max: 1439 });
  fc.assert(
    fc.property(minute, fc.integer({ min: 1, max: 1439 }), (fromMinute, length) => {
      const range = { fromMinute, toMinute: fromMinute + length };
      expect(readRanges(formatRange(range))).toEqual({ value: [range] });
    }),
  );
});

it("never throws, whatever is written", () => {
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[0-9:,. -]{0,20}$/));
  fc.assert(
    fc.property(fc.dictionary(text, fc.oneof(text, fc.array(text), fc.jsonValue())), (raw) => {
      expect(parseHours(raw).hours.timezone).toBeNull();
    }),
  );
});

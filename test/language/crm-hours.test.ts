import { describe, expect, it } from "vitest";
import { crmHours } from "../../src/language/hours/crm-hours.ts";
import { isEverOpen, isOpen } from "../../src/language/hours/hours.ts";

describe("the answer of the CRM", () => {
  const settings = {
    timezone: { value: "Europe/Berlin", updated_at: "2026-05-02 14:54:16" },
    work_times: [
      {
        day_type: "Monday",
        start_time: "09:00",
        end_time: "18:00",
        lunch_start_time: "13:00",
        lunch_end_time: "14:00",
      },
      { day_type: "Saturday", start_time: "10:00", end_time: "15:00" },
    ],
    non_working_days: [{ start_date: "12.25", end_date: "12.26" }],
  };

  it("is read as plain data, lunch left out", () => {
    expect(crmHours(settings)).toEqual({
      timezone: "Europe/Berlin",
      week: {
        1: [
          { fromMinute: 540, toMinute: 780 },
          { fromMinute: 840, toMinute: 1080 },
        ],
        6: [{ fromMinute: 600, toMinute: 900 }],
      },
      dates: { "12-25": [], "12-26": [] },
    });
  });

  it("counts in the zone of the CRM", () => {
    const monday = Date.parse("2026-11-23T09:00+01:00");
    expect(isOpen(crmHours(settings), "America/New_York", monday)).toBe(true);
  });
});

const DAY = { day_type: "Monday", start_time: "09:00", end_time: "18:00" };

it.each([
  { row: DAY, ranges: [[540, 1080]] },
  { row: { ...DAY, day_type: "mon" }, ranges: [[540, 1080]] },
  { row: { ...DAY, start_time: "09:00:00", end_time: "18:00:00" }, ranges: [[540, 1080]] },
  { row: { ...DAY, lunch_start_time: "13:00", lunch_end_time: null }, ranges: [[540, 1080]] },
  { row: { ...DAY, lunch_start_time: "13:00", lunch_end_time: "13:00" }, ranges: [[540, 1080]] },
  { row: { ...DAY, lunch_start_time: "14:00", lunch_end_time: "13:00" }, ranges: [[540, 1080]] },
  { row: { ...DAY, lunch_start_time: "19:00", lunch_end_time: "20:00" }, ranges: [[540, 1080]] },
  { row: { ...DAY, lunch_start_time: "09:00", lunch_end_time: "10:00" }, ranges: [[600, 1080]] },
  { row: { ...DAY, start_time: "00:00", end_time: "00:00" }, ranges: [[0, 1440]] },
  { row: { ...DAY, start_time: "00:00", end_time: "23:59" }, ranges: [[0, 1440]] },
  { row: { ...DAY, start_time: "20:00", end_time: "04:00" }, ranges: [[1200, 1680]] },
  {
    row: { ...DAY, start_time: "20:00", end_time: "04:00", lunch_start_time: "01:00", lunch_end_time: "01:30" },
    ranges: [
      [1200, 1500],
      [1530, 1680],
    ],
  },
  { row: { ...DAY, start_time: "nine" }, ranges: [] },
  { row: { day_type: "Monday" }, ranges: [] },
])("reads $row as $ranges", ({ row, ranges }) => {
  const expected = ranges.map(([fromMinute, toMinute]) => ({ fromMinute, toMinute }));
  expect(crmHours({ work_times: [row] }).week).toEqual({ 1: expected });
});

it("joins the rows of one day in the order of the day", () => {
  const rows = [
    { day_type: "Monday", start_time: "15:00", end_time: "18:00" },
    { day_type: "Monday", start_time: "09:00", end_time: "12:00" },
  ];
  expect(crmHours({ work_times: rows }).week).toEqual({
    1: [
      { fromMinute: 540, toMinute: 720 },
      { fromMinute: 900, toMinute: 1080 },
    ],
  });
});

it.each([
  { row: { start_date: "05.01" }, dates: ["05-01"] },
  { row: { start_date: "12.31", end_date: "01.02" }, dates: ["12-31", "01-01", "01-02"] },
  { row: { start_date: "2026.12.31", end_date: "2027.01.01" }, dates: ["2026-12-31", "2027-01-01"] },
  { row: { start_date: "31.12", end_date: "31.12" }, dates: [] },
  { row: {}, dates: [] },
])("is closed on $dates by $row", ({ row, dates }) => {
  expect(Object.keys(crmHours({ non_working_days: [row] }).dates)).toEqual(dates);
});

it.each([
  { settings: null },
  { settings: {} },
  { settings: [] },
  { settings: "soon" },
  { settings: { timezone: { value: "Mars/Olympus" }, work_times: [], non_working_days: null } },
  { settings: { timezone: [], work_times: [null, 1, { day_type: "Workday", start_time: "09:00" }] } },
])("makes hours that never open of $settings", ({ settings }) => {
  const hours = crmHours(settings);
  expect(hours).toEqual({ timezone: null, week: {}, dates: {} });
  expect(isEverOpen(hours)).toBe(false);
});

it("takes a list that PHP wrote as a map", () => {
  expect(Object.keys(crmHours({ work_times: { 1: DAY } }).week)).toEqual(["1"]);
});

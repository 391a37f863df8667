import { expect, it } from "vitest";
import { isZone, steadySpans, suggestZone } from "../../src/language/hours/zone.ts";

it.each([
  { name: "Europe/Madrid", known: true },
  { name: "UTC", known: true },
  { name: "Madrid", known: false },
  { name: "+01:00", known: false },
  { name: "", known: false },
])('"$name" is a zone: $known', ({ name, known }) => {
  expect(isZone(name)).toBe(known);
});

it.each([
  { name: "Madrid", meant: "Europe/Madrid" },
  { name: "new york", meant: "America/New_York" },
  { name: "Europe/Madird", meant: "Europe/Madrid" },
  { name: "Atlantis", meant: null },
])('"$name" most probably means $meant', ({ name, meant }) => {
  expect(suggestZone(name)).toBe(meant);
});

const HOUR_MS = 3_600_000;

it.each([
  { zone: "Europe/Madrid", day: "2026-03-29", change: "01:00:00.000Z", hours: [1, 2] },
  { zone: "Europe/Madrid", day: "2026-10-25", change: "01:00:00.000Z", hours: [2, 1] },
  { zone: "Australia/Lord_Howe", day: "2026-10-03", change: "15:30:00.000Z", hours: [10.5, 11] },
])("cuts $day in $zone where the clocks change", ({ zone, day, change, hours }) => {
  const spans = [...steadySpans(zone, Date.parse(`${day}T00:00Z`), Date.parse(`${day}T23:00Z`))];
  expect(spans.map(({ offsetMs }) => offsetMs / HOUR_MS)).toEqual(hours);
  expect(spans.map(({ fromMs }) => new Date(fromMs).toISOString().slice(11))).toEqual(["00:00:00.000Z", change]);
});

it("covers a stretch of time without gaps, a week at a time at most", () => {
  const [from, to] = [Date.parse("2026-11-20T10:00Z"), Date.parse("2026-12-05T11:00Z")];
  const spans = [...steadySpans("Asia/Kolkata", from, to)];
  expect(spans.map(({ fromMs, toMs }) => (toMs - fromMs) / HOUR_MS)).toEqual([168, 168, 25]);
  expect([spans[0]?.fromMs, spans.at(-1)?.toMs]).toEqual([from, to]);
});

it("counts a zone that does not exist as UTC", () => {
  expect([...steadySpans("Mars/Olympus", 0, 1)]).toEqual([{ fromMs: 0, toMs: 1, offsetMs: 0 }]);
});

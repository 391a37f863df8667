import { expect, it } from "vitest";
import { readMoment } from "../../src/language/moment.ts";

it.each([
  { value: "2026-11-20T11:55:00Z", iso: "2026-11-20T11:55:00.000Z" },
  { value: "2026-11-20T11:55:00.123456+02:00", iso: "2026-11-20T09:55:00.123Z" },
  { value: "2026-11-20 12:55:00", iso: "2026-11-20T11:55:00.000Z" },
  { value: "2026-11-20", iso: "2026-11-19T23:00:00.000Z" },
  { value: 1_700_000_000, iso: "2023-11-14T22:13:20.000Z" },
  { value: 1_700_000_000_000, iso: "2023-11-14T22:13:20.000Z" },
  { value: "1700000000", iso: "2023-11-14T22:13:20.000Z" },
  { value: "12:55", iso: null },
  { value: "tomorrow", iso: null },
  { value: "2026-13-45", iso: null },
  { value: "", iso: null },
  { value: null, iso: null },
  { value: Number.NaN, iso: null },
  { value: true, iso: null },
])("reads $value in Madrid as $iso", ({ value, iso }) => {
  expect(readMoment(value, "Europe/Madrid")?.toUTC().toISO() ?? null).toBe(iso);
});

it("knows no moment in a zone that does not exist", () => {
  expect(readMoment(0, "Mars/Olympus")).toBeNull();
});

import { expect, it } from "vitest";
import { readTimeZone, TIME_ZONES } from "../../../src/service/pages/time-zones.ts";

it("lists every zone once, UTC first", () => {
  expect(TIME_ZONES[0]).toBe("UTC");
  expect(TIME_ZONES).toContain("Europe/Madrid");
  expect(new Set(TIME_ZONES).size).toBe(TIME_ZONES.length);
});

it.each([
  { typed: "Europe/Madrid", zone: "Europe/Madrid" },
  { typed: " europe/madrid ", zone: "Europe/Madrid" },
  { typed: "America/New York", zone: "America/New_York" },
  { typed: "utc", zone: "UTC" },
  { typed: "Europe/Kiev", zone: readTimeZone("Europe/Kyiv") }, // one zone by two names
  { typed: "US/Eastern", zone: "America/New_York" },
  { typed: "", zone: null },
  { typed: "Madrid", zone: null },
  { typed: "+03:00", zone: null },
  { typed: "Europe/Madrid; DROP TABLE", zone: null },
])("reads $typed as $zone", ({ typed, zone }) => {
  expect(readTimeZone(typed)).toBe(zone);
  if (zone !== null) expect(TIME_ZONES).toContain(zone);
});

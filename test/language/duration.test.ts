import fc from "fast-check";
import { expect, it } from "vitest";
import { formatDuration, parseDuration } from "../../src/language/duration.ts";

it.each([
  { text: "90s", ms: 90_000 },
  { text: "1h30m", ms: 5_400_000 },
  { text: "2d3h4m5s", ms: 183_845_000 },
  { text: "0s", ms: 0 },
  { text: "365d", ms: 31_536_000_000 },
  { text: "366d", ms: null },
  { text: "999999999d", ms: null },
  { text: "10x", ms: null },
  { text: "1.5h", ms: null },
  { text: "", ms: null },
  { text: "10", ms: null },
  { text: "30m1h", ms: null },
  { text: "1h1h", ms: null },
  { text: "1h 30m", ms: null },
  { text: "-5m", ms: null },
  { text: "5M", ms: null },
])("$text is $ms ms", ({ text, ms }) => {
  expect(parseDuration(text)).toBe(ms);
});

it.each([
  { ms: 0, text: "0s" },
  { ms: 90_000, text: "1m30s" },
  { ms: 5_400_000, text: "1h30m" },
  { ms: 86_400_000, text: "1d" },
  { ms: 1999, text: "1s" },
  { ms: -1, text: "0s" },
])("$ms ms is written $text", ({ ms, text }) => {
  expect(formatDuration(ms)).toBe(text);
});

it("reads back every whole second up to a year", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 31_536_000 }), (seconds) => {
      expect(parseDuration(formatDuration(seconds * 1000))).toBe(seconds * 1000);
    }),
  );
});

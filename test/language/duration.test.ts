import fc from "fast-check";
import { expect, it } from "vitest";
import { parseDuration } from "../../src/language/duration.ts";

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

it("adds up days, hours, minutes and seconds", () => {
  const part = fc.integer({ min: 0, max: 80 });
  fc.assert(
    fc.property(part, part, part, part, (d, h, m, s) => {
      expect(parseDuration(`${d}d${h}h${m}m${s}s`)).toBe((((d * 24 + h) * 60 + m) * 60 + s) * 1000);
    }),
  );
});

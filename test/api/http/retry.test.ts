import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ApiError, type ApiErrorKind, type Sent } from "../../../src/api/errors.ts";
import { isRetryable, LONGEST_PAUSE_MS, pauseMs, readRetryAfter } from "../../../src/api/http/retry.ts";

const error = (kind: ApiErrorKind, sent: Sent, status: number | null = null) =>
  new ApiError({ kind, sent, status, message: "GET http://mg.test/bots failed" });

describe("asking whether a call may be sent again", () => {
  it.each([
    { why: "nobody answered the connect", failed: error("unavailable", "no"), again: ["read", "repeatable", "once"] },
    { why: "the connection broke on the way", failed: error("unavailable", "maybe"), again: ["read", "repeatable"] },
    { why: "429", failed: error("limited", "no", 429), again: ["read", "repeatable", "once"] },
    { why: "503 of the API", failed: error("limited", "no", 503), again: ["read", "repeatable", "once"] },
    { why: "503 of a proxy", failed: error("unavailable", "maybe", 503), again: ["read", "repeatable"] },
    { why: "500", failed: error("unavailable", "maybe", 500), again: ["read", "repeatable"] },
    { why: "502", failed: error("unavailable", "maybe", 502), again: ["read", "repeatable"] },
    { why: "504", failed: error("unavailable", "maybe", 504), again: ["read", "repeatable"] },
    { why: "501, which stays as it is", failed: error("unavailable", "maybe", 501), again: [] },
    { why: "400", failed: error("bad_request", "no", 400), again: [] },
    { why: "401", failed: error("refused", "no", 401), again: [] },
    { why: "404", failed: error("not_found", "no", 404), again: [] },
    { why: "a web page", failed: error("not_json", "maybe", 200), again: [] },
    { why: "an answer that cannot be used", failed: error("not_json", "yes", 200), again: [] },
  ])("after $why: $again", ({ failed, again }) => {
    const kinds = (["read", "repeatable", "once"] as const).filter((kind) => isRetryable(failed, kind));
    expect(kinds).toEqual(again);
  });
});

describe("reading Retry-After", () => {
  const now = Date.parse("2026-06-30T08:00:00Z");

  it.each([
    { header: undefined, ms: null },
    { header: "", ms: null },
    { header: "3", ms: 3_000 },
    { header: " 120 ", ms: 120_000 },
    { header: "0", ms: 0 },
    { header: "1.5", ms: 1_500 },
    { header: "-5", ms: 0 },
    { header: "9999999", ms: 300_000 },
    { header: "99999999999999999999999999", ms: 300_000 },
    { header: "Tue, 30 Jun 2026 08:00:07 GMT", ms: 7_000 },
    { header: "Tue, 30 Jun 2026 07:00:00 GMT", ms: 0 },
    { header: "Tue, 30 Jun 2099 08:00:00 GMT", ms: 300_000 },
    { header: "soon", ms: null },
    { header: "3 seconds or so", ms: null },
    { header: "NaN", ms: null },
  ])("$header means $ms ms", ({ header, ms }) => {
    expect(readRetryAfter(header, now)).toBe(ms);
  });

  it("gives null or a span from 0 to 5 minutes, whatever is written there", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String), fc.bigInt().map(String)), (header) => {
        const ms = readRetryAfter(header, now);
        expect(ms === null || (ms >= 0 && ms <= LONGEST_PAUSE_MS)).toBe(true);
      }),
    );
  });
});

describe("the pause before the next attempt", () => {
  it.each([
    { attempt: 1, retryAfterMs: null, random: 0, ms: 500 },
    { attempt: 1, retryAfterMs: null, random: 0.5, ms: 750 },
    { attempt: 2, retryAfterMs: null, random: 0, ms: 1_000 },
    { attempt: 4, retryAfterMs: null, random: 0, ms: 4_000 },
    { attempt: 7, retryAfterMs: null, random: 0, ms: 30_000 },
    { attempt: 50, retryAfterMs: null, random: 0.999, ms: 59_970 },
    { attempt: 5_000, retryAfterMs: null, random: 0, ms: 30_000 },
    { attempt: 1, retryAfterMs: 3_000, random: 0, ms: 3_000 },
    { attempt: 9, retryAfterMs: 3_000, random: 0.5, ms: 3_300 },
    { attempt: 1, retryAfterMs: 300_000, random: 0.9, ms: 300_000 },
    { attempt: 1, retryAfterMs: 0, random: 0, ms: 500 },
  ])("is $ms ms after attempt $attempt when asked for $retryAfterMs", ({ attempt, retryAfterMs, random, ms }) => {
    expect(pauseMs(attempt, retryAfterMs, random)).toBe(ms);
  });
});

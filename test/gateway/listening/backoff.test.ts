import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { afterLoss, backoffMs, type Loss } from "../../../src/gateway/listening/backoff.ts";

const loss = (part: Partial<Loss> = {}): Loss => ({ clean: false, openMs: null, retryAfterMs: null, ...part });

describe("the pause before reconnecting", () => {
  it.each([
    { attempt: 0, random: 0, ms: 500 },
    { attempt: 0, random: 0.5, ms: 750 },
    { attempt: 1, random: 0, ms: 1_000 },
    { attempt: 4, random: 0, ms: 8_000 },
    { attempt: 5, random: 0, ms: 15_000 },
    { attempt: 5, random: 0.5, ms: 22_500 },
    { attempt: 5_000, random: 0.5, ms: 22_500 },
  ])("is $ms ms for attempt $attempt at random $random", ({ attempt, random, ms }) => {
    expect(backoffMs(attempt, random)).toBe(ms);
  });

  it("is never below half a second nor above 30 seconds", () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, random) => {
        const ms = backoffMs(attempt, random);
        expect(ms >= 500 && ms <= 30_000).toBe(true);
      }),
    );
  });
});

describe("after a loss", () => {
  it.each([
    {
      what: "a clean close",
      losses: 0,
      lost: loss({ clean: true, openMs: 5_000 }),
      random: 0,
      next: { losses: 1, pauseMs: 500 },
    },
    {
      what: "a clean close",
      losses: 0,
      lost: loss({ clean: true, openMs: 5_000 }),
      random: 0.5,
      next: { losses: 1, pauseMs: 2_750 },
    },
    {
      what: "a clean close soon after another",
      losses: 1,
      lost: loss({ clean: true, openMs: 1_000 }),
      random: 0,
      next: { losses: 2, pauseMs: 1_000 },
    },
    {
      what: "a cut after a stable minute",
      losses: 6,
      lost: loss({ openMs: 60_000 }),
      random: 0,
      next: { losses: 1, pauseMs: 500 },
    },
    {
      what: "a cut just before it",
      losses: 6,
      lost: loss({ openMs: 59_999 }),
      random: 0,
      next: { losses: 7, pauseMs: 15_000 },
    },
    {
      what: "a clean close after a stable minute",
      losses: 6,
      lost: loss({ clean: true, openMs: 60_000 }),
      random: 0,
      next: { losses: 1, pauseMs: 500 },
    },
    { what: "a dial that failed", losses: 2, lost: loss(), random: 0, next: { losses: 3, pauseMs: 2_000 } },
    {
      what: "a refusal that says when to come back",
      losses: 0,
      lost: loss({ retryAfterMs: 20_000 }),
      random: 0,
      next: { losses: 1, pauseMs: 20_000 },
    },
    {
      what: "the same, some at random on top",
      losses: 0,
      lost: loss({ retryAfterMs: 20_000 }),
      random: 0.5,
      next: { losses: 1, pauseMs: 22_000 },
    },
    {
      what: "one that says too little",
      losses: 5,
      lost: loss({ retryAfterMs: 1 }),
      random: 0,
      next: { losses: 6, pauseMs: 15_000 },
    },
    {
      what: "one that says too much",
      losses: 0,
      lost: loss({ retryAfterMs: 9_999_999 }),
      random: 0.9,
      next: { losses: 1, pauseMs: 300_000 },
    },
  ])("by $what ($losses before, random $random) comes $next", ({ losses, lost, random, next }) => {
    expect(afterLoss(losses, lost, random)).toEqual(next);
  });

  it("fails without the growing pauses: a socket that flaps waits longer and longer, however cleanly it is closed", () => {
    const pauses: number[] = [];
    for (let losses = 0, round = 0; round < 100; round++) {
      const next = afterLoss(losses, loss({ clean: true, openMs: 1_000 }), 0);
      pauses.push(next.pauseMs);
      losses = next.losses;
    }
    expect(pauses.slice(0, 7)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    expect(new Set(pauses.slice(7))).toEqual(new Set([15_000]));
  });
});

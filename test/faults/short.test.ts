import { expect, it } from "vitest";
import { carryOut } from "./lab/carry-out.ts";
import { SCENARIOS } from "./scenarios/index.ts";

/** The short part of `npm run faults`: small extents, always the same seed, and no figure that a busy machine could miss. */
const SHORT = ["F17", "F23", "F32.2", "F32.15", "F40", "F41", "F49"];
const SEED = 7;
const LIMIT_MS = 180_000;

const chosen = SCENARIOS.filter(({ id }) => SHORT.includes(id));

it("has every scenario of the short part", () => {
  expect(chosen.map(({ id }) => id).toSorted()).toEqual(SHORT.toSorted());
});

it("has each scenario once", () => {
  const ids = SCENARIOS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

it.each(chosen)(
  "$id: $title: every figure is reached",
  async (scenario) => {
    const { rows, broke } = await carryOut(scenario, { seed: SEED, short: true });
    expect(broke).toBeNull();
    expect(
      rows.filter(({ ok }) => !ok).map(({ figure, reached, asked }) => `${figure}: ${reached} (${asked})`),
    ).toEqual([]);
  },
  LIMIT_MS,
);

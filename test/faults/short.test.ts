import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { carryOut } from "./lab/carry-out.ts";
import { SCENARIOS } from "./scenarios/index.ts";

/** The short part of `npm run faults`: small extents, always the same seed, and no figure that a busy machine could miss. */
const SHORT = ["F17", "F32.2", "F40", "F41", "F61", "F62", "F64"];
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

/** Rows of the list that no scenario injects, and the test that shows them instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  F25: "test/engine/occasions.test.ts",
  F26: "test/gateway/socket/socket-url.test.ts",
  F50: "test/cli/online.test.ts",
  F51: "test/connection/commands.test.ts",
  F57: "test/store/open.test.ts",
};
const ROWS = 70;

it("injects every row of the list of faults, or a test elsewhere shows it", () => {
  const rows = Array.from({ length: ROWS }, (_, at) => `F${at + 1}`);
  const injected = new Set(SCENARIOS.flatMap(({ faults }) => faults));
  expect(rows.filter((row) => !injected.has(row) && !(row in ELSEWHERE))).toEqual([]);
  expect(Object.values(ELSEWHERE).filter((file) => !existsSync(file))).toEqual([]);
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

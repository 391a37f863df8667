import { expect, it } from "vitest";
import type { Outcome } from "./carry-out.ts";
import { carryOutAtOnce } from "./jobs.ts";
import { atMost, NONE } from "./limit.ts";
import { type Scenario, scenario } from "./scenario.ts";

/** One that no process knows: its own ends at once. */
const unknown = (id: Scenario["id"], more: Partial<Scenario> = {}): Scenario =>
  scenario({
    ...{ id, faults: [id], promise: "P1", title: "not there", asked: { lost: NONE, "found within": atMost(30, "s") } },
    ...more,
    run: async () => ({ extent: "all", reached: { lost: 0, "found within": 1 } }),
  });

const options = (signal: AbortSignal, ended: (outcome: Outcome) => void = () => {}) => ({
  ...{ seed: 7, short: true, jobs: 2, signal, ended },
});

it("says of a scenario whose process ends before its report that it has reached nothing", async () => {
  const [outcome] = await carryOutAtOnce([unknown("F998")], options(new AbortController().signal));
  expect(outcome?.rows.map(({ reached, ok }) => [reached, ok])).toEqual([
    ["not measured", false],
    ["not measured", false],
  ]);
  expect(outcome?.broke?.message).toBe("its process ended with 1");
});

it("begins with the long ones, ends with those that need the machine for themselves, and tells of all in the order of the list", async () => {
  const ended: string[] = [];
  const outcomes = await carryOutAtOnce(
    [unknown("F996", { alone: true }), unknown("F997"), unknown("F998", { long: true })],
    { ...options(new AbortController().signal, ({ scenario: { id } }) => void ended.push(id)), jobs: 1 },
  );
  expect(ended).toEqual(["F998", "F997", "F996"]);
  expect(outcomes.map(({ scenario: { id } }) => id)).toEqual(["F996", "F997", "F998"]);
});

it("begins none once it was asked to stop", async () => {
  expect(await carryOutAtOnce([unknown("F998")], options(AbortSignal.abort()))).toEqual([]);
});

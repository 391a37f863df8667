import { expect, it } from "vitest";
import { carryOut } from "./carry-out.ts";
import { ALL, atMost, exactly, NONE, percent } from "./limit.ts";
import { type Measured, type Scenario, scenario } from "./scenario.ts";
import { table } from "./table.ts";

const made = (run: Scenario["run"]): Scenario =>
  scenario({
    id: "F3",
    faults: ["F3", "F4"],
    promise: "P5",
    title: "a half-open socket",
    asked: { "found within": atMost(30, "s"), lost: NONE },
    run,
  });

const measuring =
  (reached: Measured["reached"]): Scenario["run"] =>
  async () => ({ extent: "20 sockets", reached });

const run = (scenario: Scenario) => carryOut(scenario, { seed: 7, short: true });

it("shows each figure beside the one asked, with the seed, and says which were not reached", async () => {
  const outcome = await run(made(measuring({ "found within": 22.814, lost: 2 })));
  expect(table([{ ...outcome, tookMs: 61_000 }])).toBe(
    [
      "fault  promise  figure        asked   reached  seed",
      "-----  -------  ------------  ------  -------  ----  -----------",
      "F3     P5       found within  ≤ 30 s  22.81 s  7     ok",
      "F3     P5       lost          = 0     2        7     NOT REACHED",
      "",
      "F3  a half-open socket (F3, F4): 20 sockets [61 s]",
      "",
      "1 of 2 figures reached.",
    ].join("\n"),
  );
});

it("counts a figure that could not be measured, and one that was forgotten, as not reached", async () => {
  const { rows } = await run(made(measuring({ "found within": null })));
  expect(rows.map(({ reached, ok }) => [reached, ok])).toEqual([
    ["not measured", false],
    ["not measured", false],
  ]);
});

it("counts all figures of a scenario that broke off as not reached, and says why", async () => {
  const outcome = await run(
    made(async () => {
      throw new Error("the bot ended with 1");
    }),
  );
  expect(outcome.rows.map(({ ok }) => ok)).toEqual([false, false]);
  expect(table([outcome])).toContain("broke off: the bot ended with 1");
});

it("puts everything away, the last opened first, whatever happens, and also when it is stopped from outside", async () => {
  const order: string[] = [];
  const stopping = new AbortController();
  const outcome = await carryOut(
    made((lab) => {
      lab.onTestFinished(async () => void order.push("first"));
      lab.onTestFinished(async () => {
        order.push("second");
        throw new Error("this one does not close");
      });
      stopping.abort(new Error("stopped"));
      return new Promise(() => {});
    }),
    { seed: 7, short: true, signal: stopping.signal },
  );
  expect([order, outcome.broke?.message]).toEqual([["second", "first"], "stopped"]);
});

it("gives the same chance to the same seed", async () => {
  const rolled: number[] = [];
  const rolling = made(async ({ random }) => {
    rolled.push(random.next());
    return { extent: "", reached: {} };
  });
  await run(rolling);
  await run(rolling);
  await carryOut(rolling, { seed: 8, short: true });
  expect(rolled[0]).toBe(rolled[1]);
  expect(rolled[2]).not.toBe(rolled[0]);
});

it.each([
  { limit: atMost(5, "s"), text: "≤ 5 s", good: [0, 5], bad: [5.1, Number.POSITIVE_INFINITY, Number.NaN] },
  { limit: exactly(503), text: "= 503", good: [503], bad: [200] },
  { limit: ALL, text: "= 100 %", good: [100], bad: [99.99] },
])("asks for $text", ({ limit, text, good, bad }) => {
  expect(limit.text).toBe(text);
  expect(good.map(limit.holds)).toEqual(good.map(() => true));
  expect(bad.map(limit.holds)).toEqual(bad.map(() => false));
});

it("never rounds a share up to all of it", () => {
  expect([percent(99_999, 100_000), percent(3, 3), percent(0, 0)]).toEqual([99.99, 100, 100]);
});

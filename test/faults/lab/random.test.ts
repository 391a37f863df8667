import { expect, it } from "vitest";
import { createRandom, seedFor } from "./random.ts";

const many = (seed: number) => Array.from({ length: 1_000 }, createRandom(seed).next);

it("is the same for the same seed, and another for another", () => {
  expect(many(7)).toEqual(many(7));
  expect(many(7)).not.toEqual(many(8));
});

it("stays within its bounds and reaches all of them", () => {
  expect(many(1).every((value) => value >= 0 && value < 1)).toBe(true);
  const random = createRandom(2);
  const rolled = new Set(Array.from({ length: 500 }, () => random.whole(1, 6)));
  expect([...rolled].toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
});

it("shuffles without losing anything", () => {
  const items = Array.from({ length: 50 }, (_, at) => at);
  const shuffled = createRandom(3).shuffled(items);
  expect(shuffled).not.toEqual(items);
  expect(shuffled.toSorted((a, b) => a - b)).toEqual(items);
});

it("gives each scenario a seed of its own, always the same one", () => {
  expect(seedFor(7, "F40")).toBe(seedFor(7, "F40"));
  expect(new Set(["F1", "F2", "F12", "F21"].map((name) => seedFor(7, name))).size).toBe(4);
});

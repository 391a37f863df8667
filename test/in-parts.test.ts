import { expect, it } from "vitest";
import { inParts } from "../src/in-parts.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);

it("does all of it, never more than a part at a time, and gives the results in order", async () => {
  let [running, most] = [0, 0];
  const results = await inParts(numbers(25), 10, async (number) => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    return number * 2;
  });
  expect(results).toEqual(numbers(25).map((number) => number * 2));
  expect(most).toBe(10);
});

it("gives everything else a turn between two parts", async () => {
  const seen: string[] = [];
  setImmediate(() => seen.push("else"));
  await inParts(["one", "two"], 1, async (word) => void seen.push(word));
  expect(seen).toEqual(["one", "else", "two"]);
});

it("begins no further part after a failure", async () => {
  const begun: number[] = [];
  const work = inParts(numbers(10), 2, async (number) => {
    begun.push(number);
    if (number === 3) throw new Error("no more");
  });
  await expect(work).rejects.toThrow("no more");
  expect(begun).toEqual([0, 1, 2, 3]);
});

import { expect, it } from "vitest";
import { boundedCache } from "../../src/language/bounded-cache.ts";

function counting(capacity: number) {
  const made: string[] = [];
  const get = boundedCache(capacity, (source) => {
    if (source === "bad") throw new Error("bad source");
    made.push(source);
    return source.toUpperCase();
  });
  return { made, get };
}

it("makes each thing once", () => {
  const { made, get } = counting(2);
  expect([get("a"), get("a")]).toEqual(["A", "A"]);
  expect(made).toEqual(["a"]);
});

it("forgets what was not used for the longest time", () => {
  const { made, get } = counting(2);
  for (const source of ["a", "b", "a", "c", "a", "b"]) get(source);
  expect(made).toEqual(["a", "b", "c", "b"]);
});

it("does not keep what failed", () => {
  const { made, get } = counting(2);
  expect(() => get("bad")).toThrow("bad source");
  expect(() => get("bad")).toThrow("bad source");
  expect(made).toEqual([]);
});

import { expect, it } from "vitest";
import { readOwn } from "../../src/language/logic/own-values.ts";

const data = { customer: { name: "Marta", tags: ["vip", "new"] }, empty: "", zero: 0, no: false, none: null };

it.each([
  { path: "customer.name", value: "Marta" },
  { path: "customer.tags.1", value: "new" },
  { path: "customer.tags.length", value: 2 },
  { path: "customer.name.length", value: 5 },
  { path: "empty", value: "" },
  { path: "zero", value: 0 },
  { path: "no", value: false },
  { path: "none", value: null },
  { path: "none.deeper", value: null },
  { path: "customer.tags.7", value: null },
  { path: "customer.tags.map", value: null },
  { path: "customer.tags.-1", value: null },
  { path: "constructor", value: null },
  { path: "__proto__", value: null },
  { path: "customer.__proto__.toString", value: null },
  { path: "customer.name.constructor", value: null },
  { path: "customer.name.0", value: null },
  { path: ".", value: null },
])("reads $value at $path", ({ path, value }) => {
  expect(readOwn(data, path)).toEqual(value);
});

it("gives the data itself for the empty path", () => {
  expect(readOwn(data, "")).toBe(data);
  expect(readOwn(undefined, "")).toBeNull();
});

it("reads a property that only the data calls __proto__", () => {
  expect(readOwn(JSON.parse('{"__proto__": {"a": 1}}'), "__proto__.a")).toBe(1);
});

import { expect, it } from "vitest";
import { contains, same, toNumber } from "../../src/language/logic/compare.ts";

it.each([
  { left: "Delivery", right: " delivery ", equal: true },
  { left: "Ñ", right: "n\u0303", equal: true },
  { left: "a", right: "b", equal: false },
  { left: 5, right: "5", equal: true },
  { left: "5.0", right: 5, equal: true },
  { left: "08", right: "8", equal: false },
  { left: 0, right: "", equal: false },
  { left: 0, right: null, equal: false },
  { left: 1, right: true, equal: false },
  { left: true, right: "yes", equal: true },
  { left: "NO", right: false, equal: true },
  { left: "maybe", right: false, equal: false },
  { left: null, right: null, equal: true },
  { left: undefined, right: null, equal: true },
  { left: null, right: "", equal: false },
  { left: null, right: false, equal: false },
  { left: null, right: "null", equal: false },
  { left: ["vip", "new"], right: "VIP", equal: true },
  { left: [], right: "vip", equal: false },
  { left: "vip", right: ["new", "vip"], equal: true },
  { left: {}, right: {}, equal: false },
])("$left is $right: $equal", ({ left, right, equal }) => {
  expect(same(left, right)).toBe(equal);
});

it.each([
  { whole: "I want a Refund", wanted: "refund", has: true },
  { whole: "order 55", wanted: 55, has: true },
  { whole: ["vip", "new"], wanted: "VIP", has: true },
  { whole: ["vip"], wanted: "vi", has: false },
  { whole: "abc", wanted: ["x", "b"], has: true },
  { whole: "abc", wanted: "", has: false },
  { whole: null, wanted: "a", has: false },
  { whole: 155, wanted: 5, has: false },
])("$whole contains $wanted: $has", ({ whole, wanted, has }) => {
  expect(contains(whole, wanted)).toBe(has);
});

it.each([
  { value: 3, number: 3 },
  { value: " -3.5 ", number: -3.5 },
  { value: "", number: null },
  { value: "0x10", number: null },
  { value: "1e3", number: null },
  { value: null, number: null },
  { value: true, number: null },
  { value: [], number: null },
  { value: Number.NaN, number: null },
  { value: "1".repeat(41), number: null },
])("$value counts as $number", ({ value, number }) => {
  expect(toNumber(value)).toBe(number);
});

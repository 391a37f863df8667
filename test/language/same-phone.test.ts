import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digitsOf, phoneEnding, samePhone } from "../../src/language/same-phone.ts";

describe("two texts are one phone number", () => {
  it.each([
    { left: "+34600123456", right: "+34 600 12 34 56", country: null },
    { left: "+34600123456", right: "0034 600 123 456", country: null },
    { left: "+34600123456", right: "34600123456", country: null }, // as messengers write it
    { left: "+34600123456", right: "600-12-34-56", country: null }, // the other's country
    { left: "600 12 34 56", right: "+34600123456", country: "RU" },
    { left: "34600123456", right: "600123456", country: "ES" },
    { left: "+79123456789", right: "8 (912) 345-67-89", country: null },
    { left: "89123456789", right: "9123456789", country: "RU" },
    { left: "79123456789", right: "8 912 345 67 89", country: "RU" },
    { left: "0151 12345678", right: "+4915112345678", country: null },
    { left: "4915112345678", right: "0151 12345678", country: "DE" }, // the left could be a German number without its country
    { left: "+34600123456", right: "+٣٤٦٠٠١٢٣٤٥٦", country: null },
    { left: "+34600123456", right: "＋34 600123456", country: null },
    { left: "555 01 23", right: "5550123", country: null }, // no valid number, but the same digits
    { left: "+999 123 456 789", right: "+999123456789", country: null },
  ])("$left and $right at home in $country", ({ left, right, country }) => {
    expect(samePhone(left, right, country)).toBe(true);
    expect(samePhone(right, left, country)).toBe(true);
  });
});

describe("two texts are not one phone number", () => {
  it.each([
    { left: "+34600123456", right: "+34600123457", country: null },
    { left: "+34600123456", right: "+79600123456", country: null },
    { left: "+34600123456", right: "+7 600 123 456", country: null }, // another country
    { left: "+34600123456", right: "123456", country: "ES" }, // the end of it
    { left: "+34600123456", right: "0123456", country: null },
    { left: "123456", right: "123456", country: null }, // too short to say who it is
    { left: "", right: "", country: null },
    { left: "none", right: "none", country: null },
    { left: null, right: null, country: null },
    { left: "+34600123456", right: null, country: null },
    { left: "600123456", right: "9123456789", country: "XX" },
    { left: "1".repeat(41), right: "1".repeat(41), country: null },
  ])("$left and $right at home in $country", ({ left, right, country }) => {
    expect(samePhone(left, right, country)).toBe(false);
    expect(samePhone(right, left, country)).toBe(false);
  });
});

it("compares any two texts without failing, and the same from both sides", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.stringMatching(/^[+()\d -]{0,20}$/), (left, right) => {
      expect(samePhone(left, right)).toBe(samePhone(right, left));
    }),
  );
});

it("takes the digits out of a text", () => {
  expect(digitsOf("tel. (+34) 600-12")).toBe("3460012");
});

it.each([
  { text: "8 (912) 123-45-67", country: "RU", ending: "9121234567" },
  { text: "+7 912 123-45-67", country: null, ending: "9121234567" },
  { text: "+34 600 12 34 56", country: "RU", ending: "600123456" },
  { text: "600 12 34 56", country: "ES", ending: "600123456" },
  { text: "call me", country: "ES", ending: "call me" },
])("$text is looked up by $ending", ({ text, country, ending }) => {
  expect(phoneEnding(text, country)).toBe(ending);
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asked, meaning } from "./asked.ts";

describe("a number", () => {
  it.each([
    { text: "3", value: 3 },
    { text: "3,5", value: 3.5 },
    { text: "3.5", value: 3.5 },
    { text: ".5", value: 0.5 },
    { text: "0,500", value: 0.5 },
    { text: "-5", value: -5 },
    { text: "−5", value: -5 },
    { text: "-0", value: 0 },
    { text: "- 5", value: 5 },
    { text: "+3", value: 3 },
    { text: "1 000", value: 1000 },
    { text: "1\u202F000,50", value: 1000.5 },
    { text: "1'000", value: 1000 },
    { text: "1.000,50", value: 1000.5 },
    { text: "1,000.50", value: 1000.5 },
    { text: "1.000.000", value: 1_000_000 },
    { text: "1,000,000", value: 1_000_000 },
    { text: "I want 3 please", value: 3 },
    { text: "x3", value: 3 },
    { text: "3kg", value: 3 },
    { text: "30 m²", value: 30 },
    { text: "€5.", value: 5 },
    { text: "№5", value: 5 },
    { text: "5%", value: 5 },
    { text: "2k", value: 2000 },
    { text: "2.01 thousand", value: 2010 },
    { text: "20 тыс.", value: 20_000 },
    { text: "2 mil", value: 2000 },
    { text: "2 dozen", value: 24 },
    { text: "3️⃣", value: 3 },
    { text: "１２", value: 12 },
    { text: "٣", value: 3 },
    { text: "999999999999999", value: 999_999_999_999_999 },
  ])("$text is $value in every language", ({ text, value }) => {
    for (const language of ["en", "es", "ru"]) expect(meaning(asked("number", text, { language }))).toBe(value);
  });

  it.each([
    { text: "1,000", language: "en", value: 1000 },
    { text: "1.000", language: "en", value: 1 },
    { text: "1.000", language: "es", value: 1000 },
    { text: "1,250", language: "es", value: 1.25 },
    { text: "1.000", language: "es-MX", value: 1000 },
    { text: "1.000", language: "pt_BR", value: 1000 },
    { text: "1,250", language: "ru", value: 1.25 },
    { text: "1.250", language: "ru", value: 1.25 },
    { text: "1,250", language: "uk", value: 1.25 },
    { text: "1,000", language: "de", value: 1000 },
    { text: "1,000", language: "constructor", value: 1000 },
  ])("$text means $value in $language", ({ text, language, value }) => {
    expect(meaning(asked("number", text, { language }))).toBe(value);
  });

  it.each([
    { text: "three", value: 3 },
    { text: "Three, please", value: 3 },
    { text: "just three pieces", value: 3 },
    { text: "two thousand", value: 2000 },
    { text: "tres", value: 3 },
    { text: "dos personas, por favor", value: 2 },
    { text: "dos mil", value: 2000 },
    { text: "три", value: 3 },
    { text: "Три штуки", value: 3 },
    { text: "одну", value: 1 },
    { text: "zero", value: 0 },
    { text: "diez", value: 10 },
  ])("$text is $value", ({ text, value }) => {
    expect(meaning(asked("number", text))).toBe(value);
  });

  it.each([
    { language: "en", shown: "12,345.5" },
    { language: "es", shown: "12.345,5" },
    { language: "ru", shown: "12\u00A0345,5" },
  ])("is shown as $shown in $language", ({ language, shown }) => {
    expect(asked("number", "12 345,5", { language })).toEqual({ ok: true, value: 12_345.5, shown });
  });

  it.each([
    "",
    "no",
    "2 or 3",
    "2-3",
    "1 2",
    "10:30",
    "1/2",
    "½",
    "3½",
    "3²",
    "12.03.2026",
    "3,5,7",
    "1.000.50",
    "1e5",
    "A17",
    "covid-19",
    "one moment please",
    "un momento",
    "одну минуту",
    "the red one",
    "no one",
    "three or four",
    "not three",
    "1234567890123456",
  ])("is not in %j", (text) => {
    for (const language of ["en", "es", "ru"]) expect(asked("number", text, { language })).toEqual({ ok: false });
  });

  it("is read back as it was shown", () => {
    const number = fc.integer({ min: -99_999_999, max: 99_999_999 }).map((cents) => cents / 100);
    fc.assert(
      fc.property(number, fc.constantFrom("en", "es", "ru"), (value, language) => {
        const shown = value.toLocaleString(language, { maximumFractionDigits: 2 });
        expect(meaning(asked("number", shown, { language }))).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});

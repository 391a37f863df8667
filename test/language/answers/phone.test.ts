import fc from "fast-check";
import { getExampleNumber, parsePhoneNumberFromString } from "libphonenumber-js/min";
import examples from "libphonenumber-js/mobile/examples";
import { describe, expect, it } from "vitest";
import { asked, meaning } from "./asked.ts";

const UNPLACED = { timezone: "UTC" };

describe("a phone number", () => {
  it.each([
    { text: "+34 600 123 456", value: "+34600123456", shown: "+34 600 12 34 56" },
    { text: "600123456", value: "+34600123456", shown: "+34 600 12 34 56" },
    { text: "0034 600 123 456", value: "+34600123456", shown: "+34 600 12 34 56" },
    { text: "34600123456", value: "+34600123456", shown: "+34 600 12 34 56" },
    { text: "(+34) 600.12.34.56", value: "+34600123456", shown: "+34 600 12 34 56" },
    { text: "my phone is 600-123-456, thanks!", value: "+34600123456", shown: "+34 600 12 34 56" },
    { text: "mi móvil: 6 0 0 1 2 3 4 5 6", value: "+34600123456", shown: "+34 600 12 34 56" },
    { text: "order 4117A, 600 123 456", value: "+34600123456", shown: "+34 600 12 34 56" },
    { text: "600123456 o 611222333", value: "+34600123456", shown: "+34 600 12 34 56" },
    { text: "+34 600 123 456 ext. 5", value: "+34600123456", shown: "+34 600 12 34 56" },
    { text: "\u202A+34\u00A0600\u00A0123\u00A0456\u202C", value: "+34600123456", shown: "+34 600 12 34 56" },
    { text: "＋３４６００１２３４５６", value: "+34600123456", shown: "+34 600 12 34 56" },
    { text: "٦٠٠١٢٣٤٥٦", value: "+34600123456", shown: "+34 600 12 34 56" },
    { text: "+7 912 345-67-89", value: "+79123456789", shown: "+7 912 345 67 89" },
  ])("$text in Madrid is $value", ({ text, value, shown }) => {
    expect(asked("phone", text)).toEqual({ ok: true, value, shown });
  });

  it.each([
    { text: "8 (912) 345-67-89", where: { ...UNPLACED, language: "ru" }, value: "+79123456789" },
    { text: "мой номер 912 345 67 89", where: { ...UNPLACED, language: "ru" }, value: "+79123456789" },
    { text: "8 (912) 345-67-89", where: { timezone: "Europe/Madrid", language: "ru" }, value: "+79123456789" },
    { text: "0034600123456", where: { timezone: "Europe/Moscow", language: "ru" }, value: "+34600123456" },
    { text: "600 123 456", where: { ...UNPLACED, language: "es" }, value: "+34600123456" },
    { text: "55 1234 5678", where: { timezone: "America/Mexico_City", language: "es" }, value: "+525512345678" },
    { text: "55 1234 5678", where: { ...UNPLACED, language: "es-MX" }, value: "+525512345678" },
    { text: "55 1234 5678", where: { ...UNPLACED, language: "es_MX" }, value: "+525512345678" },
    {
      text: "11 2345-6789",
      where: { timezone: "America/Argentina/Buenos_Aires", language: "es" },
      value: "+541123456789",
    },
    { text: "050 123 45 67", where: { timezone: "Europe/Kyiv", language: "uk" }, value: "+380501234567" },
    { text: "07400 123456", where: { timezone: "Europe/London", language: "en" }, value: "+447400123456" },
    { text: "07400 123456", where: { ...UNPLACED, language: "en", country: "GB" }, value: "+447400123456" },
    { text: "07400 123456", where: { ...UNPLACED, language: "en", country: " gb " }, value: "+447400123456" },
    { text: "07400 123456", where: { ...UNPLACED, language: "en" }, value: null },
    { text: "07400 123456", where: { ...UNPLACED, language: "en", country: "Narnia" }, value: null },
    { text: "+44 7400 123456", where: { timezone: "Mars/Olympus", language: "xx" }, value: "+447400123456" },
  ])("$text with $where is $value", ({ text, where, value }) => {
    expect(meaning(asked("phone", text, where))).toBe(value);
  });

  it.each([
    "",
    "no",
    "112",
    "4117A",
    "600 123 45",
    "+34 600 123 45",
    "2026-03-12",
    "12.03.2026 10:30",
    "marta@x.com",
    "600123456 ".repeat(8),
  ])("is not in %j", (text) => {
    expect(asked("phone", text)).toEqual({ ok: false });
  });

  it("is read back however a valid one is written", () => {
    const countries = ["ES", "RU", "MX", "AR", "GB", "US", "DE", "FR", "KZ", "CO"] as const;
    const writings = ["E.164", "INTERNATIONAL", "NATIONAL"] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...countries),
        fc.constantFrom(...writings),
        fc.constantFrom("", "call me: ", "мой телефон "),
        fc.integer({ min: 0, max: 9999 }),
        (country, writing, before, ending) => {
          const example = getExampleNumber(country, examples)?.number ?? "";
          const phone = parsePhoneNumberFromString(`${example.slice(0, -4)}${String(ending).padStart(4, "0")}`);
          fc.pre(phone?.isValid() === true);
          const read = asked("phone", `${before}${phone?.format(writing)}.`, { ...UNPLACED, country });
          expect(meaning(read)).toBe(phone?.number);
        },
      ),
    );
  });
});

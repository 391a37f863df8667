import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canFit, fitValue } from "../../src/language/variable.ts";
import type { Json } from "../../src/types/json.ts";
import type { VariableType } from "../../src/types/rule.ts";
import { hostileTexts } from "./hostile.ts";

const TYPES: readonly VariableType[] = ["text", "number", "flag", "date", "list"];
const written = { language: "en", timezone: "Europe/Madrid", now: Date.parse("2026-11-20T12:00:00Z") };

/** What a value becomes; `none`: it can't be of that type. */
function fitted(type: VariableType, value: Json, language = "en"): Json {
  const made = fitValue(type, value, { ...written, language });
  return made.ok ? made.value : "none";
}

it.each<{ readonly type: VariableType; readonly value: Json; readonly kept: Json; readonly language?: string }>([
  { type: "text", value: " as typed ", kept: " as typed " },
  { type: "text", value: "08", kept: "08" },
  { type: "text", value: 2.5, kept: "2.5" },
  { type: "text", value: true, kept: "true" },
  { type: "text", value: ["S", 40], kept: "S, 40" },
  { type: "text", value: { a: 1 }, kept: "none" },
  { type: "number", value: 3, kept: 3 },
  { type: "number", value: "3", kept: 3 },
  { type: "number", value: "-2.5", kept: -2.5 },
  { type: "number", value: "three, please", kept: 3 },
  { type: "number", value: "1 000,50", kept: 1000.5 },
  { type: "number", value: "1.000", kept: 1 },
  { type: "number", value: "1.000", kept: 1000, language: "es-MX" },
  { type: "number", value: "0.3333333333333333", kept: 0.3333333333333333 },
  { type: "number", value: -0, kept: 0 },
  { type: "number", value: "many", kept: "none" },
  { type: "number", value: "2 or 3", kept: "none" },
  { type: "number", value: true, kept: "none" },
  { type: "number", value: [3], kept: "none" },
  { type: "number", value: Number.NaN, kept: "none" },
  { type: "flag", value: true, kept: true },
  { type: "flag", value: "yes", kept: true },
  { type: "flag", value: "TRUE", kept: true },
  { type: "flag", value: "sí, por favor", kept: true },
  { type: "flag", value: "Да", kept: true },
  { type: "flag", value: "да, спасибо", kept: true },
  { type: "flag", value: 1, kept: true },
  { type: "flag", value: "no thanks", kept: false },
  { type: "flag", value: "Нет.", kept: false },
  { type: "flag", value: "0", kept: false },
  { type: "flag", value: false, kept: false },
  { type: "flag", value: "yes and no", kept: "none" },
  { type: "flag", value: "not now", kept: "none" },
  { type: "flag", value: 2, kept: "none" },
  { type: "flag", value: [true], kept: "none" },
  { type: "date", value: "2026-11-20", kept: "2026-11-20" },
  { type: "date", value: "2026-11-20T10:00:00+01:00", kept: "2026-11-20T09:00:00.000Z" },
  { type: "date", value: "2026-11-20 10:00:00", kept: "2026-11-20T09:00:00.000Z" },
  { type: "date", value: "2026-11-20T12:00:00.000Z", kept: "2026-11-20T12:00:00.000Z" },
  { type: "date", value: 1_763_640_000, kept: "2025-11-20T12:00:00.000Z" },
  { type: "date", value: 1_763_640_000_000, kept: "2025-11-20T12:00:00.000Z" },
  { type: "date", value: "tomorrow", kept: "2026-11-21" },
  { type: "date", value: "12 de marzo", kept: "2027-03-12", language: "es" },
  { type: "date", value: "завтра", kept: "2026-11-21", language: "ru" },
  { type: "date", value: "2026-02-30", kept: "none" },
  { type: "date", value: "soon", kept: "none" },
  { type: "date", value: 3, kept: "none" },
  { type: "date", value: true, kept: "none" },
  { type: "list", value: "S, M ,, L", kept: ["S", "M", "L"] },
  { type: "list", value: "red\nsky blue", kept: ["red", "sky blue"] },
  { type: "list", value: ["a, b", 2, true, null, " "], kept: ["a, b", "2", "true"] },
  { type: "list", value: 7, kept: ["7"] },
  { type: "list", value: ", ,", kept: null },
  { type: "list", value: [{ a: 1 }], kept: "none" },
])("keeps $value in a $type as $kept", ({ type, value, kept, language }) => {
  expect(fitted(type, value, language)).toEqual(kept);
});

it.each(TYPES)("clears a %s by null, an empty text and an empty list", (type) => {
  for (const value of [null, "", " \n", []]) expect(fitted(type, value)).toBeNull();
});

describe("whatever people write", () => {
  it("is kept as a value of the type, or not at all, and what is kept stays as it is", () => {
    const KINDS = { text: "string", number: "number", flag: "boolean", date: "string", list: "object" } as const;
    const texts = fc.constantFrom(...hostileTexts.map(({ text }) => text), "1e5", "-0", "12.03", "a,b", "si", "1,5");
    const values: fc.Arbitrary<unknown> = fc.oneof(texts, fc.string(), fc.jsonValue(), fc.array(texts));
    fc.assert(
      fc.property(fc.constantFrom(...TYPES), values, (type, value) => {
        const made = fitValue(type, value as Json, written);
        if (!made.ok || made.value === null) return;
        expect(typeof made.value).toBe(KINDS[type]);
        expect(fitValue(type, JSON.parse(JSON.stringify(made.value)), written)).toEqual(made);
      }),
      { numRuns: 500 },
    );
  });
});

it.each<{ readonly type: VariableType; readonly value: Json; readonly can: boolean }>([
  { type: "number", value: "1.000", can: true },
  { type: "number", value: "many", can: false },
  { type: "flag", value: "sí", can: true },
  { type: "flag", value: "sometimes", can: false },
  { type: "date", value: "завтра", can: true },
  { type: "date", value: "13/12", can: true },
  { type: "date", value: 3, can: false },
  { type: "list", value: ["S", "M"], can: true },
  { type: "text", value: null, can: true },
])("can a $type ever keep $value? $can", ({ type, value, can }) => {
  expect(canFit(type, value)).toBe(can);
});

import { expect, it } from "vitest";
import { pickLanguage } from "../../../src/service/pages/language.ts";

it.each([
  { asked: "ru", accepted: "es", language: "ru" },
  { asked: "fr", accepted: "es", language: "es" },
  { asked: null, accepted: "es-MX,es;q=0.9,en;q=0.8", language: "es" },
  { asked: null, accepted: "en;q=0.3, ru;q=0.7", language: "ru" },
  { asked: null, accepted: "RU-ru", language: "ru" },
  { asked: null, accepted: "ru;q=0, en", language: "en" },
  { asked: null, accepted: "de, fr", language: "es" },
  { asked: null, accepted: "*", language: "es" },
  { asked: null, accepted: "ru;q=nonsense", language: "es" },
  { asked: null, accepted: undefined, language: "es" },
  { asked: null, accepted: `${"x,".repeat(100_000)}ru`, language: "es" },
])("asked $asked, browser $accepted, else es: $language", ({ asked, accepted, language }) => {
  expect(pickLanguage({ asked, accepted, fallback: "es" })).toBe(language);
});

import { expect, it } from "vitest";
import { fill, sayFrom } from "../../src/language/text/say.ts";

const WORDS = { hello: { en: "Hello {0}, {1}.", es: "Hola {0}, {1}.", ru: "Привет, {0}, {1}." } };

it("says a sentence in the language, with its gaps filled", () => {
  expect(sayFrom(WORDS, "es")("hello", "Ana", "Ruiz")).toBe("Hola Ana, Ruiz.");
});

it("leaves a gap empty that gets no value", () => {
  expect(sayFrom(WORDS, "en")("hello", "Ana")).toBe("Hello Ana, .");
});

it("takes a value for what it is, even if it looks like a gap or a pattern", () => {
  expect(fill("{0}", "{1} $& $1", "no")).toBe("{1} $& $1");
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitText } from "../../src/language/text/split.ts";
import { hostileTexts } from "./hostile.ts";

const graphemes = (text: string) =>
  Array.from(new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text), ({ segment }) => segment);

describe("splitText", () => {
  it.each([
    { cut: "nothing that fits", text: " Hello. ", max: 10, pieces: ["Hello."] },
    { cut: "after a paragraph", text: "One. Two.\n\nThree. Four.", max: 20, pieces: ["One. Two.", "Three. Four."] },
    { cut: "after a sentence", text: "One two. Three four. Five.", max: 22, pieces: ["One two. Three four.", "Five."] },
    { cut: "after a line", text: "- apples\n- oranges", max: 12, pieces: ["- apples", "- oranges"] },
    { cut: "after a word", text: "one two three four", max: 9, pieces: ["one two", "three", "four"] },
    { cut: "inside a word as a last resort", text: "abcdefgh", max: 3, pieces: ["abc", "def", "gh"] },
    { cut: "never inside a character", text: "👨‍👩‍👧👨‍👩‍👧", max: 10, pieces: ["👨‍👩‍👧", "👨‍👩‍👧"] },
    { cut: "not a character longer than the limit", text: "a👨‍👩‍👧b", max: 3, pieces: ["a", "👨‍👩‍👧", "b"] },
    { cut: "at a word that ends exactly there", text: "one two", max: 3, pieces: ["one", "two"] },
    { cut: "not a space that carries a mark", text: "one \u0301two", max: 5, pieces: ["one", " \u0301two"] },
    { cut: "nothing", text: " \n ", max: 5, pieces: [] },
  ])("cuts $cut", ({ text, max, pieces }) => {
    expect(splitText(text, max)).toEqual(pieces);
  });

  const text = fc.string({
    unit: fc.constantFrom("a", "é", "Я", " ", "\n", ". ", "😀", "👩‍💻", "e\u0301", "\r\n"),
    maxLength: 200,
  });

  it("loses nothing but white space, in order", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 40 }), (source, max) => {
        expect(splitText(source, max).join("").replace(/\s/gu, "")).toBe(source.replace(/\s/gu, ""));
      }),
    );
  });

  it("makes no piece empty, untrimmed or too long, unless it is one character", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 40 }), (source, max) => {
        for (const piece of splitText(source, max)) {
          expect(piece).toBe(piece.trim());
          expect(piece).not.toBe("");
          expect(piece.length <= max || graphemes(piece).length === 1).toBe(true);
        }
      }),
    );
  });

  it("never cuts inside a character", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 40 }), (source, max) => {
        const visible = (some: readonly string[]) => some.filter((one) => one.trim() !== "");
        expect(visible(splitText(source, max).flatMap(graphemes))).toEqual(visible(graphemes(source)));
      }),
    );
  });

  it.each(hostileTexts)("survives $what", ({ text: hostile }) => {
    expect(splitText(hostile, 1000).join("").replace(/\s/gu, "")).toBe(hostile.replace(/\s/gu, ""));
  });
});

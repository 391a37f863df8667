import { describe, expect, it } from "vitest";
import { asked, meaning } from "./asked.ts";

describe("an answer in free text", () => {
  it.each([
    { text: "  Calle Mayor 1 \n", value: "Calle Mayor 1" },
    { text: "two\r\nlines", value: "two\nlines" },
    { text: "👍", value: "👍" },
    { text: "👩‍👧 and me", value: "👩‍👧 and me" },
    { text: "?", value: "?" },
    { text: "NUL\0 and \u001b[31mred", value: "NUL and [31mred" },
    { text: "half \uD800 a sign", value: "half \uFFFD a sign" },
  ])("$text is kept as $value", ({ text, value }) => {
    expect(asked("text", text)).toEqual({ ok: true, value, shown: value });
  });

  it.each(["", "   \n", "\u200B\u2060", "\u0301\u0323", "\0"])("that nobody can see is none: %j", (text) => {
    expect(asked("text", text)).toEqual({ ok: false });
  });

  it("keeps the first 8 KB of a very long one, and no half of an emoji", () => {
    expect(meaning(asked("text", "a".repeat(65_536)))).toBe("a".repeat(8192));
    expect(meaning(asked("text", `a${"😀".repeat(10_000)}`))).toBe(`a${"😀".repeat(4095)}`);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Expect } from "../../../src/language/answers/index.ts";
import { hostileTexts } from "../hostile.ts";
import { asked } from "./asked.ts";

const kinds: readonly Expect[] = ["phone", "email", "number", "date", "choice", "order_number"];
const choices = ["Yes", "No"];

/** One lone digit or two among signs: that is a number. */
const HOLDING_A_NUMBER: ReadonlySet<string> = new Set(["NUL and control characters", "dollar signs"]);

const hostileAnswers = [
  ...hostileTexts.filter(({ what }) => !HOLDING_A_NUMBER.has(what)),
  { what: "10,000 digits", text: "1".repeat(10_000) },
  { what: "8 KB of spaced digits", text: "1 ".repeat(4096) },
  { what: "a thousand brackets", text: "(1".repeat(500) },
  { what: "a thousand joined digits", text: "1.".repeat(500) },
  { what: "a thousand spaces", text: `a${" ".repeat(998)}@` },
  { what: "a thousand signs of addresses", text: "@.".repeat(500) },
  { what: "a thousand dots before @", text: `${"a.".repeat(499)}@` },
  { what: "eighty dates", text: "12.03 14.05 ".repeat(80) },
  { what: "a long story with a phone in it", text: `${"and then ".repeat(112)}+34 600 123 456` },
];

describe("hostile answers", () => {
  it.each(hostileAnswers)("$what answers no kind of question", ({ text }) => {
    for (const kind of kinds) expect([kind, asked(kind, text, { choices })]).toEqual([kind, { ok: false }]);
  });

  it("never throw, and mean nothing but plain values", () => {
    const kind = fc.constantFrom<Expect>("text", ...kinds);
    const words = fc.array(
      fc.constantFrom(
        "12",
        "March",
        "mañana",
        "в",
        "пятницу",
        "+34",
        "600123456",
        "@",
        ".",
        "-",
        "№",
        "3,5",
        "mil",
        "the",
      ),
    );
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      words.map((all) => all.join(" ")),
    );
    const language = fc.oneof(fc.constantFrom("en", "es", "ru", "__proto__", "constructor", ""), fc.string());
    fc.assert(
      fc.property(
        kind,
        text,
        language,
        fc.constantFrom("Europe/Madrid", "UTC", "Mars/Olympus"),
        (expects, said, tag, timezone) => {
          const answer = asked(expects, said, { choices, language: tag, timezone });
          expect(answer.ok === false || ["string", "number"].includes(typeof answer.value)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

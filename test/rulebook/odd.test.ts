import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileRulebook } from "../../src/rulebook/compile.ts";
import type { JsonObject } from "../../src/types/json.ts";

const place = { file: "bot.config.yaml", line: 1, column: 1 };

function compile(value: JsonObject) {
  const root = { file: place.file, value, locate: () => ({ place, length: 1 }) };
  return compileRulebook({ root, files: [], language: "en", timezone: "UTC" });
}

/** Values that a broken file may leave behind; keys and texts of the language turn up often. */
const word = fc.constantFrom(
  "rule",
  "when",
  "if",
  "do",
  "message",
  "any",
  "is",
  "not",
  "logic",
  "tag",
  "set",
  "flow",
  "run",
  "open",
  "dialog.x",
  "{{ a",
  "__proto__",
  "08",
  "",
);
const odd = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, word, fc.integer(), fc.boolean(), fc.constant(null), tie("list"), tie("map")),
  list: fc.array(tie("value"), { maxLength: 3 }),
  map: fc.dictionary(word, tie("value"), { maxKeys: 4, noNullPrototype: true }),
})).value;

describe("compiling whatever is left of broken files", () => {
  it.each(["bot", "teams", "commands", "rules", "flows", "texts", "hours", "cancel_words"])(
    "never throws over an odd %s:",
    (key) => {
      fc.assert(
        fc.property(odd, (value) => {
          expect(() => compile({ [key]: value } as JsonObject)).not.toThrow();
        }),
      );
    },
  );

  it("never throws over an odd match, condition, list of actions or setting of a rule", () => {
    const key = fc.constantFrom("id", "when", "if", "do", "once_per", "again_after", "mode", "enabled", "description");
    fc.assert(
      fc.property(fc.dictionary(key, odd, { noNullPrototype: true }), (parts) => {
        expect(() =>
          compile({ rules: [{ rule: "A", when: { message: "any" }, do: [], ...parts }] } as JsonObject),
        ).not.toThrow();
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstWords, hasWords, isWords, tokenize } from "../../src/language/text/words.ts";
import { buildIndex, candidates, ruleById } from "../../src/rulebook/match.ts";
import type { Occasion } from "../../src/types/event.ts";
import type { Rule } from "../../src/types/rule.ts";

/** A rule as far as the index looks at it. */
function rule(id: string, on: Occasion, words: readonly string[] | null): Rule {
  return {
    id,
    name: id,
    version: "1",
    place: { file: "bot.config.yaml", line: 1, column: 1 },
    description: null,
    mode: "live",
    lane: "silent",
    continues: false,
    evenWithManager: false,
    on,
    firstWords: words,
    parts: [],
    pattern: null,
    silence: null,
    oncePer: null,
    againAfterMs: null,
    gatherMs: null,
    do: [],
  };
}

function found(rules: readonly Rule[], on: Occasion, text: string): readonly string[] {
  return candidates(buildIndex({ rules }), on, tokenize(text)).map(({ id }) => id);
}

describe("the index of rules", () => {
  const rules = [
    rule("any", "message", null),
    rule("delivery", "message", ["delivery", "shipping"]),
    rule("opened", "dialog:opened", null),
    rule("envio", "message", ["envi*"]),
    rule("late", "message", null),
    rule("prices", "command", ["prices"]),
    rule("order", "message", ["delivery"]),
  ];

  it.each([
    { on: "message", text: "hello", ids: ["any", "late"] },
    { on: "message", text: "Free DELIVERY?", ids: ["any", "delivery", "late", "order"] },
    { on: "message", text: "los envíos", ids: ["any", "envio", "late"] },
    { on: "message", text: "env", ids: ["any", "late"] },
    { on: "message", text: "envi", ids: ["any", "envio", "late"] },
    { on: "message", text: "", ids: ["any", "late"] },
    { on: "command", text: "prices", ids: ["prices"] },
    { on: "command", text: "delivery", ids: [] },
    { on: "dialog:opened", text: "delivery", ids: ["opened"] },
    { on: "dialog:closed", text: "", ids: [] },
  ] as const)("gives $ids for $on with '$text', in file order", ({ on, text, ids }) => {
    expect(found(rules, on, text)).toEqual(ids);
  });

  it("gives a rule once, however many of its words are said", () => {
    expect(found([rule("a", "message", ["one", "two", "t*"])], "message", "one two two")).toEqual(["a"]);
  });

  it("looks at no rule whose words were not said", () => {
    const many = Array.from({ length: 1000 }, (_, index) => rule(`r${index}`, "message", [`word${index}`]));
    const index = buildIndex({ rules: many });
    const touched: string[] = [];
    const watched = many.map(
      (one) => new Proxy(one, { get: (target, key) => note(target.id, Reflect.get(target, key)) }),
    );
    function note(id: string, value: unknown): unknown {
      touched.push(id);
      return value;
    }
    const [only] = candidates({ ...index, rules: watched }, "message", ["word7"]);
    expect(only?.name).toBe("r7");
    expect([...new Set(touched)]).toEqual(["r7"]);
  });

  it("finds a rule by its id", () => {
    const rulebook = { rules: [rule("a", "message", null), rule("b", "command", ["x"])] };
    expect([ruleById(rulebook, "b")?.on, ruleById(rulebook, "c")]).toEqual(["command", null]);
  });

  it("is built once for each list of rules, whatever else the rulebooks say", () => {
    const rulebook = { rules };
    expect(buildIndex(rulebook)).toBe(buildIndex(rulebook));
    expect(buildIndex({ ...rulebook })).toBe(buildIndex(rulebook));
    expect(buildIndex({ rules: [...rules] })).not.toBe(buildIndex(rulebook));
  });
});

describe("the candidates for any text", () => {
  const word = fc.constantFrom("delivery", "Envío", "заказ", "ещё", "my", "order", "🚚", "08", "de", "l'envoi");
  const phrase = fc.array(
    fc.tuple(word, fc.boolean()).map(([text, star]) => (star ? `${text}*` : text)),
    { minLength: 1, maxLength: 3 },
  );
  const matching = fc.record({
    phrases: fc.array(
      phrase.map((words) => words.join(" ")),
      { minLength: 1, maxLength: 3 },
    ),
    whole: fc.boolean(),
  });
  const text = fc.array(fc.oneof(word, fc.string()), { maxLength: 8 }).map((words) => words.join(" "));

  it("hold every rule that matches, in file order", () => {
    fc.assert(
      fc.property(fc.array(matching, { maxLength: 20 }), text, (matches, said) => {
        const rules = matches.map(({ phrases }, index) => {
          return rule(
            String(index),
            "message",
            phrases.map((one) => firstWords(one) ?? "?"),
          );
        });
        const brute = matches.flatMap(({ phrases, whole }, index) => {
          return (whole ? isWords : hasWords)(said, phrases) ? [String(index)] : [];
        });
        const ids = found(rules, "message", said);
        expect(ids.filter((id) => brute.includes(id))).toEqual(brute);
        expect(ids).toEqual(ids.toSorted((a, b) => Number(a) - Number(b)));
      }),
    );
  });
});

import { describe, expect, it } from "vitest";
import { didYouMean } from "../../src/language/fault.ts";
import * as asking from "../../src/rulebook/ask-faults.ts";
import * as faults from "../../src/rulebook/faults.ts";
import * as flows from "../../src/rulebook/flow-faults.ts";
import * as hours from "../../src/rulebook/hours-faults.ts";
import * as lints from "../../src/rulebook/lints/sentences.ts";
import * as paths from "../../src/rulebook/path-faults.ts";
import type { Finding } from "../../src/rulebook/report.ts";
import * as variables from "../../src/rulebook/variable-faults.ts";
import type { Sentence } from "../../src/types/issue.ts";

const { unknownAction, ...named } = faults;
type Say = (...words: readonly string[]) => Finding;
const says = Object.entries({
  ...named,
  ...asking,
  ...flows,
  ...hours,
  ...paths,
  ...variables,
  ...lints,
} as unknown as Readonly<Record<string, Say>>).map(([name, say]) => {
  return { name, finding: say("один", "two", "tres") };
});

/** What stands in straight quotes, in any order. */
function quoted(text: string): readonly string[] {
  return [...text.matchAll(/"[^"]*"/g)].map(([value]) => value).sort();
}

function expectSame({ en, es, ru }: Sentence): void {
  expect(new Set([en, es, ru]).size).toBe(3);
  expect(ru).toMatch(/[а-я]{3}/);
  expect({ es: quoted(es), ru: quoted(ru) }).toEqual({ es: quoted(en), ru: quoted(en) });
  expect([es, ru].map((text) => text.includes("undefined"))).toEqual([false, false]);
}

describe("every sentence about meaning", () => {
  it("is one of many", () => {
    expect(says.length).toBeGreaterThan(25);
  });

  it.each(says)("$name is said in English, Spanish and Russian with the same values in quotes", ({ finding }) => {
    expectSame(finding.cause);
    if (finding.fix) expectSame(finding.fix);
  });

  it.each(says)(
    "$name has a cause that is a sentence and a fix that goes on after the underlined words",
    ({ finding }) => {
      expect(Object.values(finding.cause).filter((text) => !/[.]$/.test(text))).toEqual([]);
      expect(finding.fix?.en ?? "").not.toMatch(/^[A-Z]|[.]$/);
    },
  );

  it("has one code for each kind of fault", () => {
    const codes = says.map(({ finding }) => finding.code);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual(["never-holds"]);
  });

  it("names unknown actions and suggestions in all languages too", () => {
    expectSame(unknownAction(["wave", "if"]).cause);
    expect(didYouMean(null)).toBeNull();
    expect(didYouMean("reply")).toEqual({
      en: "did you mean reply?",
      es: "¿quería decir reply?",
      ru: "возможно, имелось в виду reply?",
    });
  });
});

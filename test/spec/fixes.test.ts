import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { checkLogic, compileConditions } from "../../src/language/logic/condition.ts";
import { checkPattern } from "../../src/language/pattern/pattern.ts";
import { checkTemplate } from "../../src/language/template/template.ts";
import type { Sentence } from "../../src/types/issue.ts";

/** Spec section 5: a fix stands after the underlined words (`^^^^ did you mean message_has?`). */
const folder = new URL("../fixtures/bad/", import.meta.url);

function expectFix(fix: Sentence | null): void {
  for (const text of Object.values(fix ?? {})) expect(text).not.toMatch(/^\p{Lu}|[^.]\.$/u);
}

describe("every fix begins small and has no full stop, in every language", () => {
  it.each(readdirSync(folder))("of the bad file %s", async (name) => {
    const file = new URL(`${name}/bot.config.yaml`, folder).pathname;
    const { issues } = await loadConfig({ file, env: {} });
    for (const { fix } of issues) expectFix(fix);
  });

  const faults = [
    ...["{{ a", "{% if a", "{% if a %}", "{{ a b }}", "{{ “a” }}", "{{ a | upcas }}", "{{ a | | }}"].flatMap(
      (text) => checkTemplate(text).faults,
    ),
    ...["{% includ 'a' %}", "{% x %}", "{{ now | date: '%Q' }}", "{{ now | date: '%H', 'Mars/X' }}"].flatMap(
      (text) => checkTemplate(text).faults,
    ),
    ...[{}, { nope: 1 }, { has_word: [1, 2] }, { has_words: ["a", "?!"] }].flatMap((logic) => checkLogic(logic)),
    ...["(?=a)", "\\1", "(?P<é>a)", "a".repeat(600), "(a{100}){9}"].flatMap((text) => checkPattern(text) ?? []),
    ...compileConditions({ tagg: "vip" }, "if").faults,
  ];

  it.each(faults.map(({ code, fix, cause }) => ({ code, fix, cause: cause.en })))("of $cause", ({ fix }) => {
    expectFix(fix);
  });

  it("and most faults of the language have one", () => {
    expect(faults.filter(({ fix }) => fix !== null).length).toBeGreaterThan(15);
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formatIssues } from "../../src/config/format/format-issues.ts";
import { type Loaded, loadConfig } from "../../src/config/load.ts";
import type { Sentence } from "../../src/types/issue.ts";

/** One folder a fault: `bot.config.yaml` (and what it needs) with that fault, and exactly what is said about it in English. */
const folder = new URL("../fixtures/bad/", import.meta.url);
const names = readdirSync(folder);
const env = {
  TEST_API_KEY: "test-key-from-environment",
  TEST_PASSWORD: "a long test password",
  TEST_SHORT_PASSWORD: "letmein",
  TEST_EMPTY: "",
  TEST_ENCRYPTION_KEY: "8f".repeat(32),
};

const load = (name: string): Promise<Loaded> =>
  loadConfig({ file: new URL(`${name}/bot.config.yaml`, folder).pathname, env });

describe.each(names)("the bad file %s", (name) => {
  it("is met with exactly these words", async () => {
    const { issues, sources } = await load(name);
    const said = formatIssues({ issues, language: "en", sources, format: "text" });
    expect(`${said}\n`).toBe(readFileSync(new URL(`${name}/expected.txt`, folder), "utf8"));
  });

  it("gives no rulebook, unless all it deserves is a warning", async () => {
    const { issues, rulebook } = await load(name);
    expect(issues.length).toBeGreaterThan(0);
    expect(rulebook === null).toBe(issues.some(({ severity }) => severity === "fault"));
  });

  it("is explained in Spanish and Russian with the same quoted words", async () => {
    const { issues } = await load(name);
    for (const { cause, fix } of issues) {
      for (const sentence of fix === null ? [cause] : [cause, fix])
        expect(quotedIn(sentence)).toEqual(sameInAll(sentence));
      expect(new Set([cause.en, cause.es, cause.ru]).size, cause.en).toBe(3);
    }
  });
});

function quotedIn({ en, es, ru }: Sentence) {
  return { en: quoted(en), es: quoted(es), ru: quoted(ru) };
}

function sameInAll({ en }: Sentence) {
  return { en: quoted(en), es: quoted(en), ru: quoted(en) };
}

/** Order may differ between languages. */
function quoted(text: string): readonly string[] {
  return [...text.matchAll(/"([^"]*)"/gu)].map(([whole]) => whole).toSorted();
}

/** Every code that src/config/faults can give, and the test that shows it where no fixture can. */
const SHOWN_ELSEWHERE: Readonly<Record<string, string>> = {
  "file-too-big": "hostile.test.ts",
  "file-unreadable": "load.test.ts",
  "too-slow": "load-in-worker.test.ts",
  "too-much-memory": "load-in-worker.test.ts",
  "reader-failed": "load-in-worker.test.ts",
  "include-outside": "include.test.ts",
  "too-many-parts": "hostile.test.ts",
  "too-many": "parse.test.ts",
  unreadable: "parse.test.ts",
  "no-step": "testing/read-tests.test.ts",
  "two-steps": "testing/read-tests.test.ts",
};

it("has a folder, or a test elsewhere, for every fault that the files can have", async () => {
  const sources = new URL("../../src/config/faults/", import.meta.url);
  const texts = readdirSync(sources).map((name) => readFileSync(new URL(name, sources), "utf8"));
  const codes = texts.flatMap((text) =>
    [...text.matchAll(/(?:faultOf\(\s*|code = )"([a-z0-9-]+)"/gu)].map(([, code]) => code ?? ""),
  );
  const met = new Set((await Promise.all(names.map(load))).flatMap(({ issues }) => issues.map(({ code }) => code)));
  expect(codes.length).toBeGreaterThan(60);
  expect(codes.filter((code) => !met.has(code) && !(code in SHOWN_ELSEWHERE))).toEqual([]);
});

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { WORDS } from "../../../src/service/pages/words/index.ts";

/** `connect.title` -> sentence. */
const flat = (words: object): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(words).flatMap(([group, sentences]) =>
      Object.entries(sentences as Record<string, string>).map(([key, text]) => [`${group}.${key}`, text] as const),
    ),
  );

const gapsOf = (text: string) => [...text.matchAll(/\{\d\}/gu)].map(String).sort();
const english = flat(WORDS.en);

/** The same in every language, and rightly so. */
const SAME_EVERYWHERE = new Set(["common.errorTitle", "admin.reason"]);
/** A loan word of the other language. */
const SAME_IN_SPANISH = new Set(["admin.bot", "admin.no", "common.footer"]);

describe.each(["es", "ru"] as const)("the words of the pages in %s", (language) => {
  const words = flat(WORDS[language]);

  it("are as many as in English, under the same names", () => {
    expect([...words.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it.each([...english])("say %s with the same gaps, and not in English", (key, text) => {
    const translated = words.get(key) ?? "";
    expect(translated.trim()).not.toBe("");
    expect(gapsOf(translated)).toEqual(gapsOf(text));
    const mayBeSame = SAME_EVERYWHERE.has(key) || (language === "es" && SAME_IN_SPANISH.has(key));
    if (!mayBeSame) expect(translated).not.toBe(text);
  });
});

it("has no words that no page uses", () => {
  const folder = new URL("../../../src/service/", import.meta.url);
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(ts|liquid)$/u.test(file) && !file.includes("words/"))
    .map((file) => readFileSync(new URL(file, folder), "utf8"))
    .join("\n");
  const unused = [...english.keys()].filter((key) => {
    const [group = "", name = ""] = key.split(".");
    // Chosen by the name of a standing, a failure or a piece of news.
    if (
      group === "standing" ||
      group === "errors" ||
      ["connected", "repaired", "saved", "paused", "resumed"].includes(name)
    )
      return false;
    return !new RegExp(`\\b(${group}|t|words|admin|alone|settings)\\.(settings\\.)?${name}\\b`, "u").test(sources);
  });
  expect(unused).toEqual([]);
});

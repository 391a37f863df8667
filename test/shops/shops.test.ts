import { describe, expect, it } from "vitest";
import { formatIssue } from "../../src/config/format/format-issues.ts";
import { play } from "./play.ts";
import { openShop, SHOPS } from "./shops.ts";

const shops = await Promise.all(SHOPS.map(openShop));

it("has ten shops, in English, Spanish and Russian", () => {
  expect(SHOPS).toHaveLength(10);
  expect(new Set(shops.map(({ rulebook }) => rulebook.language))).toEqual(new Set(["en", "es", "ru"]));
});

describe.each(shops)("the shop $name", (shop) => {
  it("has neither fault nor warning, in its rules and in its conversations", () => {
    const { loaded, testIssues, texts } = shop;
    const sources = { ...loaded.sources, ...texts };
    const said = [...loaded.issues, ...testIssues].map((issue) => formatIssue(issue, "en", sources[issue.place.file]));
    expect(said).toEqual([]);
  });

  it("is of the size of a real one", () => {
    expect(shop.rulebook.rules.length).toBeGreaterThanOrEqual(8);
    expect(shop.rulebook.rules.length).toBeLessThanOrEqual(20);
    expect(shop.tests.length).toBeGreaterThanOrEqual(8);
  });

  it.each(shop.tests)("$name", async (test) => {
    expect(await play(shop, test)).toBe(null);
  });
});

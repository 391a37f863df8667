import { expect, it } from "vitest";
import { parseFile } from "../../src/config/parse.ts";
import { declaredWords, markUsed, ROOTS } from "./language.ts";
import { filesOf, SHOPS, textOf } from "./shops.ts";

/** Lists of which a shop needs few words. */
const LONG_LISTS = ["match.event=", "channelType=", "config.log.level=", "config.log.format=", "config.bot.roles[]="];

function usedByAll(): ReadonlySet<string> {
  const used = new Set<string>();
  for (const shop of SHOPS) {
    for (const file of filesOf(shop).filter((name) => !name.endsWith(".test.yaml"))) {
      const kind = file === "bot.config.yaml" ? "config" : "rules";
      const { source } = parseFile({ file, kind, text: textOf(shop, file), environment: {} });
      if (source !== null) markUsed(ROOTS[kind], source.value, used);
    }
  }
  return used;
}

const used = usedByAll();

it("finds every key and every word of the schemas in some shop", () => {
  const declared = [...declaredWords()];
  expect(declared.length).toBeGreaterThan(200);
  const missing = declared.filter((word) => !used.has(word) && !LONG_LISTS.some((list) => word.startsWith(list)));
  expect(missing).toEqual([]);
});

it.each(LONG_LISTS)("finds some of the words of %s", (list) => {
  expect([...used].filter((word) => word.startsWith(list))).not.toEqual([]);
});

it("knows words that no shop uses", () => {
  const own = new Set<string>();
  markUsed(
    ROOTS.config,
    { version: 1, rules: [{ rule: "A", when: { dialog: "closed" }, do: [{ close: true }] }] },
    own,
  );
  expect([...own].toSorted()).toEqual(
    [
      "close.close",
      "config.rules",
      "config.version",
      "match.dialog",
      "match.dialog=closed",
      "rule.do",
      "rule.rule",
      "rule.when",
    ].toSorted(),
  );
});

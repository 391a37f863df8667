import { describe, expect, it } from "vitest";
import { findByName, sameName, suggest } from "../../src/language/names.ts";

it.each([
  { a: "Anna Petrova", b: " anna  petrova ", same: true },
  { a: "Ñandú", b: "N\u0303ANDU\u0301", same: true },
  { a: "Анна", b: "АННА", same: true },
  { a: "Anna", b: "Ana", same: false },
])("$a and $b are one name: $same", ({ a, b, same }) => {
  expect(sameName(a, b)).toBe(same);
});

describe("findByName", () => {
  const items = [{ name: "VIP" }, { name: "vip" }];

  it("prefers the exact spelling", () => {
    expect(findByName(items, "vip", (item) => item.name)).toBe(items[1]);
  });

  it("takes another case when there is no exact one", () => {
    expect(findByName(items, "Vip", (item) => item.name)).toBe(items[0]);
  });

  it("finds nothing else", () => {
    expect(findByName(items, "gold", (item) => item.name)).toBeUndefined();
  });
});

it.each([
  { word: "mesage_has", candidates: ["message", "message_has", "message_is"], meant: "message_has" },
  { word: "Sales", candidates: ["sales", "leads"], meant: "sales" },
  { word: "sales", candidates: ["sales"], meant: null },
  { word: "tga", candidates: ["tag", "if"], meant: null },
  { word: "tagg", candidates: ["tag", "if"], meant: "tag" },
  { word: "warehouse", candidates: ["sales", "leads"], meant: null },
  { word: "x", candidates: [], meant: null },
])("$word among $candidates suggests $meant", ({ word, candidates, meant }) => {
  expect(suggest(word, candidates)).toBe(meant);
});

import { describe, expect, it } from "vitest";
import { rulebookFor, ruleSetOf, ruleSetsFor } from "../../../src/accounts/working/rulebook-for.ts";
import { neededEvents } from "../../../src/engine/needs.ts";
import { buildIndex } from "../../../src/rulebook/match.ts";
import type { Books, Rulebook } from "../../../src/types/rule.ts";
import { compile, ruleWith } from "../../rulebook/source.ts";

function rulebook(action: string): Rulebook {
  const { rulebook } = compile(ruleWith("{message: any}", `[{note: ${action}}]`));
  if (rulebook === null) throw new Error("no rulebook");
  return rulebook;
}

const shared = rulebook("Shared");
const books: Books = {
  rulebook: shared,
  ruleSets: {
    madrid: { rulebook: rulebook("Madrid"), accounts: ["madrid.example", "crm.local:8000"] },
    moscow: { rulebook: rulebook("Moscow"), accounts: ["moscow.example:443"] },
    night: { rulebook: rulebook("Night"), accounts: [] },
  },
};

const account = (crmUrl: string, ruleSet: string | null = null) => ({
  crmUrl,
  ruleSet,
  language: null,
  timezone: null,
});

describe("the rules of an account", () => {
  it.each([
    ["nobody chose and nothing is bound", account("https://shop.example"), null, null],
    ["its host is bound", account("https://madrid.example"), "madrid", null],
    ["its host is bound, whatever the case", account("https://MADRID.example"), "madrid", null],
    ["its host and port are bound", account("http://crm.local:8000"), "madrid", null],
    ["only the host of another port is bound", account("http://crm.local:8001"), null, null],
    ["the port that goes without saying is bound", account("https://moscow.example"), "moscow", null],
    ["the port that goes without saying is another", account("http://moscow.example"), null, null],
    ["a host only ends like a bound one", account("https://x.madrid.example"), null, null],
    ["its owner chose a set", account("https://shop.example", "night"), "night", null],
    ["its owner chose and its host is bound", account("https://madrid.example", "night"), "night", null],
    ["its owner chose what it has anyway", account("https://madrid.example", "madrid"), "madrid", null],
    ["the chosen set is gone", account("https://shop.example", "day"), null, "day"],
    ["the chosen set is gone and its host is bound", account("https://madrid.example", "day"), "madrid", "day"],
    ["the chosen set belongs to others", account("https://shop.example", "madrid"), null, "madrid"],
    [
      "the chosen set has the name of something built in",
      account("https://shop.example", "constructor"),
      null,
      "constructor",
    ],
    ["its address cannot be read", account("shop"), null, null],
  ])("are the right ones where %s", (_what, record, name, lost) => {
    expect(ruleSetOf(record, books)).toEqual({ name, lost });
    expect(rulebookFor(record, books)).toBe(name === null ? shared : books.ruleSets[name]?.rulebook);
  });

  it("speak its language and keep its time", () => {
    const record = { ...account("https://shop.example"), language: "ru", timezone: "Europe/Moscow" } as const;
    const own = rulebookFor(record, books);
    expect(own).toEqual({ ...shared, language: "ru", timezone: "Europe/Moscow", version: own.version });
    expect(own.version).not.toBe(shared.version);
    expect(rulebookFor({ ...record }, books).version).toBe(own.version);
    expect(rulebookFor({ ...record, timezone: null }, books)).toMatchObject({ language: "ru", timezone: "UTC" });
  });

  it("are the shared ones themselves where the choice is what the file says", () => {
    const record = { ...account("https://shop.example"), language: "en", timezone: "UTC" } as const;
    expect(rulebookFor(record, books)).toBe(shared);
  });

  it("share list, index and needs with those of every account", () => {
    const own = rulebookFor({ ...account("https://shop.example"), language: "ru" }, books);
    expect(own.rules).toBe(shared.rules);
    expect(buildIndex(own)).toBe(buildIndex(shared));
    expect(neededEvents(own)).toBe(neededEvents(shared));
  });
});

describe("an owner may choose", () => {
  it.each([
    ["https://shop.example", ["night"]],
    ["https://madrid.example", ["madrid", "night"]],
    ["https://moscow.example", ["moscow", "night"]],
  ])("at %s from %j: no set of other shops", (crmUrl, names) => {
    expect(ruleSetsFor({ crmUrl }, books)).toEqual(names);
  });
});

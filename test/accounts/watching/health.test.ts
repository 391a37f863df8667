import { describe, expect, it } from "vitest";
import {
  counted,
  isFailing,
  isGood,
  isNews,
  readTold,
  type Tally,
  toldFact,
  troubleOf,
} from "../../../src/accounts/watching/health.ts";

const MINUTE = 60_000;

describe("the requests of a connection", () => {
  const after = (...outcomes: boolean[]) =>
    outcomes.reduce((tally: Tally | null, good) => counted(tally, { good, at: 1_000 }), null);
  const many = (good: number, bad: number) => [...Array(good).fill(true), ...Array(bad).fill(false)] as boolean[];

  it.each([
    { good: 0, bad: 9, failing: false },
    { good: 0, bad: 10, failing: true },
    { good: 7, bad: 3, failing: true },
    { good: 8, bad: 2, failing: false },
    { good: 100, bad: 0, failing: false },
    { good: 79, bad: 21, failing: true },
  ])("$good good and $bad bad: failing $failing", ({ good, bad, failing }) => {
    expect(isFailing(after(...many(good, bad)) ?? { since: 0, good: 0, bad: 0 })).toBe(failing);
  });

  it("are counted for a quarter of an hour, then anew", () => {
    const begun = counted(null, { good: false, at: 0 });
    expect(counted(begun, { good: true, at: 15 * MINUTE - 1 })).toEqual({ since: 0, good: 1, bad: 1 });
    expect(counted(begun, { good: true, at: 15 * MINUTE })).toEqual({ since: 15 * MINUTE, good: 1, bad: 0 });
  });

  it("are counted anew when the clock was set back", () => {
    expect(counted({ since: 5_000, good: 1, bad: 8 }, { good: false, at: 4_000 })).toEqual({
      since: 4_000,
      good: 0,
      bad: 1,
    });
  });

  it.each([
    [null, true],
    ["not_found", true],
    ["limited", null],
    ["refused", false],
    ["unavailable", false],
    ["not_json", false],
    ["bad_request", false],
  ] as const)("that end with %s are good: %s", (error, good) => {
    expect(isGood({ error })).toBe(good);
  });
});

describe("what the admins were told", () => {
  const told = readTold({ open: "scopes", at: { scopes: 1_000, requests: 2_000 } });

  it("is told once while it lasts, however long that is", () => {
    expect(isNews(told, "scopes", 1_000 + 100 * 24 * 60 * MINUTE)).toBe(false);
  });

  it("is told once a day at most when it comes back", () => {
    const over = { ...told, open: null };
    expect(isNews(over, "scopes", 1_000 + 24 * 60 * MINUTE - 1)).toBe(false);
    expect(isNews(over, "scopes", 1_000 + 24 * 60 * MINUTE)).toBe(true);
  });

  it("does not keep another trouble from being told", () => {
    expect(isNews(told, "chats_disabled", 1_001)).toBe(true);
  });

  it("comes back from the store as it was, and anything else counts as nothing", () => {
    expect(readTold(toldFact(told))).toEqual(told);
    for (const fact of [null, "x", [], { open: 5, at: { a: "b" } }])
      expect(readTold(fact)).toEqual({ open: null, at: {} });
  });
});

describe("the trouble of a registration", () => {
  it.each([
    [{ kind: "refused", why: "scopes", missing: ["order_read"] }, "scopes"],
    [{ kind: "refused", why: "module", words: [] }, "module"],
    [{ kind: "chats_disabled", words: [] }, "chats_disabled"],
    [{ kind: "no_token" }, "no_token"],
    [{ kind: "token_refused" }, "token_refused"],
    [{ kind: "bad_address", why: "private" }, "bad_address"],
  ] as const)("%j is %s", (registration, trouble) => {
    expect(troubleOf(registration)).toBe(trouble);
  });

  it.each([
    { kind: "registered", gatewayUrl: "", token: "", did: "nothing" },
    { kind: "inactive", why: "switched_off" },
    { kind: "inactive", why: "paused" },
    { kind: "refused", why: "key", words: [] },
    { kind: "unreachable", detail: "" },
    { kind: "not_a_crm" },
    { kind: "moved", detail: "", where: null },
  ] as const)("$kind is none that the account can be told of", (registration) => {
    expect(troubleOf(registration)).toBeNull();
  });
});

import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createVault, isSealed, keyBytes } from "../src/vault.ts";

const OLD = "0123456789abcdef".repeat(4);
const NEW = randomBytes(32).toString("base64");

describe("a vault", () => {
  it.each([{ text: "key" }, { text: "" }, { text: "ключ 🔑" }, { text: "x".repeat(100_000) }])(
    "opens what it sealed ($text.length characters)",
    ({ text }) => {
      const vault = createVault([OLD]);
      const sealed = vault.seal(text, "shop token");
      expect(vault.open(sealed, "shop token")).toBe(text);
      expect(isSealed(sealed)).toBe(true);
    },
  );

  it("shows nothing of the text, and never seals it twice alike", () => {
    const vault = createVault([OLD]);
    const [one, other] = [vault.seal("token-canary", "a"), vault.seal("token-canary", "a")];
    expect(one).not.toBe(other);
    expect(one).not.toContain("canary");
    expect(Buffer.from(one.split(":").at(-1) ?? "", "base64url").toString()).not.toContain("canary");
  });

  it("does not open what was sealed for another row, field or purpose", () => {
    const vault = createVault([OLD]);
    expect(vault.open(vault.seal("token", "shop-1 token"), "shop-2 token")).toBeNull();
  });

  it("does not open what was changed, wherever it was", () => {
    const vault = createVault([OLD]);
    const sealed = vault.seal("abc", "a");
    const head = sealed.lastIndexOf(":") + 1;
    const bytes = Buffer.from(sealed.slice(head), "base64url");
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(vault.open(sealed.slice(0, head) + changed.toString("base64url"), "a")).toBeNull();
    }
  });

  it.each([{ text: "" }, { text: "plain" }, { text: "sealed:1:" }, { text: "sealed:1:ffffffffffff:AAAA" }])(
    "takes $text for nothing it sealed",
    ({ text }) => {
      expect(createVault([OLD]).open(text, "a")).toBeNull();
    },
  );

  it("opens with an old key and seals with the first one", () => {
    const before = createVault([OLD]).seal("token", "a");
    const rotated = createVault([NEW, OLD]);
    expect(rotated.open(before, "a")).toBe("token");
    expect(rotated.isCurrent(before)).toBe(false);
    const after = rotated.seal("token", "a");
    expect(rotated.isCurrent(after)).toBe(true);
    expect(createVault([NEW]).open(after, "a")).toBe("token");
    expect(createVault([OLD]).open(after, "a")).toBeNull();
  });

  it("takes one key in either spelling for the same key", () => {
    const base64 = Buffer.from(OLD, "hex").toString("base64");
    expect(createVault([base64]).open(createVault([OLD]).seal("token", "a"), "a")).toBe("token");
  });

  it.each([{ keys: [] }, { keys: ["short"] }, { keys: [`${OLD}00`] }, { keys: [OLD, "g".repeat(64)] }])(
    "is not made of $keys, and does not repeat them",
    ({ keys }) => {
      const make = () => createVault(keys);
      expect(make).toThrow(RangeError);
      expect(make).not.toThrow(/short|ggg|0123/);
    },
  );
});

describe("a key", () => {
  it.each([
    { text: OLD, is: 32 },
    { text: ` ${OLD.toUpperCase()}\n`, is: 32 },
    { text: NEW, is: 32 },
    { text: Buffer.alloc(31).toString("base64"), is: null },
    { text: "0".repeat(63), is: null },
    { text: "password password password password", is: null },
  ])("of $text.length characters holds $is bytes", ({ text, is }) => {
    expect(keyBytes(text)?.length ?? null).toBe(is);
  });
});

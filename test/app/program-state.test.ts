import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStatusToken } from "../../src/app/program-state.ts";
import { readStatusToken, STATUS_TOKEN } from "../../src/service/status-facts.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { WHOLE_PROGRAM } from "../../src/store/whole-program.ts";
import { createVault } from "../../src/vault.ts";

const [OLD_KEY, NEW_KEY] = ["a".repeat(64), "b".repeat(64)];
const vault = createVault([NEW_KEY]);

let store: Store;
beforeEach(async () => {
  store = await openStore(":memory:");
});
afterEach(() => store.close());

const shared = () => ({ ...store, leases: { ...store.leases, shared: true } });
const fact = () => store.fact(WHOLE_PROGRAM, STATUS_TOKEN);

describe("the token of /status and /operation", () => {
  it("is unguessable, and lies sealed where there is a key to seal with", async () => {
    const token = await openStatusToken({ store, vault });
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(await fact())).not.toContain(token);
    expect(readStatusToken(await fact(), vault)).toBe(token);
    expect(readStatusToken(await fact(), null)).toBeNull();
    expect(readStatusToken(await fact(), createVault([OLD_KEY]))).toBeNull();
  });

  it("can be read by whoever can read the store, where there is none", async () => {
    const token = await openStatusToken({ store, vault: null });
    expect(readStatusToken(await fact(), null)).toBe(token);
  });

  it.each([{ with: vault }, { with: null }])(
    "is made anew at each start of a program that has its store for itself",
    async (given) => {
      const first = await openStatusToken({ store, vault: given.with });
      expect(await openStatusToken({ store, vault: given.with })).not.toBe(first);
    },
  );

  it.each([{ with: vault }, { with: null }])("is one for all replicas", async (given) => {
    const first = await openStatusToken({ store: shared(), vault: given.with });
    expect(await openStatusToken({ store: shared(), vault: given.with })).toBe(first);
  });

  it("stays the same when the key changes, sealed with the new one", async () => {
    const first = await openStatusToken({ store: shared(), vault: createVault([OLD_KEY]) });
    expect(await openStatusToken({ store: shared(), vault: createVault([NEW_KEY, OLD_KEY]) })).toBe(first);
    expect(readStatusToken(await fact(), vault)).toBe(first);
  });

  it("is made anew when its key is lost, and when it lay there unsealed", async () => {
    const lost = await openStatusToken({ store: shared(), vault: createVault([OLD_KEY]) });
    expect(await openStatusToken({ store: shared(), vault })).not.toBe(lost);
    await store.saveFact(WHOLE_PROGRAM, STATUS_TOKEN, "c".repeat(64));
    expect(await openStatusToken({ store: shared(), vault })).not.toBe("c".repeat(64));
  });
});

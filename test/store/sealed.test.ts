import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSecretKeeper } from "../../src/log.ts";
import { openStore } from "../../src/store/open.ts";
import { resealAll, sealedStore } from "../../src/store/sealed.ts";
import type { ConnectionRecord, Store } from "../../src/store/store.ts";
import { createVault, isSealed } from "../../src/vault.ts";

const OLD = "a".repeat(64);
const NEW = "b".repeat(64);
const oldVault = createVault([OLD]);
const rotated = createVault([NEW, OLD]);

const record = (id: string, over: Partial<ConnectionRecord> = {}): ConnectionRecord => ({
  id,
  crmUrl: `https://${id}.retailcrm.ru`,
  clientId: `client-of-${id}`,
  moduleCode: "rulebot",
  gatewayUrl: "https://mg.example",
  token: `token-of-${id}`,
  botId: null,
  apiKey: `key-of-${id}`,
  language: null,
  timezone: null,
  ruleSet: null,
  enabled: true,
  paused: false,
  ...over,
});

let store: Store;
beforeEach(async () => {
  store = await openStore(":memory:");
});
afterEach(() => store.close());

const raw = async (id: string) => {
  const { token, apiKey } = (await store.connection(id)) ?? { token: "?", apiKey: "?" };
  return { token, apiKey };
};

describe("a sealed store", () => {
  it("keeps key and token unreadable in the database and gives them plain", async () => {
    const sealed = sealedStore(store, oldVault);
    expect(await sealed.addConnection(record("shop"))).toEqual(record("shop"));
    expect(JSON.stringify(await store.connection("shop"))).not.toMatch(/token-of|key-of/);
    expect(await sealed.connection("shop")).toEqual(record("shop"));
    expect(await sealed.connectionOfClient("client-of-shop")).toEqual(record("shop"));
    expect(await sealed.connections()).toEqual([record("shop")]);
  });

  it("seals what is changed later, and leaves the rest as it is", async () => {
    const sealed = sealedStore(store, oldVault);
    await sealed.addConnection(record("shop"));
    await sealed.saveAccess("shop", { token: "another-token", botId: 7 });
    await sealed.changeConnection("shop", { apiKey: "another-key", language: "es" });
    expect(JSON.stringify(await store.connection("shop"))).not.toMatch(/another/);
    expect(await sealed.connection("shop")).toEqual(
      record("shop", { token: "another-token", botId: 7, apiKey: "another-key", language: "es" }),
    );
    await sealed.saveAccess("shop", { botId: 8 });
    await sealed.changeConnection("shop", { paused: true });
    expect(await sealed.connection("shop")).toMatchObject({ token: "another-token", apiKey: "another-key", botId: 8 });
  });

  it("keeps null for what there is not", async () => {
    const sealed = sealedStore(store, oldVault);
    await sealed.addConnection(record("own", { token: null, apiKey: null }));
    expect(await raw("own")).toEqual({ token: null, apiKey: null });
    await sealed.saveAccess("own", { token: "token-of-own" });
    await sealed.saveAccess("own", { token: null });
    expect(await sealed.connection("own")).toMatchObject({ token: null, apiKey: null });
  });

  it("gives the stored one plain when the connection is there already", async () => {
    const sealed = sealedStore(store, oldVault);
    await sealed.addConnection(record("shop"));
    const again = await sealed.addConnection(record("shop", { apiKey: "another-key", clientId: "another" }));
    expect(again).toEqual(record("shop"));
  });

  it("seals under a lease too", async () => {
    const sealed = sealedStore(store, oldVault);
    await sealed.addConnection(record("shop"));
    const lease = await store.leases.claim("shop", "me", 15_000);
    if (lease === null) throw new Error("no lease");
    const mine = sealed.under(lease);
    await mine.saveAccess("shop", { token: "another-token" });
    expect((await raw("shop")).token).toSatisfy(isSealed);
    expect(await mine.connection("shop")).toMatchObject({ token: "another-token" });
  });

  it("does not open a value that was moved to another row", async () => {
    const sealed = sealedStore(store, oldVault);
    await sealed.addConnection(record("rich"));
    await sealed.addConnection(record("thief"));
    const { apiKey } = await raw("rich");
    await store.changeConnection("thief", { apiKey });
    expect(await sealed.connection("thief")).toEqual(record("thief", { apiKey: null, unreadable: true }));
  });

  it("tells every secret to the keeper of secrets, old ones too", async () => {
    await sealedStore(store, oldVault).addConnection(record("shop"));
    const secrets = createSecretKeeper();
    await sealedStore(store, oldVault, secrets).connections();
    expect(secrets.clean("token-of-shop and key-of-shop")).toBe("[secret] and [secret]");
    await sealedStore(store, oldVault, secrets).changeConnection("shop", { apiKey: "another-key" });
    expect(secrets.clean("another-key")).toBe("[secret]");
  });
});

describe("a lost key", () => {
  const lost = record("lost", { apiKey: null, token: null, unreadable: true });

  it("leaves its own connection without key and token, which says so, and harms no other", async () => {
    await sealedStore(store, oldVault).addConnection(record("lost"));
    const now = sealedStore(store, createVault([NEW]));
    await now.addConnection(record("fine"));
    expect(await now.connection("lost")).toEqual(lost);
    expect(await now.connectionOfClient("client-of-lost")).toEqual(lost);
    expect(await now.connections()).toEqual([record("fine"), lost]);
  });

  it("is healed by a new API key; the token is asked for anew", async () => {
    await sealedStore(store, oldVault).addConnection(record("lost"));
    const now = sealedStore(store, createVault([NEW]));
    await now.changeConnection("lost", { apiKey: "another-key" });
    expect(await now.connection("lost")).toEqual(record("lost", { token: null, apiKey: "another-key" }));
    await now.saveAccess("lost", { token: "another-token" });
    expect(await now.connection("lost")).toEqual(record("lost", { token: "another-token", apiKey: "another-key" }));
  });

  it("takes nothing from the account of the file, whose key is there, but a token that is asked for anew", async () => {
    await sealedStore(store, oldVault).addConnection(record("own", { apiKey: null }));
    const now = sealedStore(store, createVault([NEW]));
    expect(await now.connection("own")).toEqual(record("own", { apiKey: null, token: null }));
    expect(await resealAll(store, createVault([NEW]))).toEqual({ sealed: 0, unreadable: [] });
  });

  it("never hands out what is sealed when no key is set at all, and names it", async () => {
    await sealedStore(store, oldVault).addConnection(record("lost"));
    const now = sealedStore(store, null);
    expect(await now.connection("lost")).toEqual(lost);
    expect(await resealAll(store, null)).toEqual({ sealed: 0, unreadable: ["lost"] });
  });
});

it("a store without a key keeps values as they are", async () => {
  const plain = sealedStore(store, null);
  await plain.addConnection(record("shop"));
  expect(await raw("shop")).toEqual({ token: "token-of-shop", apiKey: "key-of-shop" });
  expect(await plain.connection("shop")).toEqual(record("shop"));
});

describe("sealing anew at the start", () => {
  it("seals plain values of before and those of an old key, once, and names what it cannot open", async () => {
    await store.addConnection(record("plain", { apiKey: null }));
    await sealedStore(store, oldVault).addConnection(record("old"));
    await sealedStore(store, rotated).addConnection(record("new"));
    await sealedStore(store, createVault(["c".repeat(64)])).addConnection(record("lost"));
    await store.addConnection(record("empty", { apiKey: null, token: null }));
    const lost = await raw("lost");

    expect(await resealAll(store, rotated)).toEqual({ sealed: 2, unreadable: ["lost"] });

    const fresh = sealedStore(store, createVault([NEW]));
    expect(await fresh.connection("old")).toEqual(record("old"));
    expect(await fresh.connection("new")).toEqual(record("new"));
    expect(await fresh.connection("plain")).toEqual(record("plain", { apiKey: null }));
    expect(await raw("lost")).toEqual(lost);
    expect(await resealAll(store, rotated)).toEqual({ sealed: 0, unreadable: ["lost"] });
    // Connected again, while its old token still lies there.
    await store.changeConnection("lost", { apiKey: "another-key" });
    expect(await resealAll(store, rotated)).toEqual({ sealed: 1, unreadable: [] });
    expect(await fresh.connection("lost")).toEqual(record("lost", { token: null, apiKey: "another-key" }));
  });
});

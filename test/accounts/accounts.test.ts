import { createHmac } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { STANDING } from "../../src/accounts/facts.ts";
import { newRecord } from "../../src/connection/registering/record.ts";
import { rulebook } from "../engine/world.ts";
import { asked, bench, closeBenches, connected, moduleOf, SECRET } from "./bench.ts";

afterEach(closeBenches);

describe("connecting an account", () => {
  it("registers the module under an id nobody can guess, keeps key and token, and has the work begun", async () => {
    const here = await bench();
    const outcome = await here.accounts.connect(asked(here));
    expect(outcome).toMatchObject({ kind: "connected", again: false });
    const [record] = await here.store.connections();
    expect(record).toMatchObject({
      crmUrl: here.sandbox.crmUrl,
      apiKey: here.sandbox.apiKey,
      gatewayUrl: here.sandbox.gatewayUrl,
      language: "es",
      enabled: true,
      paused: false,
    });
    expect(record?.clientId).toMatch(/^[0-9a-f]{64}$/);
    expect(moduleOf(here)?.fields).toMatchObject({
      clientId: record?.clientId,
      accountUrl: `https://bot.example/settings/${record?.clientId}`,
      actions: { activity: "/actions/activity", settings: "/actions/settings" },
    });
    expect(here.looked()).toBe(1);
  });

  it("makes one module and one connection of two clicks at once", async () => {
    const here = await bench();
    const outcomes = await Promise.all([here.accounts.connect(asked(here)), here.accounts.connect(asked(here))]);
    expect(outcomes.map((one) => one.kind === "connected" && one.again)).toEqual([false, true]);
    expect(await here.store.connections()).toHaveLength(1);
    expect(here.sandbox.requests.filter(({ path }) => path.endsWith("/edit"))).toHaveLength(1);
  });

  it.each(["checks", "registers"])(
    "makes one connection when another replica connects the account while this one %s it",
    async (when) => {
      const here = await bench();
      const quicker = async () => {
        const made = newRecord({ crmUrl: here.sandbox.crmUrl, moduleCode: "rulebot" });
        await here.store.addConnection({ ...made, apiKey: here.sandbox.apiKey });
      };
      const off = here.sandbox.on((change) => {
        const isNow = when === "checks" ? "/api/system-info" : "/edit";
        if (change.kind !== "request" || !change.request.path.endsWith(isNow)) return;
        off();
        void quicker();
      });
      const outcome = await here.accounts.connect(asked(here));
      expect(outcome).toMatchObject({ kind: "connected", again: true });
      const rows = await here.store.connections();
      expect(rows).toHaveLength(1);
      if (when === "registers") expect(moduleOf(here)?.fields.clientId).toBe(rows[0]?.clientId);
    },
  );

  it("repairs an account that is connected already with the new key, and registers nothing anew", async () => {
    const here = await bench();
    await here.accounts.connect(asked(here));
    const [before] = await here.store.connections();
    const apiKey = here.sandbox.newKey();
    const outcome = await here.accounts.connect(asked(here, { apiKey }));
    expect(outcome).toMatchObject({ kind: "connected", again: true });
    expect(await here.store.connections()).toEqual([{ ...before, apiKey }]);
  });

  it.each([
    { why: "wrong_key", over: { apiKey: "wrong" } },
    { why: "key_missing", over: { apiKey: "  " } },
    { why: "address", over: { address: "http://169.254.169.254" } },
    { why: "address", over: { address: "https://retailcrm.ru.evil.example" } },
  ])("refuses $why, and leaves nothing behind", async ({ why, over }) => {
    const here = await bench();
    const outcome = await here.accounts.connect(asked(here, over));
    expect(outcome).toMatchObject({ kind: "refused", refusal: { why } });
    expect([await here.store.connections(), moduleOf(here), here.looked()]).toEqual([[], undefined, 0]);
  });

  it("names the rights that a key lacks, and leaves nothing behind", async () => {
    const here = await bench();
    const apiKey = here.sandbox.newKey({ scopes: ["integration_read"] });
    const outcome = await here.accounts.connect(asked(here, { apiKey }));
    expect(outcome).toEqual({ kind: "refused", refusal: { why: "scopes", missing: ["integration_write"] } });
    expect([await here.store.connections(), moduleOf(here)]).toEqual([[], undefined]);
  });

  it("switches a module off again that the CRM took, but that cannot work, and connects it once it can", async () => {
    const here = await bench();
    const { gatewayUrl } = here.sandbox;
    here.sandbox.moveGateway("http://10.0.0.1");
    const outcome = await here.accounts.connect(asked(here));
    expect(outcome).toMatchObject({ kind: "refused", refusal: { why: "bad_gateway_address" } });
    expect([await here.store.connections(), moduleOf(here)?.active]).toEqual([[], false]);
    here.sandbox.moveGateway(gatewayUrl);
    expect(await here.accounts.connect(asked(here))).toMatchObject({ kind: "connected", again: false });
    expect(moduleOf(here)?.active).toBe(true);
  });

  it("says that chats are disabled, and leaves nothing behind", async () => {
    const here = await bench({ behaviour: { chatsEnabled: false } });
    const outcome = await here.accounts.connect(asked(here));
    expect(outcome).toMatchObject({ kind: "refused", refusal: { why: "chats_disabled" } });
    expect(await here.store.connections()).toEqual([]);
  });

  it("switches a module on that was switched off before: a person has pressed the button", async () => {
    const here = await bench();
    await here.accounts.connect(asked(here));
    const [record] = await here.store.connections();
    await here.store.removeConnection(record?.id ?? "");
    await here.sandbox.setModule("rulebot", { active: false });
    expect(await here.accounts.connect(asked(here))).toMatchObject({ kind: "connected" });
    expect(moduleOf(here)?.active).toBe(true);
  });
});

describe("connecting in one step", () => {
  const signed = (apiKey: string, secret = SECRET) => createHmac("sha256", secret).update(apiKey).digest("hex");

  it("connects what the marketplace has signed", async () => {
    const here = await bench();
    const { apiKey, crmUrl } = here.sandbox;
    const outcome = await here.accounts.connectInOneStep({ token: signed(apiKey), apiKey, systemUrl: crmUrl });
    expect(outcome).toMatchObject({ kind: "connected" });
  });

  it.each([
    { name: "another secret", token: (key: string) => signed(key, "guess") },
    { name: "another key", token: () => signed("another key") },
    { name: "no token", token: () => "" },
    { name: "half of the token", token: (key: string) => signed(key).slice(0, 32) },
    { name: "no text of hex digits", token: () => "z".repeat(64) },
  ])("refuses a token of $name, and asks nobody", async ({ token }) => {
    const here = await bench();
    const { apiKey, crmUrl } = here.sandbox;
    const outcome = await here.accounts.connectInOneStep({ token: token(apiKey), apiKey, systemUrl: crmUrl });
    expect(outcome).toEqual({ kind: "refused", refusal: { why: "not_signed" } });
    expect(here.sandbox.requests).toEqual([]);
  });

  it("refuses everything where no secret is set", async () => {
    const here = await bench({}, { secret: null });
    const { apiKey, crmUrl } = here.sandbox;
    const outcome = await here.accounts.connectInOneStep({ token: signed(apiKey, ""), apiKey, systemUrl: crmUrl });
    expect(outcome).toEqual({ kind: "refused", refusal: { why: "not_signed" } });
  });

  it("does not point a connected account elsewhere when a captured call is sent again with another address", async () => {
    const here = await bench();
    const { apiKey } = here.sandbox;
    await here.accounts.connect(asked(here));
    const before = await here.store.connections();
    const systemUrl = "https://shop-of-somebody.retailcrm.ru.evil.example";
    const outcome = await here.accounts.connectInOneStep({ token: signed(apiKey), apiKey, systemUrl });
    expect(outcome).toMatchObject({ kind: "refused", refusal: { why: "address" } });
    expect(await here.store.connections()).toEqual(before);
  });
});

describe("an account that is connected", () => {
  it("is opened by its own key, and by another one, which is kept once its own no longer works", async () => {
    const { accounts, sandbox, store, record } = await connected();
    expect(await accounts.signIn(record.clientId, ` ${sandbox.apiKey} `)).toMatchObject({ kind: "signed_in" });
    const other = sandbox.newKey();
    expect(await accounts.signIn(record.clientId, other)).toMatchObject({ kind: "signed_in" });
    expect((await store.connection(record.id))?.apiKey).toBe(sandbox.apiKey);
    sandbox.deleteKey(sandbox.apiKey);
    expect(await accounts.signIn(record.clientId, other)).toMatchObject({ kind: "signed_in" });
    expect((await store.connection(record.id))?.apiKey).toBe(other);
  });

  it("is not opened by a wrong key or a guessed id", async () => {
    const { accounts, sandbox, record } = await connected();
    expect(await accounts.signIn(record.clientId, "wrong")).toMatchObject({ kind: "refused" });
    expect(await accounts.signIn("guessed", sandbox.apiKey)).toEqual({ kind: "unknown" });
  });

  it("keeps what its owner chooses, but nothing that does not exist", async () => {
    const { accounts, store, record } = await connected();
    await accounts.change(record.id, { language: "ru", timezone: "Europe/Madrid", ruleSet: "paris", enabled: false });
    const chosen = { language: "ru", timezone: "Europe/Madrid", ruleSet: "paris", enabled: false };
    expect(await store.connection(record.id)).toMatchObject(chosen);
    await accounts.change(record.id, { language: "ru", timezone: "Mars/Base", ruleSet: "../secrets", enabled: true });
    expect(await store.connection(record.id)).toMatchObject({ timezone: null, ruleSet: null, enabled: true });
  });

  it("is paused and resumed by the operator, alone or with all", async () => {
    const { accounts, record } = await connected();
    expect(await accounts.pause(record.id, true)).toEqual([record.id]);
    expect((await accounts.byId(record.id))?.standing).toBe("paused");
    expect(await accounts.pause(record.id, true)).toEqual([]);
    expect(await accounts.pause(null, false)).toEqual([record.id]);
    expect((await accounts.list()).map(({ paused }) => paused)).toEqual([false]);
  });

  it.each([
    { fact: { kind: "registered", why: null, socket: "open" }, standing: "working" },
    { fact: { kind: "registered", why: null, socket: "waiting" }, standing: "gateway" },
    { fact: { kind: "registered", why: null, socket: null }, standing: "starting" },
    { fact: { kind: "refused", why: "key" }, standing: "needs_reconnect" },
    { fact: { kind: "refused", why: "scopes" }, standing: "scopes" },
    { fact: { kind: "inactive", why: "frozen" }, standing: "frozen" },
    { fact: { kind: "moved", why: null }, standing: "moved" },
    { fact: { kind: "not_a_crm", why: null }, standing: "gone" },
    { fact: { kind: "inactive", why: "paused" }, standing: "starting" },
    { fact: null, standing: "starting" },
  ])("stands as whoever works on it has told: $standing", async ({ fact, standing }) => {
    const { accounts, store, record } = await connected();
    await store.leases.claim(record.id, "another", 60_000);
    await store.saveFact(record.id, STANDING, fact);
    expect((await accounts.byClientId(record.clientId))?.standing).toBe(standing);
  });

  it("does not stand as if it worked where nobody works on it", async () => {
    const { accounts, store, record } = await connected();
    await store.saveFact(record.id, STANDING, { kind: "registered", why: null, socket: "open" });
    expect((await accounts.list()).map(({ standing }) => standing)).toEqual(["unattended"]);
  });

  it("is looked at when the CRM calls back, once for many calls, and never for a guessed id", async () => {
    const { accounts, store, record, looked } = await connected();
    const revision = async () => (await store.leases.holdings())[0]?.revision ?? 0;
    const [before, lookedBefore] = [await revision(), looked()];
    expect(await accounts.hint("guessed", "activity", null)).toBe(false);
    for (let call = 0; call < 50; call++) expect(await accounts.hint(record.clientId, "activity", null)).toBe(true);
    expect([(await revision()) - before, looked() - lookedBefore]).toEqual([1, 1]);
  });

  it.each([
    { how: "as it tells there", renaming: {} },
    { how: "where its old address leads", renaming: { old: "moved" as const } },
  ])("moves to the address that it says itself, $how, and is then asked there", async ({ renaming }) => {
    const { accounts, store, sandbox, record } = await connected();
    const address = await sandbox.renameAccount(renaming);
    await accounts.hint(record.clientId, "activity", address);
    await expect.poll(async () => (await store.connection(record.id))?.crmUrl, { timeout: 15_000 }).toBe(address);
  });

  it("does not move because an unsigned call says so", async () => {
    const { accounts, store, sandbox, record, log } = await connected();
    const moved = new URL(sandbox.crmUrl);
    moved.hostname = "127.2.0.1";
    await accounts.hint(record.clientId, "activity", moved.origin);
    await sandbox.waitFor(({ kind }) => kind === "request").catch(() => {});
    expect((await store.connection(record.id))?.crmUrl).toBe(record.crmUrl);
    expect(log.text()).not.toContain("new address");
  });
});

const ORDERS = rulebook(
  "- rule: Order\n  when: {message: any}\n  do:\n    - look_up: product\n      by: {name: tea}\n      found:\n        - look_up: customer",
);
const FEW = ["integration_read", "integration_write"];

describe("an account whose rules need more rights than its key has", () => {
  async function lacking() {
    const here = await bench({}, {}, [], ORDERS);
    const apiKey = here.sandbox.newKey({ scopes: FEW });
    const outcome = await here.accounts.connect(asked(here, { apiKey }));
    if (outcome.kind === "refused") throw new Error("it was not connected");
    const { clientId, connectionId } = outcome.account;
    const key = async () => (await here.store.connection(connectionId))?.apiKey;
    return { ...here, apiKey, account: outcome.account, clientId, connectionId, key };
  }

  it("is connected, and told at once what is missing", async () => {
    const { account } = await lacking();
    expect(account.missingRights).toEqual(["customer_read", "store_read"]);
  });

  it("takes over another key that has more of them, on its settings page", async () => {
    const { accounts, sandbox, clientId, key } = await lacking();
    const better = sandbox.newKey({ scopes: [...FEW, "store_read"] });
    expect(await accounts.signIn(clientId, better)).toMatchObject({
      kind: "signed_in",
      account: { missingRights: ["customer_read"] },
    });
    expect(await key()).toBe(better);
    const best = sandbox.newKey();
    expect(await accounts.signIn(clientId, best)).toMatchObject({ account: { missingRights: [] } });
    expect(await key()).toBe(best);
  });

  it("keeps its key when another one has not more of them, or lacks one that ours has", async () => {
    const { accounts, sandbox, apiKey, clientId, key } = await lacking();
    await accounts.signIn(clientId, sandbox.newKey({ scopes: [...FEW, "order_read"] }));
    expect(await key()).toBe(apiKey);
    sandbox.changeKey(apiKey, { scopes: [...FEW, "store_read"] });
    await accounts.signIn(clientId, sandbox.newKey({ scopes: [...FEW, "customer_read"] }));
    expect(await key()).toBe(apiKey);
  });

  it("is no longer told so once its key was given the rights in the CRM, and is entered again", async () => {
    const { accounts, sandbox, apiKey, clientId } = await lacking();
    sandbox.changeKey(apiKey, { scopes: [...FEW, "store_read", "customer_read"] });
    expect(await accounts.signIn(clientId, apiKey)).toMatchObject({ account: { missingRights: [] } });
  });

  it("is connected and opened also while its CRM does not say what the key may do", async () => {
    const { accounts, sandbox, apiKey, clientId } = await lacking();
    sandbox.faults.add({ kind: "status", status: 500, times: null, match: { path: "/api/credentials" } });
    expect(await accounts.signIn(clientId, apiKey)).toMatchObject({ kind: "signed_in" });
  });
});

describe("removing an account", () => {
  it("takes the module and the connection away, has the work ended, and lets it connect anew", async () => {
    const here = await bench();
    await here.accounts.connect(asked(here));
    const [record] = await here.store.connections();
    const id = record?.id ?? "";
    const before = here.looked();
    expect(await here.accounts.remove(id)).toEqual({ kind: "removed", connectionId: id, module: "switched_off" });
    expect(moduleOf(here)?.active).toBe(false);
    expect(await here.accounts.byClientId(record?.clientId ?? "")).toBeNull();
    expect(here.looked()).toBe(before + 1);
    expect(await here.accounts.remove(id)).toEqual({ kind: "gone" });

    expect(await here.accounts.connect(asked(here))).toMatchObject({ kind: "connected", again: false });
    expect(moduleOf(here)?.active).toBe(true);
    expect((await here.store.connections())[0]?.clientId).not.toBe(record?.clientId);
  });

  it("at the moment in which it is connected again waits for that, and the other way round", async () => {
    const here = await bench();
    await here.accounts.connect(asked(here));
    const id = (await here.store.connections())[0]?.id ?? "";
    const [removal] = await Promise.all([here.accounts.remove(id), here.accounts.connect(asked(here))]);
    expect(removal).toMatchObject({ kind: "removed" });
    // Whoever came last decides: never a module that is on with nobody to answer.
    expect(moduleOf(here)?.active).toBe((await here.store.connections()).length === 1);
  });
});

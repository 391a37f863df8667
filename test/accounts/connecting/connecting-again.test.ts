import { afterEach, describe, expect, it } from "vitest";
import { createAccounts } from "../../../src/accounts/accounts.ts";
import { STANDING } from "../../../src/accounts/facts.ts";
import { connectionId, newRecord } from "../../../src/connection/registering/record.ts";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { sealedStore } from "../../../src/store/sealed.ts";
import { createVault } from "../../../src/vault.ts";
import { createVirtualClock } from "../../helpers/virtual-clock.ts";
import { asked, type Bench, bench, closeBenches, connected, moduleOf, neighbour } from "../bench.ts";

afterEach(closeBenches);

const edits = ({ sandbox }: Bench) => sandbox.requests.filter(({ path }) => path.endsWith("/edit"));

describe("an account that was renamed, connected under its new address", () => {
  it("stays the same connection with all that its owner has chosen", async () => {
    const here = await connected();
    const chosen = { language: "ru", timezone: "Europe/Madrid", ruleSet: "paris", enabled: true } as const;
    await here.accounts.change(here.record.id, chosen);
    const address = await here.sandbox.renameAccount({ old: "gone" });
    const apiKey = here.sandbox.newKey();
    expect(await here.accounts.connect(asked(here, { address, apiKey }))).toMatchObject({
      kind: "connected",
      account: { connectionId: here.record.id, clientId: here.record.clientId },
      again: true,
    });
    expect(await here.store.connections()).toEqual([{ ...here.record, ...chosen, crmUrl: address, apiKey }]);
    // The module needed no change: its client id is still the one of this connection.
    expect(edits(here)).toHaveLength(1);
  });

  it("stays so when it is connected once more there", async () => {
    const here = await connected();
    const address = await here.sandbox.renameAccount({ old: "gone" });
    for (let again = 0; again < 2; again++) await here.accounts.connect(asked(here, { address }));
    expect(await here.store.connections()).toEqual([{ ...here.record, crmUrl: address }]);
  });

  it("leaves the account of the file where the file says, and makes no second connection", async () => {
    const here = await bench({}, (sandbox) => ({ own: ownOf(sandbox) }));
    const own = await here.store.addConnection(newRecord({ crmUrl: here.sandbox.crmUrl, moduleCode: "rulebot" }));
    await here.accounts.connect(asked(here));
    const address = await here.sandbox.renameAccount();
    expect(await here.accounts.connect(asked(here, { address }))).toMatchObject({ kind: "connected", again: true });
    const { gatewayUrl } = here.sandbox;
    const token = moduleOf(here)?.token ?? null;
    expect(await here.store.connections()).toEqual([{ ...own, gatewayUrl, token }]);
  });
});

describe("an account whose module claims somebody else's client id", () => {
  it.each([
    { name: "without the token", forget: false },
    { name: "while no token is known to us", forget: true },
  ])(
    "fails without the token as proof of an account: $name gets a connection of its own, and changes nothing of the other",
    async ({ forget }) => {
      const hostile = await neighbour();
      const here = await bench({}, {}, [hostile]);
      await here.accounts.connect(asked(here));
      const [victim] = await here.store.connections();
      if (victim === undefined) throw new Error("it was not connected");
      if (forget) await here.store.saveAccess(victim.id, { token: null });
      const before = await here.store.connection(victim.id);
      const crm = here.options.crmOf({ url: hostile.crmUrl, apiKey: hostile.apiKey });
      const fields = { code: "rulebot", name: "Helper", clientId: victim.clientId, baseUrl: "https://bot.example" };
      await crm.editModule({ ...fields, active: true, integrations: { mgBot: {} } });
      crm.close();
      const { crmUrl: address, apiKey } = hostile;
      const outcome = await here.accounts.connect(asked(here, { address, apiKey }));
      expect(outcome).toMatchObject({ kind: "connected", again: false, account: { crmUrl: address } });
      expect(await here.store.connection(victim.id)).toEqual(before);
      expect(await here.store.connections()).toHaveLength(2);
      expect(hostile.world.modules.get("rulebot")?.fields.clientId).not.toBe(victim.clientId);
    },
  );
});

describe("an account whose encryption key is lost", () => {
  async function lost() {
    const here = await bench();
    const before = createAccounts({ ...here.options, store: sealedStore(here.store, createVault(["a".repeat(64)])) });
    await before.connect(asked(here));
    const store = sealedStore(here.store, createVault(["b".repeat(64)]));
    const [record] = await store.connections();
    if (record === undefined) throw new Error("it was not connected");
    await store.saveFact(record.id, STANDING, { kind: "registered", why: null });
    return { ...here, store, record, accounts: createAccounts({ ...here.options, store }) };
  }

  it("is among all accounts, and does not stand as if it worked", async () => {
    const { accounts, record } = await lost();
    expect((await accounts.list()).map(({ standing }) => standing)).toEqual(["no_key"]);
    expect((await accounts.byClientId(record.clientId))?.standing).toBe("no_key");
  });

  it("is connected again through the form: the same connection, with a key that can be read", async () => {
    const here = await lost();
    const outcome = await here.accounts.connect(asked(here));
    expect(outcome).toMatchObject({ kind: "connected", again: true, account: { clientId: here.record.clientId } });
    expect(await here.store.connections()).toEqual([
      {
        ...here.record,
        unreadable: undefined,
        apiKey: here.sandbox.apiKey,
        token: moduleOf(here)?.token,
      },
    ]);
  });

  it("is healed on its settings page, too, by a key that the account accepts and no other", async () => {
    const { accounts, store, sandbox, record } = await lost();
    expect(await accounts.signIn(record.clientId, "wrong")).toMatchObject({ kind: "refused" });
    expect((await store.connection(record.id))?.unreadable).toBe(true);
    expect(await accounts.signIn(record.clientId, sandbox.apiKey)).toMatchObject({ kind: "signed_in" });
    expect(await store.connection(record.id)).toMatchObject({ apiKey: sandbox.apiKey });
  });
});

describe("an account that the file named once", () => {
  async function once() {
    const here = await bench();
    const record = await here.store.addConnection(newRecord({ crmUrl: here.sandbox.crmUrl, moduleCode: "rulebot" }));
    await here.store.saveFact(record.id, STANDING, { kind: "registered", why: null });
    return { ...here, record };
  }

  it("says that it has no key, and has one once it is connected", async () => {
    const here = await once();
    expect((await here.accounts.byId(here.record.id))?.standing).toBe("no_key");
    expect(await here.accounts.connect(asked(here))).toMatchObject({ kind: "connected", again: true });
    expect((await here.store.connection(here.record.id))?.apiKey).toBe(here.sandbox.apiKey);
    expect((await here.accounts.byId(here.record.id))?.standing).not.toBe("no_key");
  });

  it("takes the key that opens its settings page", async () => {
    const { accounts, store, sandbox, record } = await once();
    expect(await accounts.signIn(record.clientId, sandbox.apiKey)).toMatchObject({ kind: "signed_in" });
    expect((await store.connection(record.id))?.apiKey).toBe(sandbox.apiKey);
  });

  it("and one that the file still names keeps its key there", async () => {
    const here = await bench({}, (sandbox) => ({ own: ownOf(sandbox) }));
    const { id, clientId } = await here.store.addConnection(
      newRecord({ crmUrl: here.sandbox.crmUrl, moduleCode: "rulebot" }),
    );
    const other = here.sandbox.newKey();
    expect(await here.accounts.connect(asked(here, { apiKey: other }))).toMatchObject({ kind: "connected" });
    expect(await here.accounts.signIn(clientId, other)).toMatchObject({ kind: "signed_in" });
    expect((await here.store.connection(id))?.apiKey).toBeNull();
    expect((await here.accounts.byId(id))?.standing).not.toBe("no_key");
  });
});

describe("connecting an account again", () => {
  it("switches its module on: a person has pressed the button", async () => {
    const here = await connected();
    await here.sandbox.setModule("rulebot", { active: false });
    expect(await here.accounts.connect(asked(here))).toMatchObject({ kind: "connected", again: true });
    expect(moduleOf(here)?.active).toBe(true);
    expect(moduleOf(here)?.fields.clientId).toBe(here.record.clientId);
  });

  it("says that the CRM has frozen the module, writes nothing there, and keeps the key for later", async () => {
    const here = await connected();
    await here.sandbox.setModule("rulebot", { freeze: true });
    const apiKey = here.sandbox.newKey();
    expect(await here.accounts.connect(asked(here, { apiKey }))).toEqual({
      kind: "refused",
      refusal: { why: "switched_off" },
    });
    expect(edits(here)).toHaveLength(1);
    expect((await here.store.connection(here.record.id))?.apiKey).toBe(apiKey);
  });

  it("registers a module anew that has gone from the account, under the same id", async () => {
    const here = await connected();
    (here.sandbox.world.modules as Map<string, unknown>).delete("rulebot");
    expect(await here.accounts.connect(asked(here))).toMatchObject({ kind: "connected", again: true });
    expect(moduleOf(here)?.fields.clientId).toBe(here.record.clientId);
    expect((await here.store.connection(here.record.id))?.token).toBe(moduleOf(here)?.token);
  });
});

describe("a CRM that is slow to register the module", () => {
  it.each([
    { name: "asks for patience of minutes", fault: { kind: "status", status: 503, headers: { "retry-after": "300" } } },
    { name: "never answers", fault: { kind: "hang" } },
  ] as const)(
    "fails without the limit of registering: one that $name is given up, and the next try is free",
    async ({ fault }) => {
      const clock = createVirtualClock();
      const here = await bench({}, { clock });
      const match = { path: /\/edit$/ };
      const limit = here.sandbox.faults.add({ ...fault, match, times: null });
      const connecting = here.accounts.connect(asked(here));
      await here.sandbox.waitFor((change) => change.kind === "request" && change.request.path.endsWith("/edit"));
      const second = here.accounts.connect(asked(here));
      await clock.advance(60_000);
      expect(await connecting).toMatchObject({ kind: "refused", refusal: { why: "unreachable" } });
      limit();
      expect(await second).toMatchObject({ kind: "connected" });
      expect(await here.store.connections()).toHaveLength(1);
    },
  );
});

const ownOf = ({ crmUrl, apiKey }: Sandbox) => ({ id: connectionId({ crmUrl, moduleCode: "rulebot" }), apiKey });

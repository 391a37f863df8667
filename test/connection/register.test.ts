import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCrmApi } from "../../src/api/crm.ts";
import { systemClock } from "../../src/clock.ts";
import { newRecord } from "../../src/connection/registering/record.ts";
import { type Registration, readAccess, register } from "../../src/connection/registering/register.ts";
import { registrationSentence } from "../../src/connection/registering/sentences.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/index.ts";
import type { ConnectionRecord } from "../../src/store/store.ts";
import { answer, freePort, startHttpServer, type TestServer } from "../helpers/http-server.ts";
import { createTestLog } from "../helpers/test-log.ts";

const MODULE = { code: "rulebot", name: "Helper", publicUrl: "https://bot.example.com/" };
const HEX_64 = /^[0-9a-f]{64}$/;

let sandbox: Sandbox;
let record: ConnectionRecord;
let server: TestServer | null = null;

async function begin(options: SandboxOptions = {}): Promise<void> {
  sandbox = await startSandbox(options);
  record = newRecord({ crmUrl: sandbox.crmUrl, moduleCode: MODULE.code });
}

function options(over: { url?: string; apiKey?: string; record?: ConnectionRecord; module?: typeof MODULE } = {}) {
  const clock = { ...systemClock, sleep: async () => {} };
  const { url = sandbox.crmUrl, apiKey = sandbox.apiKey } = over;
  const crm = createCrmApi({ url, apiKey, clock, random: () => 0, log: createTestLog().log });
  return { crm, record: over.record ?? record, module: over.module ?? MODULE, lookup: async () => ["127.0.0.1"] };
}

const edits = () => sandbox.requests.filter(({ method, path }) => method === "POST" && path.endsWith("/edit"));
const lastEdit = () => {
  const form = (edits().at(-1)?.body ?? {}) as { readonly integrationModule?: string };
  return JSON.parse(form.integrationModule ?? "{}");
};
const kept = (got: Registration): ConnectionRecord =>
  got.kind === "registered" ? { ...record, gatewayUrl: got.gatewayUrl, token: got.token } : record;
const english = (got: Registration) => registrationSentence(got, "https://shop.example").en;

beforeEach(() => begin());
afterEach(async () => {
  await sandbox.stop();
  await server?.stop();
  server = null;
});

describe("a module that the account does not have", () => {
  it("is created and switched on, with an id that cannot be guessed", async () => {
    const got = await register(options());
    expect(got).toMatchObject({ kind: "registered", did: "created", gatewayUrl: sandbox.gatewayUrl });
    expect(record.clientId).toMatch(HEX_64);
    expect(lastEdit()).toEqual({
      code: "rulebot",
      integrationCode: "rulebot",
      active: true,
      name: "Helper",
      clientId: record.clientId,
      baseUrl: "https://bot.example.com",
      accountUrl: `https://bot.example.com/settings/${record.clientId}`,
      actions: { activity: "/actions/activity", settings: "/actions/settings" },
      availableCountries: [],
      integrations: { mgBot: {} },
    });
  });

  it("is one module when two starts register it at once", async () => {
    const both = await Promise.all([register(options()), register(options())]);
    expect(both.map(({ kind }) => kind)).toEqual(["registered", "registered"]);
    expect([...sandbox.world.modules.keys()]).toEqual(["rulebot"]);
  });

  it("is not taken for registered with the token of a module that was there before", async () => {
    server = await startHttpServer((response, { path, method }) => {
      if (path === "/api/credentials")
        return answer(response, 200, { success: true, scopes: ["integration_read", "integration_write"] });
      if (method === "POST") return answer(response, 200, { success: true, info: [] });
      return answer(response, 404, { success: false, errorMsg: "Not found" });
    });
    const old = { ...record, gatewayUrl: "http://127.0.0.1:1", token: "0".repeat(65) };
    expect(await register(options({ url: server.url, record: old }))).toEqual({ kind: "no_token" });
  });
});

describe("a module that is there and active", () => {
  it("is left alone when nothing differs, and its token is read from it", async () => {
    const first = await register(options());
    const before = edits().length;
    const got = await register(options({ record: { ...kept(first), token: null } }));
    expect(got).toEqual({ ...first, did: "nothing" });
    expect(edits().length).toBe(before);
  });

  it("is updated when its name differs, without switching anything and without a new token", async () => {
    const first = await register(options());
    const got = await register(options({ record: kept(first), module: { ...MODULE, name: "New name" } }));
    expect(got).toEqual({ ...first, did: "updated" });
    expect(lastEdit()).not.toHaveProperty("active");
    expect(lastEdit().integrations).toEqual({ mgBot: {} });
    expect(lastEdit().name).toBe("New name");
  });

  it("is written again when we have no address", async () => {
    const first = await register(options());
    const got = await register(options());
    expect(got).toEqual({ ...first, did: "updated" });
  });

  it("gives its token from the store when an edit does not answer it", async () => {
    await sandbox.stop();
    await begin({ behaviour: { editAnswersToken: false } });
    const first = await register(options());
    const got = await register(options({ record: kept(first), module: { ...MODULE, name: "New name" } }));
    expect(got).toEqual({ ...first, did: "updated" });
  });

  it("is said to give no address where neither the answer nor the module nor the store has one", async () => {
    await sandbox.stop();
    await begin({ behaviour: { editAnswersToken: false } });
    await register(options());
    const got = await register(options());
    expect(english(got)).toBe(
      "The CRM accepted the module but gave no chat address or token. The bot asks again later.",
    );
  });
});

describe("a module that does not work", () => {
  it.each([
    {
      state: { active: false },
      says: "The module is switched off in the CRM. Switch it on there, or run `rulebot register`; until then the bot waits.",
    },
    {
      state: { freeze: true },
      says: "The CRM has frozen the module (as a rule because it is unpaid). The bot waits until the CRM releases it.",
    },
  ])("$state is not switched on by a start", async ({ state, says }) => {
    await register(options());
    await sandbox.setModule("rulebot", state);
    const before = edits().length;
    const got = await register(options());
    expect(english(got)).toBe(says);
    expect(edits().length).toBe(before);
  });

  it("is switched on by hand", async () => {
    const first = await register(options());
    await sandbox.setModule("rulebot", { active: false });
    const got = await register({ ...options({ record: kept(first) }), switchOn: true });
    expect(got).toEqual({ ...first, did: "switched_on" });
    expect(lastEdit().active).toBe(true);
  });

  it("is not switched on even by hand while the CRM has frozen it: only the CRM releases it", async () => {
    const first = await register(options());
    await sandbox.setModule("rulebot", { freeze: true });
    const before = edits().length;
    const got = await register({ ...options({ record: kept(first) }), switchOn: true });
    expect(got).toEqual({ kind: "inactive", why: "frozen" });
    expect(edits().length).toBe(before);
  });

  it("is reported by a look at it, and so is its absence", async () => {
    expect(await readAccess(options())).toBe(null);
    await register(options());
    await sandbox.setModule("rulebot", { active: false });
    expect(await readAccess(options())).toEqual({ kind: "inactive", why: "switched_off" });
  });
});

describe("a look at a module with a key that is refused", () => {
  it.each([
    { lost: "its rights", apiKey: () => sandbox.newKey({ scopes: ["order_read"] }), why: "scopes" },
    { lost: "all worth", apiKey: () => "not-the-key-at-all", why: "key" },
  ])("tells whether the key has lost $lost", async ({ apiKey, why }) => {
    await register(options());
    expect(await readAccess(options({ apiKey: apiKey() }))).toMatchObject({ kind: "refused", why });
  });
});

describe("a CRM that does not take the module", () => {
  it("refuses a wrong key in its own words", async () => {
    const got = await register(options({ apiKey: "not-the-key-at-all" }));
    expect(english(got)).toBe(
      'The CRM https://shop.example refuses the API key: Wrong "apiKey" value. Check the API key.',
    );
  });

  it("is told which rights the key lacks", async () => {
    await sandbox.stop();
    await begin({ seed: { scopes: ["integration_read", "user_read"] } });
    const got = await register(options());
    expect(english(got)).toBe(
      "The API key lacks these rights: integration_write. Add them to the key in the CRM settings.",
    );
  });

  it("says that chats are not enabled", async () => {
    await sandbox.stop();
    await begin({ behaviour: { chatsEnabled: false } });
    const got = await register(options());
    expect(english(got)).toBe(
      "Chats are not enabled in this CRM account: Failed to activate module; Chats are disabled in the account. " +
        "Enable them in the CRM; the bot asks again every 5 minutes.",
    );
  });

  it("does not exist under this address", async () => {
    await sandbox.stop();
    await begin({ behaviour: { account: "unknown" } });
    expect(english(await register(options()))).toBe(
      "There is no CRM account at https://shop.example. Check the address.",
    );
  });

  it("is a web page", async () => {
    server = await startHttpServer((response) => response.writeHead(200).end("<html>Welcome</html>"));
    expect(await register(options({ url: server.url }))).toEqual({ kind: "not_a_crm" });
  });

  it("cannot be reached", async () => {
    const got = await register(options({ url: `http://127.0.0.1:${await freePort()}` }));
    expect(got.kind).toBe("unreachable");
    expect(english(got)).toMatch(/^The CRM https:\/\/shop\.example cannot be reached \(.+\)\.$/);
  });

  it("rejects the module's fields in its own words", async () => {
    const got = await register(options({ module: { ...MODULE, name: " " } }));
    expect(english(got)).toBe(
      "The CRM does not accept the module: Errors in the entity format; name: This value should not be blank.",
    );
  });

  it("gives an address inside a network although it stands outside itself", async () => {
    server = await startHttpServer((response, { path }) => {
      if (path === "/api/credentials")
        return answer(response, 200, { success: true, scopes: ["integration_read", "integration_write"] });
      if (path.endsWith("/edit"))
        return answer(response, 200, {
          success: true,
          info: { mgBot: { endpointUrl: "https://10.0.0.7", token: "t".repeat(65) } },
        });
      return answer(response, 404, { success: false, errorMsg: "Not found" });
    });
    const outside = { ...record, crmUrl: "https://shop.example.com" };
    const got = await register({
      ...options({ url: server.url, record: outside }),
      lookup: async () => ["93.184.216.34"],
    });
    expect(english(got)).toBe("The CRM gave a chat address inside a private network. The token was not sent there.");
  });
});

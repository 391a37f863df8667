import { afterEach, describe, expect, it } from "vitest";
import { createAccountChecker } from "../../../src/accounts/connecting/check-account.ts";
import { BUNDLED_LISTS } from "../../../src/accounts/connecting/domain-lists.ts";
import { createCrmApi } from "../../../src/api/crm.ts";
import { createNetwork } from "../../../src/api/network.ts";
import type { Clock } from "../../../src/clock.ts";
import { hostileAddresses } from "../../helpers/hostile-addresses.ts";
import { answer, freePort, type Responder, startHttpServer, type TestServer } from "../../helpers/http-server.ts";
import { createTestLog } from "../../helpers/test-log.ts";
import { createHastyClock } from "../../helpers/virtual-clock.ts";

const KEY = "key-canary-1234567890";
const servers: TestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

type Answers = Readonly<Record<string, Responder>>;

const says =
  (body: unknown, status = 200): Responder =>
  (response) =>
    answer(response, status, body);
const page =
  (status: number): Responder =>
  (response) =>
    response.writeHead(status, { "content-type": "text/html" }).end("<html><b>no</b></html>");

const GOOD: Answers = {
  "/api/api-versions": says({ success: true, versions: ["3.0", "4.0", "5.0"] }),
  "/api/credentials": says({ success: true, scopes: ["integration_read", "integration_write"] }),
  "/api/system-info": says({ success: true, systemVersion: "8" }),
};

/** An account that answers as told, else as a good one. */
async function account(over: Answers = {}): Promise<TestServer> {
  const answers = { ...GOOD, ...over };
  const server = await startHttpServer((response, received, nth) =>
    (answers[received.path] ?? page(404))(response, received, nth),
  );
  servers.push(server);
  return server;
}

/** A checker for which exactly these addresses are allowed. */
function checker(allowed: readonly { readonly port: number }[], clock: Clock = createHastyClock()) {
  const log = createTestLog();
  const network = createNetwork({ allowedHosts: allowed.map(({ port }) => `127.0.0.1:${port}`) });
  const check = createAccountChecker({
    lists: async () => BUNDLED_LISTS,
    isAllowed: network.isAllowed,
    crmOf: (one) =>
      createCrmApi({ ...one, network, clock, random: () => 0, log: log.log, limits: { responseMs: 300 } }),
    clock,
    log: log.log,
  });
  return { ...check, log };
}

async function checked(over: Answers) {
  const server = await account(over);
  const { check, log } = checker([server]);
  const result = await check({ address: server.url, apiKey: KEY });
  return { server, log, result };
}

describe("checking an account", () => {
  it("asks for versions, rights and its address, in this order, with the key in the header alone", async () => {
    const { server, result, log } = await checked({});
    expect(result).toEqual({ ok: true, crmUrl: server.url });
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET /api/api-versions",
      "GET /api/credentials",
      "GET /api/system-info",
    ]);
    for (const { headers, query, body } of server.requests) {
      expect(headers["x-api-key"]).toBe(KEY);
      expect(`${query}${body}`).not.toContain(KEY);
    }
    expect(log.text()).not.toContain(KEY);
  });

  it("takes an old key that names methods instead of rights", async () => {
    const methods = ["/api/integration-modules/{code}", "/api/integration-modules/{code}/edit"];
    const { result } = await checked({ "/api/credentials": says({ success: true, scopes: [], credentials: methods }) });
    expect(result.ok).toBe(true);
  });

  it.each<{ when: string; over: Answers; refusal: unknown }>([
    {
      when: "its API is too old",
      over: { "/api/api-versions": says({ success: true, versions: ["3.0", "4.0"] }) },
      refusal: { why: "old_version" },
    },
    {
      when: "its API knows no such method",
      over: { "/api/api-versions": says({ success: false, errorMsg: "API method not found" }, 404) },
      refusal: { why: "old_version" },
    },
    {
      when: "it names no versions",
      over: { "/api/api-versions": says({ success: true }) },
      refusal: { why: "not_a_crm" },
    },
    {
      when: "the key is wrong",
      over: { "/api/api-versions": says({ success: false, errorMsg: 'Wrong "apiKey" value.' }, 403) },
      refusal: { why: "wrong_key" },
    },
    {
      when: "access is denied",
      over: { "/api/credentials": says({ success: false, errorMsg: "Access denied." }, 403) },
      refusal: { why: "wrong_key" },
    },
    {
      when: "the key lacks rights",
      over: { "/api/credentials": says({ success: true, scopes: ["integration_read", "order_read"] }) },
      refusal: { why: "scopes", missing: ["integration_write"] },
    },
    {
      when: "the key has no rights at all",
      over: { "/api/credentials": says({ success: true, scopes: [] }) },
      refusal: { why: "scopes", missing: ["integration_read", "integration_write"] },
    },
    {
      when: "the rights are nonsense",
      over: { "/api/credentials": says({ success: true, scopes: { length: 1 }, credentials: 5 }) },
      refusal: { why: "scopes", missing: ["integration_read", "integration_write"] },
    },
    {
      when: "the account does not exist",
      over: { "/api/api-versions": says({ success: false, errorMsg: "Account does not exist" }, 400) },
      refusal: { why: "no_such_account" },
    },
    {
      when: "the account does not exist, said with status 200",
      over: { "/api/api-versions": says({ success: false, errorMsg: "Account does not exist." }) },
      refusal: { why: "no_such_account" },
    },
    {
      when: "it answers 405 with a page",
      over: { "/api/api-versions": page(405) },
      refusal: { why: "no_such_account" },
    },
    { when: "it answers with a web page", over: { "/api/api-versions": page(200) }, refusal: { why: "not_a_crm" } },
    { when: "it answers 404 with a page", over: { "/api/api-versions": page(404) }, refusal: { why: "not_a_crm" } },
    { when: "a firewall answers", over: { "/api/api-versions": page(403) }, refusal: { why: "not_a_crm" } },
    { when: "it answers other JSON", over: { "/api/api-versions": says(["5.0"]) }, refusal: { why: "not_a_crm" } },
    {
      when: "it answers broken JSON",
      over: { "/api/api-versions": (response) => response.end('{"success":') },
      refusal: { why: "not_a_crm" },
    },
    {
      when: "it does not agree",
      over: { "/api/credentials": says({ success: false, errorMsg: "The account is blocked." }) },
      refusal: { why: "module", words: ["The account is blocked."] },
    },
    {
      when: "it does not agree and says nothing",
      over: { "/api/credentials": says({ success: false }, 400) },
      refusal: { why: "not_a_crm" },
    },
    {
      when: "it gets too many requests",
      over: { "/api/api-versions": says({ success: false, errorMsg: "Rate limit exceeded" }, 503) },
      refusal: { why: "too_busy" },
    },
    {
      when: "it gets too many requests (429)",
      over: { "/api/api-versions": says({}, 429) },
      refusal: { why: "too_busy" },
    },
    {
      when: "it is down for maintenance",
      over: { "/api/api-versions": page(503) },
      refusal: { why: "unreachable", detail: "HTTP 503" },
    },
    {
      when: "it is broken",
      over: { "/api/credentials": says({}, 500) },
      refusal: { why: "unreachable", detail: "HTTP 500" },
    },
    {
      when: "it hangs",
      over: { "/api/api-versions": () => {} },
      refusal: { why: "unreachable", detail: "Timeout awaiting 'response' for 300ms (ETIMEDOUT)" },
    },
    {
      when: "it breaks off",
      over: { "/api/api-versions": (response) => response.destroy() },
      refusal: { why: "unreachable", detail: "socket hang up (ECONNRESET)" },
    },
    {
      when: "it has moved",
      over: {
        "/api/api-versions": (response) => response.writeHead(301, { location: "https://new.simla.com/api/x" }).end(),
      },
      refusal: { why: "moved", where: "https://new.simla.com" },
    },
    {
      when: "it has moved to nowhere",
      over: { "/api/api-versions": (response) => response.writeHead(302).end() },
      refusal: { why: "moved", where: null },
    },
  ])("refuses it when $when", async ({ over, refusal }) => {
    const { result, log } = await checked(over);
    expect(result).toEqual({ ok: false, refusal });
    expect(log.text()).not.toContain(KEY);
  });

  it("says that nobody answers when nobody does", async () => {
    const port = await freePort();
    const { check } = checker([{ port }]);
    expect(await check({ address: `http://127.0.0.1:${port}`, apiKey: KEY })).toEqual({
      ok: false,
      refusal: { why: "unreachable", detail: "nobody answers at this address (ECONNREFUSED)" },
    });
  });

  it("gives up after twenty seconds in all, however slowly the account answers", async () => {
    const hasty = createHastyClock();
    const spans: number[] = [];
    let end = () => {};
    const clock: Clock = {
      ...hasty,
      after(ms, task) {
        spans.push(ms);
        end = task;
        return () => {};
      },
    };
    const server = await account({ "/api/api-versions": () => end() });
    const result = await checker([server], clock).check({ address: server.url, apiKey: KEY });
    expect(result).toEqual({ ok: false, refusal: { why: "unreachable", detail: "was stopped" } });
    expect(spans).toContain(20_000);
  });

  it.each([
    { apiKey: "", refusal: { why: "key_missing" } },
    { apiKey: " \t", refusal: { why: "key_missing" } },
    { apiKey: "key with spaces", refusal: { why: "wrong_key" } },
    { apiKey: "key\r\nX-Evil: 1", refusal: { why: "wrong_key" } },
    { apiKey: "ключ", refusal: { why: "wrong_key" } },
    { apiKey: "k".repeat(300), refusal: { why: "wrong_key" } },
  ])("asks nobody with the key '$apiKey'", async ({ apiKey, refusal }) => {
    const server = await account();
    expect(await checker([server]).check({ address: server.url, apiKey })).toEqual({ ok: false, refusal });
    expect(server.requests).toEqual([]);
  });

  it("asks nobody at an address that is not a known one, and sends no key there", async () => {
    const server = await account();
    const { check } = checker([]);
    for (const address of hostileAddresses(server.port))
      expect(await check({ address, apiKey: KEY })).toMatchObject({ ok: false, refusal: { why: "address" } });
    expect(server.requests).toEqual([]);
  });
});

describe("the address that an account gives itself", () => {
  it("is kept when the key opens it too", async () => {
    const other = await account();
    const server = await account({ "/api/system-info": says({ success: true, publicUrl: `${other.url}/` }) });
    const { check } = checker([server, other]);
    expect(await check({ address: server.url, apiKey: KEY })).toEqual({ ok: true, crmUrl: other.url });
  });

  it("is not believed when it is another account's, which does not know the key", async () => {
    const victim = await account({
      "/api/credentials": says({ success: false, errorMsg: 'Wrong "apiKey" value.' }, 403),
    });
    const server = await account({ "/api/system-info": says({ success: true, publicUrl: victim.url }) });
    const { check } = checker([server, victim]);
    expect(await check({ address: server.url, apiKey: KEY })).toEqual({ ok: true, crmUrl: server.url });
  });

  it.each([
    { publicUrl: "https://evil.example" },
    { publicUrl: "https://169.254.169.254" },
    { publicUrl: "" },
    { publicUrl: 5 },
    { publicUrl: null },
  ])("is passed over when it is $publicUrl", async ({ publicUrl }) => {
    const { server, result } = await checked({ "/api/system-info": says({ success: true, publicUrl }) });
    expect(result).toEqual({ ok: true, crmUrl: server.url });
  });

  it("may be missing", async () => {
    const { server, result } = await checked({ "/api/system-info": page(404) });
    expect(result).toEqual({ ok: true, crmUrl: server.url });
  });
});

it.each([
  { address: "Shop.RetailCRM.ru/admin", url: "https://shop.retailcrm.ru" },
  { address: "http://shop.retailcrm.ru", url: null },
  { address: "https://evil.example", url: null },
])("an address of a callback, $address, is kept as $url", async ({ address, url }) => {
  expect(await checker([]).crmUrlOf(address)).toBe(url);
});

import { describe, expect, it } from "vitest";
import { checkSettings, settingsFrom, wantsSandbox } from "../../src/config/settings.ts";
import type { RawConfig } from "../../src/generated/bot-config.ts";

function settings(raw: Partial<RawConfig>, environment: Record<string, string> = {}) {
  return settingsFrom({ file: "/shop/bot.config.yaml", folder: "/shop", raw, environment });
}

describe("settings", () => {
  it("have defaults for everything", () => {
    expect(settings({})).toEqual({
      file: "/shop/bot.config.yaml",
      module: { code: "rulebot", name: "Rulebot", publicUrl: "http://localhost:8080" },
      crm: null,
      service: null,
      language: "en",
      timezone: "UTC",
      storage: "/shop/data/rulebot.db",
      retentionMs: 2_592_000_000,
      http: { host: "0.0.0.0", port: 8080, allowedHosts: [], metricsToken: null, trustedProxies: [] },
      log: { level: "info", format: null },
    });
  });

  it.each([
    { port: 9090, PORT: "7070", is: 9090 },
    { port: 0, PORT: "7070", is: 0 },
    { port: undefined, PORT: "7070", is: 7070 },
    { port: undefined, PORT: "", is: 8080 },
    { port: undefined, PORT: "http", is: 8080 },
    { port: undefined, PORT: "99999", is: 8080 },
  ])("take the port $is from file $port and PORT $PORT", ({ port, PORT, is }) => {
    expect(settings({ http: port === undefined ? {} : { port } }, { PORT }).http.port).toBe(is);
  });

  it.each([
    { storage: "state.db", DATABASE_URL: "postgres://db/bot", is: "/shop/state.db" },
    { storage: "/data/bot.db", DATABASE_URL: "", is: "/data/bot.db" },
    { storage: undefined, DATABASE_URL: "postgres://db/bot", is: "postgres://db/bot" },
    { storage: undefined, DATABASE_URL: "/data/rulebot.db", is: "/data/rulebot.db" },
    { storage: undefined, DATABASE_URL: "", is: "/shop/data/rulebot.db" },
    { storage: ":memory:", DATABASE_URL: "", is: ":memory:" },
  ])("take the storage $is from file $storage and DATABASE_URL $DATABASE_URL", ({ storage, DATABASE_URL, is }) => {
    expect(settings(storage === undefined ? {} : { storage }, { DATABASE_URL }).storage).toBe(is);
  });

  it("have addresses without a slash at their end", () => {
    const raw = { module: { public_url: "https://bot.example/" }, crm: { url: "http://10.0.0.5:8000/", api_key: "k" } };
    expect(settings(raw).module.publicUrl).toBe("https://bot.example");
    expect(settings(raw).crm?.url).toBe("http://10.0.0.5:8000");
  });
});

const KEY = "8f".repeat(32);
const service = { admin_password: "a long password", encryption_key: KEY };

describe("the settings of a service", () => {
  it.each([
    ["hex", KEY],
    ["capital hex", KEY.toUpperCase()],
    ["base64", Buffer.from(KEY, "hex").toString("base64")],
    ["base64 without padding", Buffer.from(KEY, "hex").toString("base64").replace("=", "")],
    ["base64 for addresses", Buffer.from(KEY, "hex").toString("base64url")],
  ])("have one spelling of a key written as %s", (_what, encryption_key) => {
    expect(settings({ service: { ...service, encryption_key } }).service?.encryptionKeys).toEqual([KEY]);
  });

  it("take what is left empty for not given", () => {
    const raw = { ...service, secret: " ", old_encryption_keys: ["", KEY.toUpperCase()] };
    expect(settings({ service: raw, http: { metrics_token: "" } })).toMatchObject({
      service: { encryptionKeys: [KEY, KEY], secret: null, allowedCrmHosts: [] },
      http: { metricsToken: null },
    });
  });
});

it.each([
  ["nothing is configured", {}, true],
  ["the account is left empty", { crm: { url: "", api_key: "" } }, true],
  ["there is an account", { crm: { url: "https://shop.example", api_key: "k" } }, false],
  ["accounts connect by themselves", { service }, false],
])("the sandbox is wanted or not where %s", (_what, raw: Partial<RawConfig>, wanted) => {
  expect(wantsSandbox(settings(raw))).toBe(wanted);
});

const at = (public_url: string): Partial<RawConfig> => ({ module: { public_url }, service });

describe("a setting", () => {
  it.each<[string, Partial<RawConfig>, string[]]>([
    ["both empty", { crm: { url: "", api_key: "" } }, []],
    ["both given", { crm: { url: "https://shop.example", api_key: "k" } }, []],
    ["http and private, by the operator's word", { crm: { url: "http://127.0.0.1:8000", api_key: "k" } }, []],
    ["a key without an address", { crm: { url: "", api_key: "k" } }, ["crm.url half-crm"]],
    ["an address without a key", { crm: { url: "https://shop.example" } }, ["crm.api_key half-crm"]],
    ["ftp", { crm: { url: "ftp://shop.example", api_key: "k" } }, ["crm.url bad-address"]],
    [
      "a user in the address",
      { crm: { url: "https://a:b@shop.example", api_key: "k" } },
      ["crm.url address-with-secret"],
    ],
    [
      "a key in the address",
      { crm: { url: "https://shop.example/?apiKey=k", api_key: "k" } },
      ["crm.url address-with-secret"],
    ],
    ["a zone", { timezone: "America/Argentina/Buenos_Aires" }, []],
    ["an offset for a zone", { timezone: "+03:00" }, ["timezone bad-timezone"]],
    ["no zone", { timezone: "Mars/Base" }, ["timezone bad-timezone"]],
    ["a service at https", at("https://bot.example"), []],
    ["a service on this machine", at("http://localhost:8080"), []],
    ["a service at a name of this machine", at("http://bot.localhost"), []],
    ["a service at a loopback address", at("http://127.1:8080"), []],
    ["a service at the other loopback address", at("http://[0:0::1]"), []],
    ["a service at http", at("http://bot.example"), ["module.public_url open-address"]],
    ["a service at a name that only begins so", at("http://localhost.example"), ["module.public_url open-address"]],
    ["a service at ftp", at("ftp://bot.example"), ["module.public_url bad-address"]],
    ["a service nowhere", { service }, ["module.public_url service-needs-address"]],
    [
      "a service with nothing",
      { ...at("https://bot.example"), service: {} },
      ["service.admin_password service-needs-password", "service.encryption_key service-needs-key"],
    ],
    [
      "keys that are none",
      {
        ...at("https://bot.example"),
        service: { ...service, encryption_key: KEY.slice(2), old_encryption_keys: [KEY, "x"] },
      },
      ["service.encryption_key bad-encryption-key", "service.old_encryption_keys.1 bad-encryption-key"],
    ],
    ["a day of retention", { retention: "24h" }, []],
    ["less", { retention: "23h59m59s" }, ["retention short-retention"]],
    ["proxies", { http: { trusted_proxies: ["10.0.0.5", "10.0.0.0/0", "fd00::/128", "::1"] } }, []],
    [
      "what is no proxy",
      { http: { trusted_proxies: ["all", "10.0.0.0/8/8", "10.0.0/8", "fd00::/129", "10.0.0.1/", "fe80::1%eth0"] } },
      [0, 1, 2, 3, 4, 5].map((index) => `http.trusted_proxies.${index} bad-proxy`),
    ],
    ["a code", { module: { code: "shop_bot-2" } }, []],
    ["a code with a space", { module: { code: "shop bot" } }, ["module.code bad-module-code"]],
  ])("%s", (_what, raw, said) => {
    expect(checkSettings(raw).map(({ path, fault }) => `${path.join(".")} ${fault.code}`)).toEqual(said);
  });
});

import { describe, expect, it } from "vitest";
import { checkSettings, settingsFrom } from "../../src/config/settings.ts";
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
      language: "en",
      timezone: "UTC",
      storage: "/shop/data/rulebot.db",
      http: { host: "0.0.0.0", port: 8080, allowedHosts: [] },
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
    ["a code", { module: { code: "shop_bot-2" } }, []],
    ["a code with a space", { module: { code: "shop bot" } }, ["module.code bad-module-code"]],
  ])("%s", (_what, raw, said) => {
    expect(checkSettings(raw).map(({ path, fault }) => `${path.join(".")} ${fault.code}`)).toEqual(said);
  });
});

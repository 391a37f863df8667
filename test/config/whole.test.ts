import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { parseFile } from "../../src/config/parse.ts";

const folder = new URL("../fixtures/whole/", import.meta.url);
const root = new URL("bot.config.yaml", folder).pathname;
const env = {
  CRM_URL: "https://shop.example",
  CRM_API_KEY: "0123456789abcdef",
  ADMIN_PASSWORD: "a long password",
  ENCRYPTION_KEY: "AB".repeat(32),
  OLD_KEY: Buffer.alloc(32, 7).toString("base64"),
  MARKETPLACE_SECRET: "agreed",
  METRICS_TOKEN: "scrape",
};

function parsed() {
  const text = readFileSync(root, "utf8");
  const { source, issues } = parseFile({ file: "bot.config.yaml", kind: "config", text, environment: env });
  expect(issues).toEqual([]);
  return JSON.parse(JSON.stringify(source?.value));
}

describe("a file with every key there is", () => {
  it("loads without a word", async () => {
    const { issues, rulebook } = await loadConfig({ file: root, env });
    expect(issues).toEqual([]);
    expect(rulebook?.rules.map(({ name }) => name)).toEqual([
      "Everything",
      "Any message",
      "Exact words",
      "Pattern",
      "Command",
      "Dialog",
      "Manager",
      "Raw event",
      "Not delivered",
      "Slow manager",
      "Silent customer",
    ]);
  });

  it("gives the operator's settings", async () => {
    const { settings } = await loadConfig({ file: root, env });
    expect(settings).toEqual({
      file: root,
      module: { code: "shop-bot", name: "Helper", publicUrl: "https://bot.shop.example" },
      crm: { url: "https://shop.example", apiKey: "0123456789abcdef" },
      service: {
        adminPassword: "a long password",
        encryptionKeys: ["ab".repeat(32), "07".repeat(32)],
        secret: "agreed",
        allowedCrmHosts: ["crm.local:8000", "10.0.0.7"],
      },
      language: "es",
      timezone: "Europe/Madrid",
      storage: new URL("state/bot.db", folder).pathname,
      retentionMs: 90 * 86_400_000,
      http: {
        host: "127.0.0.1",
        port: 9090,
        allowedHosts: ["stock.local", "10.0.0.5:8081"],
        metricsToken: "scrape",
        trustedProxies: ["10.0.0.0/8", "fd00::1"],
      },
      log: { level: "debug", format: "json" },
    });
  });

  it("keeps texts as they are typed, and makes flags and numbers where they are meant", () => {
    const [rule] = parsed().rules;
    expect(rule.when).toMatchObject({ message_has: ["delivery", "08", "NO"], first: false });
    expect(rule.if).toMatchObject({
      assigned: false,
      less_than: { "dialog.visits": 1000 },
      is_not: { "customer.language": "no" },
    });
    expect(rule).toMatchObject({ continue: true, enabled: true, even_with_manager: false });
    expect(rule.do[0]).toMatchObject({ buttons: ["Delivery", "08"], quote: true });
    expect(rule.do[1]).toEqual({ note: "Written at 12:30" });
    expect(rule.do[4].send_product).toMatchObject({
      id: 314,
      name: "08",
      article: "0042",
      cost: { value: 19.9, currency: "EUR" },
    });
    expect(rule.do[5].send_order).toMatchObject({
      external_id: 1051,
      number: "1051C",
      date: "2026-11-20T12:55:00+01:00",
    });
    expect(rule.do[5].send_order.payments[0].status).toEqual({ name: "Paid", payed: true });
    expect(rule.do[9]).toEqual({ tag: ["vip", "2027"] });
    expect(rule.do[13].set).toEqual({
      "dialog.topic": "delivery",
      "customer.code": "08",
      "chat.count": 3,
      "dialog.vip": true,
      "dialog.closed_by": null,
      "dialog.visits": 1,
    });
  });

  it("keeps the days, times and dates of hours as they are typed", () => {
    expect(parsed().hours.office).toEqual({
      "mon-fri": "09:00-13:00, 14:00-18:00",
      sat: "10:00-15:00",
      "2026-12-24": "closed",
      "12-31": "10:00-14:00",
      closed: ["2027-01-01", "12-25", "2027-08-01 - 2027-08-15"],
      timezone: "Atlantic/Canary",
    });
    expect(parsed().cancel_words).toEqual(["basta", "08"]);
  });

  it("types what a question and a flow are given", () => {
    const [rule] = parsed().rules;
    const actions: readonly Record<string, unknown>[] = rule.do;
    expect(actions.find(({ ask }) => ask !== undefined)).toMatchObject({
      choices: ["Madrid", "08"],
      save: "dialog.city",
      retry: { times: 3 },
      no_answer: { after: "1h30m" },
    });
    expect(actions.find(({ run }) => run !== undefined)).toEqual({
      run: "which price",
      with: { city: "{{ dialog.city }}", urgent: true, times: 2, code: "08" },
    });
  });

  it("has hours, flows, own texts and silences in its rulebook", async () => {
    const { rulebook } = await loadConfig({ file: root, env });
    expect(Object.keys(rulebook?.hours ?? {})).toEqual(["office", "oficina-2", "phones", "account", "night"]);
    expect(rulebook?.hours.account).toBe("crm");
    expect(rulebook?.cancelWords).toEqual(["basta", "08"]);
    expect(rulebook?.texts.cancelled?.byLanguage).toEqual({ es: "De acuerdo, lo dejamos.", en: "Never mind!" });
    const silences = rulebook?.rules.flatMap(({ on, silence }) => (silence === null ? [] : [{ on, ...silence }]));
    expect(silences).toEqual([
      { on: "manager_silent", ms: 600_000, hours: "office" },
      { on: "customer_silent", ms: 86_400_000, hours: null },
    ]);
  });

  it("has rule sets beside the shared rules", async () => {
    const { rulebook, ruleSets } = await loadConfig({ file: root, env });
    expect(Object.keys(ruleSets)).toEqual(["valencia", "second shop"]);
    expect(ruleSets.valencia?.accounts).toEqual(["valencia.example", "crm.local:8000"]);
    expect(ruleSets.valencia?.rulebook.rules).toBe(rulebook?.rules);
    expect(ruleSets.valencia?.rulebook.teams.sales?.people).toEqual(["Ana Ruiz"]);
    expect(ruleSets["second shop"]?.accounts).toEqual([]);
    expect(ruleSets["second shop"]?.rulebook.rules.map(({ place }) => place.file)).toEqual(["sets/second.yaml"]);
  });

  it("leaves out no key of the schemas", () => {
    const texts = ["bot.config.yaml", "rules/10-events.yaml"]
      .map((name) => readFileSync(new URL(name, folder), "utf8"))
      .join("\n");
    const missing = keysOfSchemas().filter((key) => !new RegExp(`(^|[\\s{,])${key}:`, "mu").test(texts));
    expect(missing).toEqual([]);
  });
});

function keysOfSchemas(): readonly string[] {
  const schemas = ["bot.config.schema.json", "rules.schema.json"].map((name) =>
    JSON.parse(readFileSync(new URL(`../../schemas/${name}`, import.meta.url), "utf8")),
  );
  const keys = new Set<string>();
  const walk = (schema: unknown): void => {
    if (typeof schema !== "object" || schema === null) return;
    if ("properties" in schema && "type" in schema)
      for (const key of Object.keys(Object(schema.properties))) keys.add(key);
    for (const part of Object.values(schema)) walk(part);
  };
  walk(schemas);
  return [...keys];
}

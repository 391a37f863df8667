import { describe, expect, it } from "vitest";
import { refusalSentence } from "../../../src/accounts/connecting/sentences.ts";
import type { ConnectRefusal } from "../../../src/accounts/types.ts";
import type { Language } from "../../../src/types/issue.ts";
import { accountView, createFakeAccounts, GOOD_KEY } from "../fake-accounts.ts";
import { openHouse, textOf } from "../visitor.ts";

const open = () => openHouse({ accounts: createFakeAccounts(accountView()) });
const SETTINGS = `/settings/${"c".repeat(64)}`;

describe("the connect form", () => {
  it("asks for address and key, and says where a key is made and which rights it needs", async () => {
    const page = await (await open()).visitor().get("/");
    expect(page.statusCode).toBe(200);
    expect(textOf(page.body)).toContain("Settings, Integration, API access keys, Add.");
    expect(textOf(page.body)).toContain("integration_read, integration_write");
    expect(page.body).toMatch(/<input type="password" id="apiKey"[^>]*autocomplete="off"/u);
  });

  it("has the address that the CRM's marketplace sends along filled in", async () => {
    const page = await (await open()).visitor().get("/?account=https%3A%2F%2Fshop.simla.com");
    expect(page.body).toContain('value="https://shop.simla.com"');
  });

  it.each([
    { by: "what the browser prefers", path: "/", accept: "fr;q=0.9, es-MX;q=0.8, en;q=0.1", lang: "es" },
    { by: "a link on the page", path: "/?lang=ru", accept: "es", lang: "ru" },
    { by: "the configuration, when the browser names none of ours", path: "/", accept: "fr, de", lang: "en" },
    { by: "the configuration, when the header is nonsense", path: "/?lang=xx", accept: ";;;q=,,", lang: "en" },
  ])("is in the language of $by", async ({ path, accept, lang }) => {
    const page = await (await open()).visitor().get(path, { "accept-language": accept });
    expect(page.body).toContain(`<html lang="${lang}">`);
  });

  it("keeps the address in the links to other languages", async () => {
    const page = await (await open()).visitor().get("/?account=shop.simla.com");
    expect(page.body).toContain('href="/?account=shop.simla.com&amp;lang=es"');
  });
});

describe("connecting", () => {
  it("hands over what was typed, without spaces around it, in the visitor's language", async () => {
    const { visitor, accounts } = await open();
    const owner = visitor();
    await owner.get("/?lang=es");
    await owner.post("/connect", { address: " shop.simla.com ", apiKey: ` ${GOOD_KEY}\n`, lang: "es" });
    expect(accounts.asked).toEqual([["connect", { address: "shop.simla.com", apiKey: GOOD_KEY, language: "es" }]]);
  });

  it("leads to the settings, signed in, in the language that was chosen", async () => {
    const owner = (await open()).visitor();
    await owner.get("/?lang=es");
    const answer = await owner.post("/connect", { address: "shop.simla.com", apiKey: GOOD_KEY, lang: "es" });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `${SETTINGS}?news=connected&lang=es`]);
    const page = await owner.get(`${SETTINGS}?news=connected&lang=es`);
    expect(textOf(page.body)).toContain("La cuenta está conectada.");
  });

  it("says that an account which had been connected before is repaired", async () => {
    const { visitor, accounts } = await open();
    accounts.outcome = { kind: "connected", account: accountView(), again: true };
    const owner = visitor();
    await owner.get("/");
    const answer = await owner.post("/connect", { address: "shop.simla.com", apiKey: "new" });
    expect(answer.headers.location).toBe(`${SETTINGS}?news=repaired`);
  });
});

const REFUSALS: readonly { refusal: ConnectRefusal; beside: "address" | "apiKey" | null }[] = [
  { refusal: { why: "address", fault: "not_a_crm_host" }, beside: "address" },
  { refusal: { why: "no_such_account" }, beside: "address" },
  { refusal: { why: "not_a_crm" }, beside: "address" },
  { refusal: { why: "moved", where: "https://new.simla.com" }, beside: "address" },
  { refusal: { why: "unreachable", detail: "ETIMEDOUT" }, beside: "address" },
  { refusal: { why: "key_missing" }, beside: "apiKey" },
  { refusal: { why: "wrong_key" }, beside: "apiKey" },
  { refusal: { why: "scopes", missing: ["integration_write"] }, beside: "apiKey" },
  { refusal: { why: "old_version" }, beside: null },
  { refusal: { why: "chats_disabled" }, beside: null },
  { refusal: { why: "switched_off" }, beside: null },
  { refusal: { why: "too_busy" }, beside: null },
  { refusal: { why: "no_token" }, beside: null },
  { refusal: { why: "bad_gateway_address" }, beside: null },
  { refusal: { why: "module", words: ["Quota <exceeded>"] }, beside: null },
];

describe.each(REFUSALS)("a refusal: $refusal.why", ({ refusal, beside }) => {
  it.each(["en", "es", "ru"] as const)(
    "is said in %s, beside its field, with what was typed but the key",
    async (lang) => {
      const { visitor, accounts } = await open();
      accounts.outcome = { kind: "refused", refusal };
      const owner = visitor();
      await owner.get(`/?lang=${lang}`);
      const page = await owner.post("/connect", { address: "https://shop.example", apiKey: "secret-key-typed", lang });
      expect(page.statusCode).toBe(422);
      expect(page.body).not.toContain("secret-key-typed");
      expect(page.body).toContain('value="https://shop.example"');
      const fault = /id="(address|apiKey)-fault">([^<]*)</u.exec(page.body);
      expect(fault?.[1] ?? null).toBe(beside);
      expect(page.body).toContain(`role="alert"`);
      expect(textOf(page.body)).toContain(textOf(escaped(refusalSentence(refusal)[lang as Language])));
      expect(page.body).toMatch(/<title>[^<]*: /u);
      if (beside !== null)
        expect(page.body).toMatch(new RegExp(`aria-describedby="${beside}-hint ${beside}-fault"`, "u"));
    },
  );
});

const escaped = (text: string) =>
  text
    .replace(/&/gu, "&amp;")
    .replace(/</gu, "&lt;")
    .replace(/>/gu, "&gt;")
    .replace(/"/gu, "&#34;")
    .replace(/'/gu, "&#39;");

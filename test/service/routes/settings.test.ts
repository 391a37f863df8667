import { describe, expect, it } from "vitest";
import type { AccountView } from "../../../src/accounts/types.ts";
import type { StandingName } from "../../../src/accounts/watching/standing.ts";
import { SESSION_MS } from "../../../src/service/security/session.ts";
import { accountView, createFakeAccounts, GOOD_KEY } from "../fake-accounts.ts";
import { openHouse, textOf } from "../visitor.ts";

const ID = "c".repeat(64);
const SETTINGS = `/settings/${ID}`;

const open = (over: Partial<AccountView> = {}) => openHouse({ accounts: createFakeAccounts(accountView(over)) });

/** An owner who has shown the key, looking at the page. */
async function signedIn(over: Partial<AccountView> = {}) {
  const house = await open(over);
  const owner = house.visitor();
  await owner.get(SETTINGS);
  await owner.post(`${SETTINGS}/sign-in`, { apiKey: GOOD_KEY });
  house.accounts.asked.splice(0);
  const page = await owner.get(SETTINGS);
  return { ...house, owner, page };
}

describe("the settings page before the key is shown", () => {
  it("has the key field and nothing of the account", async () => {
    const page = await (
      await open({ settings: { language: "ru", timezone: "Europe/Madrid", ruleSet: "madrid", enabled: false } })
    )
      .visitor()
      .get(SETTINGS);
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('id="apiKey"');
    expect(page.body + JSON.stringify(page.headers)).not.toMatch(/shop\.simla|madrid|switched off/iu);
  });

  it("opens with the account's key, for twelve hours", async () => {
    const { owner, page, clock } = await signedIn();
    expect(textOf(page.body)).toContain("shop.simla.com");
    await clock.advance(SESSION_MS - 1);
    expect(textOf((await owner.get(SETTINGS)).body)).toContain("shop.simla.com");
    await clock.advance(1);
    expect(textOf((await owner.get(SETTINGS)).body)).not.toContain("shop.simla.com");
  });

  it("says beside the field that a key is wrong, and never shows it again", async () => {
    const owner = (await open()).visitor();
    await owner.get(SETTINGS);
    const page = await owner.post(`${SETTINGS}/sign-in`, { apiKey: "another-key" });
    expect(page.statusCode).toBe(403);
    expect(page.body).toMatch(/id="apiKey-fault">[^<]+</u);
    expect(page.body).not.toContain("another-key");
  });

  it("changes nothing for who has not shown the key", async () => {
    const { visitor, accounts } = await open();
    const stranger = visitor();
    await stranger.get(SETTINGS);
    const answer = await stranger.post(`${SETTINGS}/save`, { timezone: "Europe/Madrid" });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, SETTINGS]);
    expect(accounts.asked).toEqual([]);
  });

  it("is not opened by the key of another account", async () => {
    const other = accountView({
      connectionId: "other.simla.com/rulebot",
      clientId: "d".repeat(64),
      crmUrl: "https://other.simla.com",
    });
    const house = await openHouse({ accounts: createFakeAccounts(accountView(), other) });
    const owner = house.visitor();
    await owner.get(SETTINGS);
    await owner.post(`${SETTINGS}/sign-in`, { apiKey: GOOD_KEY });
    const page = await owner.get(`/settings/${"d".repeat(64)}`);
    expect(page.body).not.toContain("other.simla.com");
    const answer = await owner.post(`/settings/${"d".repeat(64)}/save`, { enabled: "yes" });
    expect(answer.statusCode).toBe(303);
    expect(house.accounts.asked.filter(([name]) => name === "change")).toEqual([]);
  });
});

describe("however the CRM opens the page", () => {
  it.each([
    { by: "POST with the id in the path", method: "POST", url: SETTINGS, payload: "" },
    { by: "POST with the id in the form", method: "POST", url: "/settings", payload: `clientId=${ID}` },
    { by: "POST with the id in the query", method: "POST", url: `/settings?clientId=${ID}`, payload: "" },
    { by: "GET with the id in the query", method: "GET", url: `/settings?clientId=${ID}` },
    { by: "a reload after signing in", method: "GET", url: `${SETTINGS}/sign-in` },
  ] as const)("$by leads to the page", async ({ method, url, ...rest }) => {
    const { server } = await open();
    const headers = { "content-type": "application/x-www-form-urlencoded", origin: "https://shop.simla.com" };
    const answer = await server.inject({ method, url, ...rest, ...(method === "POST" ? { headers } : {}) });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, SETTINGS]);
  });

  it.each(["/settings", "/settings?clientId=../admin", "/settings?clientId=a%0d%0ab"])(
    "%s leads nowhere",
    async (url) => {
      expect((await (await open()).visitor().get(url)).statusCode).toBe(404);
    },
  );
});

describe("the settings page", () => {
  it("shows what is stored", async () => {
    const settings = { language: "ru", timezone: "Europe/Madrid", ruleSet: "madrid", enabled: true } as const;
    const { page } = await signedIn({ settings, ruleSets: ["lisbon", "madrid"] });
    expect(page.body).toMatch(/<option value="ru"[^>]* selected>/u);
    expect(page.body).toMatch(/id="timezone"[^>]*value="Europe\/Madrid"/u);
    expect(page.body).toMatch(/<option value="madrid" selected>/u);
    expect(page.body).toMatch(/id="enabled"[^>]* checked>/u);
  });

  it("has no field for rules where there is one set only", async () => {
    expect((await signedIn()).page.body).not.toContain('id="ruleSet"');
  });

  it("leads back to the CRM account, out of a frame", async () => {
    const { page } = await signedIn();
    expect(page.body).toMatch(/<a href="https:\/\/shop\.simla\.com" target="_top"[^>]*>Back to your CRM account</u);
  });

  it("saves and says so", async () => {
    const { owner, accounts } = await signedIn({ ruleSets: ["madrid"] });
    const answer = await owner.post(`${SETTINGS}/save`, {
      language: "es",
      timezone: " europe/madrid",
      ruleSet: "madrid",
    });
    expect(accounts.asked).toEqual([
      [
        "change",
        "shop.simla.com/rulebot",
        { language: "es", timezone: "Europe/Madrid", ruleSet: "madrid", enabled: false },
      ],
    ]);
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `${SETTINGS}?news=saved`]);
    const page = await owner.get(`${SETTINGS}?news=saved`);
    expect(page.body).toMatch(/role="status"><p>Your settings are saved\.</u);
  });

  it("takes empty fields as: as the operator has set it up", async () => {
    const { owner, accounts } = await signedIn();
    await owner.post(`${SETTINGS}/save`, { language: "", timezone: "", enabled: "yes" });
    expect(accounts.asked.at(-1)?.[2]).toEqual({ language: null, timezone: null, ruleSet: null, enabled: true });
  });

  it.each([
    { field: "timezone", value: "Europe/Atlantis", says: "There is no time zone “Europe/Atlantis”." },
    { field: "timezone", value: "+03:00", says: "There is no time zone “+03:00”." },
    { field: "language", value: "fr", says: "Choose one of the languages of the list." },
    { field: "ruleSet", value: "paris", says: "There is no set of rules with this name any more." },
  ])("refuses $field $value beside the field, keeping the rest", async ({ field, value, says }) => {
    const { owner, accounts } = await signedIn({ ruleSets: ["madrid"] });
    const form = { language: "es", timezone: "Europe/Riga", ruleSet: "madrid", [field]: value };
    const page = await owner.post(`${SETTINGS}/save`, form);
    expect(page.statusCode).toBe(422);
    expect(accounts.asked).toEqual([]);
    const fault = new RegExp(`id="${field}-fault">([^<]*)<`, "u").exec(page.body)?.[1] ?? "";
    expect(fault.replace(/&#34;(.*?)&#34;/u, "“$1”")).toContain(says);
    if (field !== "timezone") expect(page.body).toMatch(/id="timezone"[^>]*value="Europe\/Riga"/u);
    expect(page.body).toContain(`<a href="#${field}">`);
  });

  it("names a set of rules that has gone, and keeps it chosen until another is", async () => {
    const settings = { language: null, timezone: null, ruleSet: "paris", enabled: true };
    const { page } = await signedIn({ settings, ruleSets: ["madrid"] });
    expect(page.body).toContain('<option value="paris" selected>paris (no longer there)</option>');
  });

  it("ends the session when the owner signs out", async () => {
    const { owner } = await signedIn();
    await owner.post(`${SETTINGS}/sign-out`);
    expect((await owner.get(SETTINGS)).body).not.toContain("shop.simla.com");
  });
});

describe("the first save after connecting", () => {
  /** An owner who has come from the CRM, connected the account, and looks at the settings. */
  async function connected(over: Partial<AccountView> = {}) {
    const house = await open(over);
    const owner = house.visitor();
    await owner.get("/");
    await owner.post("/connect", { address: "shop.simla.com", apiKey: GOOD_KEY });
    const page = await owner.get(`${SETTINGS}?news=connected`);
    return { ...house, owner, page };
  }
  const MODULES = "https://shop.simla.com/admin/integration/list";
  const targets = ({ headers }: { headers: Record<string, unknown> }) =>
    /form-action ([^;]*)/u.exec(String(headers["content-security-policy"]))?.[1];

  it("leads the browser back to the account, which the page allows to its form until then", async () => {
    const { owner, page, accounts } = await connected();
    expect(targets(page)).toBe("'self' https://shop.simla.com");
    const answer = await owner.post(`${SETTINGS}/save`, { enabled: "yes" }, { "sec-fetch-dest": "document" });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, MODULES]);
    expect(accounts.asked.at(-1)?.[0]).toBe("change");
    expect(targets(await owner.get(SETTINGS))).toBe("'self'");
    const again = await owner.post(`${SETTINGS}/save`, { enabled: "yes" }, { "sec-fetch-dest": "document" });
    expect(again.headers.location).toBe(`${SETTINGS}?news=saved`);
  });

  it.each([
    { where: "in a frame", headers: { "sec-fetch-dest": "iframe" } },
    { where: "in a browser that does not say where it shows the page", headers: {} },
  ])("$where ends with a page that leads out of it", async ({ headers }) => {
    const { owner } = await connected();
    const answer = await owner.post(
      `${SETTINGS}/save`,
      { enabled: "yes", lang: "ru" },
      headers as Record<string, string>,
    );
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `${SETTINGS}/done?lang=ru`]);
    const page = await owner.get(`${SETTINGS}/done?lang=ru`);
    expect(textOf(page.body)).toContain("Готово Настройки сохранены.");
    expect(page.body).toContain(`<a href="${MODULES}" target="_top" rel="noopener noreferrer">`);
    expect(page.headers["content-security-policy"]).toMatch(/frame-ancestors https:\/\/shop\.simla\.com$/u);
  });

  it("is still the first one after a save that was refused", async () => {
    const { owner } = await connected();
    const refused = await owner.post(`${SETTINGS}/save`, { timezone: "Atlantis" }, { "sec-fetch-dest": "document" });
    expect([refused.statusCode, targets(refused)]).toEqual([422, "'self' https://shop.simla.com"]);
    const answer = await owner.post(`${SETTINGS}/save`, { enabled: "yes" }, { "sec-fetch-dest": "document" });
    expect(answer.headers.location).toBe(MODULES);
  });

  it("of who has only signed in stays on the page", async () => {
    const { owner, page } = await signedIn();
    expect(targets(page)).toBe("'self'");
    const answer = await owner.post(`${SETTINGS}/save`, { enabled: "yes" }, { "sec-fetch-dest": "document" });
    expect(answer.headers.location).toBe(`${SETTINGS}?news=saved`);
  });

  it("leads nowhere that a browser cannot open", async () => {
    const { owner } = await connected({ crmUrl: "javascript:alert(1)" });
    const answer = await owner.post(`${SETTINGS}/save`, { enabled: "yes" }, { "sec-fetch-dest": "document" });
    expect(answer.headers.location).toBe(`${SETTINGS}/done`);
    expect((await owner.get(`${SETTINGS}/done`)).body).not.toContain("javascript:");
  });

  it("shows its page to nobody who has not shown the key", async () => {
    const answer = await (await open()).visitor().get(`${SETTINGS}/done`);
    expect([answer.statusCode, answer.headers.location]).toEqual([303, SETTINGS]);
  });
});

describe("the state of the connection", () => {
  const STANDINGS: readonly { standing: StandingName; says: string; key?: true }[] = [
    { standing: "working", says: "The bot is working." },
    { standing: "switched_off", says: "The module is switched off in the CRM." },
    { standing: "unattended", says: "No program works on this account at the moment." },
    { standing: "chats_disabled", says: "Chats are switched off in the CRM account." },
    { standing: "paused", says: "The operator of the bot has paused it." },
    { standing: "off_by_owner", says: "The bot is switched off on its settings page." },
    { standing: "needs_reconnect", says: "The CRM no longer accepts the API key.", key: true },
    { standing: "scopes", says: "The API key lacks rights that the bot needs.", key: true },
  ];
  it.each(STANDINGS)("$standing is said in plain words", async ({ standing, says, key = false }) => {
    const { page } = await signedIn({ standing });
    expect(textOf(page.body)).toContain(says);
    expect(page.body.includes('id="apiKey"')).toBe(key);
  });

  it.each([
    { lang: "en", says: "The API key lacks these rights: order_read, store_read." },
    { lang: "es", says: "A la clave de API le faltan estos permisos: order_read, store_read." },
    { lang: "ru", says: "У ключа API нет прав: order_read, store_read." },
  ])(
    "names rights that the rules need and the key lacks in $lang, with a field for another key",
    async ({ lang, says }) => {
      const { owner } = await signedIn({ missingRights: ["order_read", "store_read"] });
      const page = await owner.get(`${SETTINGS}?lang=${lang}`);
      expect(textOf(page.body)).toContain(says);
      expect(page.body).toContain('id="apiKey"');
    },
  );

  it("says since when the bot works, in the account's own zone", async () => {
    const { page } = await signedIn({
      status: { socket: { state: "open", since: "2026-05-03T10:00:00.000Z" } },
      settings: { language: null, timezone: "Europe/Madrid", ruleSet: null, enabled: true },
    });
    expect(textOf(page.body)).toContain("The bot has been working since 3 May 2026 at 12:00 (Europe/Madrid).");
  });

  it("takes a new key where the old one is refused, without asking to sign in again", async () => {
    const { owner, accounts } = await signedIn({ standing: "needs_reconnect" });
    const wrong = await owner.post(`${SETTINGS}/sign-in`, { apiKey: "wrong" });
    expect([wrong.statusCode, wrong.body.includes("shop.simla.com")]).toEqual([422, true]);
    const answer = await owner.post(`${SETTINGS}/sign-in`, { apiKey: GOOD_KEY });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, SETTINGS]);
    expect(accounts.asked.map(([name, , key]) => [name, key])).toEqual([
      ["signIn", "wrong"],
      ["signIn", GOOD_KEY],
    ]);
  });
});

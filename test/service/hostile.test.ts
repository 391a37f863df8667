import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { SESSION_MS } from "../../src/service/security/session.ts";
import { type Service, startService } from "../../src/service/server.ts";
import { createVault } from "../../src/vault.ts";
import { accountView, createFakeAccounts, GOOD_KEY } from "./fake-accounts.ts";
import { type HouseOptions, openHouse, PASSWORD, READY, serviceOptions, VAULT_KEY } from "./visitor.ts";

const ID = "c".repeat(64);
const SETTINGS = `/settings/${ID}`;
const EVIL = "https://evil.example";
const FORM = { "content-type": "application/x-www-form-urlencoded" };

const open = (over: HouseOptions = {}) => openHouse({ accounts: createFakeAccounts(accountView()), ...over });

/** An owner and the operator, each signed in and looking at a page with forms. */
async function bothSignedIn(over: HouseOptions = {}) {
  const house = await open(over);
  const [owner, operator] = [house.visitor(), house.visitor()];
  await owner.get(SETTINGS);
  await owner.post(`${SETTINGS}/sign-in`, { apiKey: GOOD_KEY });
  await owner.get(SETTINGS);
  await operator.get("/admin/login");
  await operator.post("/admin/login", { password: PASSWORD });
  await operator.get("/admin/account?id=shop.simla.com%2Frulebot");
  house.accounts.asked.splice(0);
  return { ...house, owner, operator };
}

const OWN_FORMS = [
  { form: "connecting", path: "/connect", who: "owner", fields: { address: "shop.simla.com", apiKey: GOOD_KEY } },
  { form: "signing in", path: `${SETTINGS}/sign-in`, who: "owner", fields: { apiKey: GOOD_KEY } },
  { form: "saving", path: `${SETTINGS}/save`, who: "owner", fields: { timezone: "UTC" } },
  { form: "signing out", path: `${SETTINGS}/sign-out`, who: "owner", fields: {} },
  { form: "the operator's login", path: "/admin/login", who: "operator", fields: { password: PASSWORD } },
  { form: "pausing", path: "/admin/account/pause?id=shop.simla.com%2Frulebot", who: "operator", fields: {} },
  { form: "resuming", path: "/admin/account/resume?id=shop.simla.com%2Frulebot", who: "operator", fields: {} },
  { form: "the operator's logout", path: "/admin/logout", who: "operator", fields: {} },
] as const;

describe.each(OWN_FORMS)("the form for $form", ({ path, who, fields }) => {
  it.each([
    { by: "without a token", token: { _csrf: "" }, headers: {} },
    { by: "with a token that somebody made up", token: { _csrf: "a1b2c3d4-e5f6" }, headers: {} },
    { by: "from another site, by its own word", token: {}, headers: { "sec-fetch-site": "cross-site" } },
    { by: "from a neighbouring site", token: {}, headers: { "sec-fetch-site": "same-site" } },
    { by: "from another origin", token: {}, headers: { "sec-fetch-site": "none", origin: EVIL } },
  ])("is refused $by: 403, and nothing is asked or changed", async ({ token, headers }) => {
    const { accounts, ...house } = await bothSignedIn();
    const answer = await house[who].post(path, { ...fields, ...token }, headers);
    expect(answer.statusCode).toBe(403);
    expect(accounts.asked).toEqual([]);
    expect(answer.headers["set-cookie"]).toBeUndefined();
  });

  it("is refused with the token of another browser", async () => {
    const { accounts, visitor, ...house } = await bothSignedIn();
    const page = await visitor().get("/");
    const [, foreign = ""] = /name="_csrf" value="([^"]+)"/u.exec(page.body) ?? [];
    expect(foreign).not.toBe("");
    expect((await house[who].post(path, { ...fields, _csrf: foreign })).statusCode).toBe(403);
    expect(accounts.asked).toEqual([]);
  });

  it("is taken from a browser that names neither site nor origin, as long as the token is right", async () => {
    const house = await bothSignedIn();
    const answer = await house[who].post(path, fields, { "sec-fetch-site": "none", origin: "null" });
    expect(answer.statusCode).toBe(303);
  });
});

describe("a session", () => {
  it.each([
    { isHttps: true, publicUrl: "https://bot.example", owner: "__Host-rulebot", admin: "__Host-rulebot_admin" },
    { isHttps: false, publicUrl: "http://localhost:8080", owner: "rulebot", admin: "rulebot_admin" },
  ])("travels in a cookie that fits its place: https $isHttps", async ({ isHttps, publicUrl, owner, admin }) => {
    const { visitor } = await open({ publicUrl });
    const [ofOwner] = (await visitor().get("/")).cookies;
    expect(ofOwner).toMatchObject({ name: owner, path: "/", httpOnly: true, maxAge: 43_200 });
    expect([ofOwner?.secure, ofOwner?.sameSite]).toEqual(isHttps ? [true, "None"] : [undefined, "Lax"]);
    const login = await visitor().get("/admin/login");
    expect(login.cookies[0]).toMatchObject({ name: admin, path: "/", httpOnly: true, sameSite: "Lax" });
    expect(String((await visitor().get("/")).headers["set-cookie"]).includes("Partitioned")).toBe(isHttps);
  });

  it.each([
    { made: "from nothing", cookie: () => "__Host-rulebot=admin" },
    { made: "by changing one sign", cookie: (real: string) => `__Host-rulebot=${real.slice(0, -2)}AA` },
    {
      made: "with a key of somebody else",
      cookie: () => `__Host-rulebot=${createVault(["8".repeat(64)]).seal("{}", "session of an owner")}`,
    },
    {
      made: "of something else that we sealed",
      cookie: () =>
        `__Host-rulebot=${createVault([VAULT_KEY]).seal(session("shop.simla.com/rulebot"), "token of shop")}`,
    },
  ])("$made opens nothing", async ({ cookie }) => {
    const { owner, visitor } = await bothSignedIn();
    const real = owner.cookies.get("__Host-rulebot") ?? "";
    const page = await visitor().get(SETTINGS, { cookie: cookie(real) });
    expect([page.statusCode, page.body.includes("shop.simla.com")]).toEqual([200, false]);
  });

  it("of an owner is not one of the operator, even if an account were named like it", async () => {
    const { accounts, ...house } = await open({ accounts: createFakeAccounts(accountView({ connectionId: "admin" })) });
    const owner = house.visitor();
    await owner.get(SETTINGS);
    await owner.post(`${SETTINGS}/sign-in`, { apiKey: GOOD_KEY });
    const cookie = owner.cookies.get("__Host-rulebot") ?? "";
    const stolen = `__Host-rulebot_admin=${encodeURIComponent(cookie)}`;
    expect((await house.visitor().get("/admin", { cookie: stolen })).statusCode).toBe(303);
    expect((await house.visitor().get("/status", { cookie: stolen })).statusCode).toBe(401);
  });

  it("makes forms of before a sign-in void, since their secret may be known to others", async () => {
    const { visitor, accounts } = await open();
    const owner = visitor();
    const page = await owner.get(SETTINGS);
    const [, before = ""] = /name="_csrf" value="([^"]+)"/u.exec(page.body) ?? [];
    await owner.post(`${SETTINGS}/sign-in`, { apiKey: GOOD_KEY });
    expect((await owner.post(`${SETTINGS}/save`, { _csrf: before })).statusCode).toBe(403);
    await owner.get(SETTINGS);
    expect((await owner.post(`${SETTINGS}/save`, { _csrf: before })).statusCode).toBe(403);
    expect(accounts.asked.filter(([name]) => name === "change")).toEqual([]);
  });

  it("ends for each account twelve hours after its own key was shown", async () => {
    const other = accountView({ connectionId: "b", clientId: "d".repeat(64), crmUrl: "https://other.simla.com" });
    const { visitor, clock } = await open({ accounts: createFakeAccounts(accountView(), other) });
    const owner = visitor();
    const signIn = async (path: string) => {
      await owner.get(path);
      await owner.post(`${path}/sign-in`, { apiKey: GOOD_KEY });
    };
    await signIn(SETTINGS);
    await clock.advance(SESSION_MS - 1);
    await signIn(`/settings/${"d".repeat(64)}`);
    expect((await owner.get(SETTINGS)).body).toContain("shop.simla.com");
    await clock.advance(1);
    expect((await owner.get(SETTINGS)).body).not.toContain("shop.simla.com");
    expect((await owner.get(`/settings/${"d".repeat(64)}`)).body).toContain("other.simla.com");
  });

  it("sealed with a key of before the rotation still opens", async () => {
    const { owner } = await bothSignedIn();
    const cookie = `__Host-rulebot=${encodeURIComponent(owner.cookies.get("__Host-rulebot") ?? "")}`;
    const rotated = await open({ many: { vault: createVault(["9".repeat(64), VAULT_KEY]) } });
    expect((await rotated.visitor().get(SETTINGS, { cookie })).body).toContain("shop.simla.com");
  });
});

const session = (who: string) => JSON.stringify({ until: 9e15, passes: [{ who, until: 9e15 }], values: {} });

describe("ids that are guessed", () => {
  it("look the same whatever is wrong with them, and like any page that does not exist", async () => {
    const { visitor } = await open();
    const paths = [`/settings/${"d".repeat(64)}`, "/settings/1", "/settings/%27%20or%201=1", "/nothing/here"];
    const pages = await Promise.all(paths.map((path) => visitor().get(path)));
    const [first] = pages;
    for (const [index, page] of pages.entries()) {
      expect([page.statusCode, page.body]).toEqual([404, first?.body]);
      // Only the pages for owners may be in a frame.
      if (!paths[index]?.startsWith("/settings/")) continue;
      expect({ ...page.headers, date: 0 }).toEqual({ ...first?.headers, date: 0 });
    }
  });

  it.each(["sign-in", "save", "sign-out"])("change nothing at %s", async (action) => {
    const { owner, accounts } = await bothSignedIn();
    const answer = await owner.post(`/settings/${"d".repeat(64)}/${action}`, { apiKey: GOOD_KEY });
    expect(answer.statusCode).toBe(404);
    expect(accounts.asked.filter(([name]) => name === "change")).toEqual([]);
  });
});

describe("pages in frames", () => {
  it.each([
    { page: "the connect form", path: "/", who: "visitor", allowed: "https://*.simla.com" },
    { page: "the sign-in to the settings", path: SETTINGS, who: "visitor", allowed: "https://*.simla.com" },
    { page: "the settings", path: SETTINGS, who: "owner", allowed: "https://shop.simla.com" },
    { page: "the operator's login", path: "/admin/login", who: "operator", allowed: "'none'" },
    { page: "the operator's list", path: "/admin", who: "operator", allowed: "'none'" },
    { page: "what does not exist", path: "/nothing", who: "visitor", allowed: "'none'" },
    { page: "settings that do not exist", path: "/settings/1", who: "visitor", allowed: "https://*.simla.com" },
    { page: "an operator's page that does not exist", path: "/admin/1", who: "operator", allowed: "'none'" },
  ] as const)("$page may be framed by $allowed only", async ({ path, who, allowed }) => {
    const house = await bothSignedIn();
    const page = await (who === "visitor" ? house.visitor() : house[who]).get(path);
    expect(page.headers["content-security-policy"]).toBe(
      `default-src 'none';style-src 'self';img-src 'self';form-action 'self';base-uri 'none';frame-ancestors ${allowed}`,
    );
    expect(page.headers["x-frame-options"]).toBe(allowed === "'none'" ? "DENY" : undefined);
  });

  it.each([
    { form: "connecting", path: "/connect", alone: "/" },
    { form: "signing in", path: `${SETTINGS}/sign-in`, alone: SETTINGS },
    { form: "saving", path: `${SETTINGS}/save`, alone: SETTINGS },
  ])(
    "show there what is wrong with a form for $form, with a way out into a tab of its own",
    async ({ path, alone }) => {
      const { owner } = await bothSignedIn();
      const page = await owner.post(path, { _csrf: "", lang: "es" });
      expect(page.statusCode).toBe(403);
      expect(page.headers["content-security-policy"]).toMatch(/frame-ancestors https:\/\/\*\.simla\.com$/u);
      expect(page.headers["x-frame-options"]).toBeUndefined();
      expect(page.body).toContain(
        `<a href="${alone}?lang=es" target="_blank" rel="noopener noreferrer">Abrir esta página en su propia pestaña</a>`,
      );
    },
  );

  it("do not show there what is wrong with a form of the operator's", async () => {
    const { operator } = await bothSignedIn();
    const page = await operator.post("/admin/login", { _csrf: "" });
    expect([page.statusCode, page.headers["x-frame-options"]]).toEqual([403, "DENY"]);
    expect(page.body).not.toContain("_blank");
  });

  it("show what is wrong without a frame when nobody can say which sites may have one", async () => {
    const frameSites = () => Promise.reject(new Error("the store is away"));
    const { server } = await open({ many: { frameSites } });
    const headers = { ...FORM, accept: "text/html" };
    const page = await server.inject({ method: "POST", url: "/connect", headers, payload: "address=a" });
    expect([page.statusCode, page.headers["x-frame-options"]]).toEqual([403, "DENY"]);
  });

  it.each([
    "*",
    "https://a.example; script-src *",
    "https://*",
    "javascript:alert(1)",
    "https://a.example evil.example",
  ])("are not opened to more sites by %s among those that may frame them", async (site) => {
    const { visitor } = await open({ many: { frameSites: async () => [site] } });
    const page = await visitor().get("/");
    expect(page.statusCode).toBe(200);
    expect(page.headers["content-security-policy"]).toMatch(/frame-ancestors 'none'$/u);
  });
});

describe("every answer", () => {
  it.each([
    { path: "/", status: 200 },
    { path: SETTINGS, status: 200 },
    { path: "/admin", status: 303 },
    { path: "/nothing", status: 404 },
    { path: "/healthz", status: 200 },
    { path: "/status", status: 401 },
  ])("at $path carries the security headers and is not kept", async ({ path, status }) => {
    const answer = await (await open()).visitor().get(path);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers).toMatchObject({
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "strict-transport-security": "max-age=63072000; includeSubDomains",
      "cross-origin-opener-policy": "same-origin",
    });
    expect(answer.headers["x-powered-by"]).toBeUndefined();
  });

  it("asks for https in no header where there is none", async () => {
    const answer = await (await open({ publicUrl: "http://localhost:8080" })).visitor().get("/");
    expect(answer.headers["strict-transport-security"]).toBeUndefined();
  });

  it("is HTML without scripts, styles or handlers inside", async () => {
    const { owner, operator, visitor } = await bothSignedIn();
    const pages = [
      await visitor().get("/"),
      await owner.get(SETTINGS),
      await operator.get("/admin"),
      await operator.get("/admin/account?id=shop.simla.com%2Frulebot"),
      await visitor().get("/nothing"),
    ];
    for (const { body } of pages) expect(body).not.toMatch(/<script|<style|\sstyle=|\son\w+=|javascript:/iu);
  });
});

describe("hostile names", () => {
  const XSS = `"><img src=x onerror=alert(1)><script>alert('x')</script>{{ t }}{% raw %}&`;
  const hostile = accountView({
    connectionId: XSS,
    settings: { language: null, timezone: XSS, ruleSet: XSS, enabled: true },
    ruleSets: [`${XSS}2`],
    status: { bot: { name: XSS }, socket: { state: XSS, since: "2026-05-03T10:00:00Z", reason: XSS } },
  });

  it("are shown as they are, on every page", async () => {
    const readiness = () => ({ ...READY, configErrors: [XSS] });
    const { owner, operator, visitor } = await bothSignedIn({
      accounts: createFakeAccounts(hostile),
      readiness,
      name: XSS,
    });
    const encoded = encodeURIComponent(XSS);
    const pages = [
      await visitor().get(`/?account=${encoded}&lang=${encoded}`),
      await visitor().post("/connect", { address: XSS, apiKey: XSS }),
      await owner.get(SETTINGS),
      await owner.post(`${SETTINGS}/save`, { timezone: XSS, language: XSS, ruleSet: `${XSS}3` }),
      await operator.get(`/admin?q=${encoded}`),
      await operator.get("/admin"),
      await operator.get(`/admin/account?id=${encoded}&news=${encoded}`),
      await visitor().get(`/nothing/${encoded}`),
    ];
    for (const { body, statusCode } of pages) {
      expect(statusCode).toBeLessThan(500);
      expect(body).not.toMatch(/<img|<script|onerror=alert\(1\)>/u);
    }
    expect(pages[5]?.body).toContain("&#34;&gt;&lt;img src=x onerror=alert(1)&gt;");
  });

  it("in an address cannot become a link that runs something", async () => {
    const { owner } = await bothSignedIn({
      accounts: createFakeAccounts(accountView({ crmUrl: "javascript:alert(1)" })),
    });
    expect((await owner.get(SETTINGS)).body).not.toContain("javascript:");
  });
});

describe("too many tries", () => {
  it.each([
    { form: "connecting", path: "/connect", fields: { address: "a", apiKey: "b" } },
    { form: "signing in", path: `${SETTINGS}/sign-in`, fields: { apiKey: "b" } },
    { form: "the operator's login", path: "/admin/login", fields: { password: "b" } },
  ])(
    "at $form end with 429 after ten in a minute, with a page that says how long to wait",
    async ({ path, fields }) => {
      const { visitor, accounts } = await open();
      const attacker = visitor();
      await attacker.get(path === "/connect" ? "/" : path.replace("/sign-in", ""));
      const statuses: number[] = [];
      for (let index = 0; index < 50; index += 1) statuses.push((await attacker.post(path, fields)).statusCode);
      expect(statuses.filter((status) => status !== 429)).toHaveLength(10);
      const last = await attacker.post(path, fields);
      expect(Number(last.headers["retry-after"])).toBeGreaterThan(0);
      expect(last.body).toContain("Wait a minute, then try again.");
      expect(accounts.asked.length).toBeLessThanOrEqual(10);
    },
  );

  it("are counted per account too, from however many addresses they come", async () => {
    const { server, visitor, accounts } = await open({ trustedProxies: ["127.0.0.1"] });
    const attacker = visitor();
    await attacker.get(SETTINGS);
    const statuses: number[] = [];
    for (let index = 0; index < 30; index += 1) {
      const headers = { "x-forwarded-for": `198.51.100.${index}` };
      statuses.push((await attacker.post(`${SETTINGS}/sign-in`, { apiKey: "b" }, headers)).statusCode);
    }
    expect(statuses.filter((status) => status === 403)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(20);
    expect(accounts.asked).toHaveLength(10);
    await server.close();
  });

  it("at the callbacks, about clients that nobody has, end with 429 after 120 in a minute, and the store is asked no more", async () => {
    const { server, accounts } = await open();
    const statuses: number[] = [];
    for (let index = 0; index < 1_000; index += 1) {
      const payload = `clientId=${index}`;
      statuses.push(
        (await server.inject({ method: "POST", url: "/actions/activity", headers: FORM, payload })).statusCode,
      );
    }
    expect([404, 429].map((wanted) => statuses.filter((status) => status === wanted).length)).toEqual([120, 880]);
    expect(accounts.asked).toHaveLength(120);
  });

  it("never end the probes", async () => {
    const { server } = await open();
    for (let index = 0; index < 400; index += 1)
      expect((await server.inject({ url: "/healthz" })).statusCode).toBe(200);
  });
});

describe("an address that a header claims", () => {
  const tryTimes = async (house: HouseOptions, headersOf: (index: number) => Record<string, string>) => {
    const { server } = await open(house);
    let answered = 0;
    for (let index = 0; index < 40; index += 1) {
      const headers = { ...FORM, ...headersOf(index) };
      const answer = await server.inject({ method: "POST", url: "/admin/login", headers, payload: "password=x" });
      if (answer.statusCode !== 429) answered += 1;
    }
    return answered;
  };

  it("is not believed of anybody where no proxy is configured", async () => {
    expect(await tryTimes({}, (index) => ({ "x-forwarded-for": `198.51.100.${index}` }))).toBe(10);
  });

  it("is not believed of somebody who is not the proxy", async () => {
    const house = { trustedProxies: ["10.1.2.3", "192.168.0.0/16"] };
    expect(await tryTimes(house, (index) => ({ "x-forwarded-for": `198.51.100.${index}` }))).toBe(10);
  });

  it("is believed of the proxy, but only the part that the proxy itself wrote", async () => {
    const house = { trustedProxies: ["127.0.0.1"] };
    const forged = (index: number) => ({ "x-forwarded-for": `198.51.100.${index}, 203.0.113.9` });
    expect(await tryTimes(house, forged)).toBe(10);
    expect(await tryTimes(house, (index) => ({ "x-forwarded-for": `203.0.113.${index}` }))).toBe(40);
  });

  it("counts as one visitor for a whole /64 of IPv6", async () => {
    const house = { trustedProxies: ["127.0.0.1"] };
    expect(await tryTimes(house, (index) => ({ "x-forwarded-for": `2001:db8:1:2::${index.toString(16)}` }))).toBe(10);
  });

  it("does not move the check of a form's origin", async () => {
    const { owner } = await bothSignedIn();
    const headers = { "sec-fetch-site": "none", origin: EVIL, "x-forwarded-host": "evil.example" };
    expect((await owner.post(`${SETTINGS}/save`, {}, headers)).statusCode).toBe(403);
  });
});

describe("callbacks and requests of the wrong kind", () => {
  it.each([
    { what: "a GET", method: "GET", url: "/actions/activity", status: 404 },
    {
      what: "JSON",
      method: "POST",
      url: "/actions/activity",
      type: "application/json",
      payload: `{"clientId":"${ID}"}`,
      status: 400,
    },
    {
      what: "garbage",
      method: "POST",
      url: "/actions/settings",
      type: "application/json",
      payload: "{\u0000",
      status: 400,
    },
    { what: "no body", method: "POST", url: "/actions/activity", status: 400 },
    {
      what: "a megabyte",
      method: "POST",
      url: "/actions/activity",
      payload: `clientId=${"x".repeat(1_000_000)}`,
      status: 413,
    },
    {
      what: "a megabyte of another kind",
      method: "POST",
      url: "/actions/activity",
      type: "image/png",
      payload: "x".repeat(1_000_000),
      status: 413,
    },
    {
      what: "a type that is none",
      method: "POST",
      url: "/actions/activity",
      type: "a/b; c",
      payload: "clientId=1",
      status: 400,
    },
    { what: "a path that is none", method: "GET", url: "/settings/%ff", status: 404 },
    { what: "a path of 5,000 characters", method: "GET", url: `/settings/${"x".repeat(5_000)}`, status: 404 },
  ] as const)(
    "$what is answered $status without detail, and nobody is asked",
    async ({ status, what: _what, ...request }) => {
      const { server, accounts, log } = await open();
      const type = "type" in request ? request.type : FORM["content-type"];
      const { method, url } = request;
      const payload = "payload" in request ? { payload: request.payload } : {};
      const headers = method === "POST" ? { "content-type": type } : {};
      const answer = await server.inject({ method, url, headers, ...payload });
      expect(answer.statusCode).toBe(status);
      expect(answer.body).not.toMatch(/stack|node_modules|\.ts|Error:|FST_/u);
      expect([accounts.asked, log.text()]).toEqual([[], ""]);
    },
  );

  it("names nothing of the inside when something breaks, on a page or in JSON", async () => {
    const accounts = createFakeAccounts();
    accounts.byClientId = () => Promise.reject(new Error("SELECT * FROM connections failed at 10.0.0.7"));
    const { visitor, log, server } = await open({ accounts });
    const page = await visitor().get(SETTINGS);
    expect([page.statusCode, page.body.includes("Something went wrong here")]).toEqual([500, true]);
    const json = await server.inject({ url: SETTINGS });
    expect(json.json()).toEqual({ error: "Something went wrong here. The log says what." });
    expect(page.body).not.toMatch(/SELECT|10\.0\.0\.7/u);
    expect(log.text()).toContain("SELECT");
  });

  it("logs no key and no password, whatever is done with them", async () => {
    const { owner, operator, log } = await bothSignedIn();
    const secret = "a-very-secret-value";
    await owner.post("/connect", { address: "a", apiKey: secret });
    await owner.post(`${SETTINGS}/sign-in`, { apiKey: secret });
    await operator.post("/admin/login", { password: secret });
    expect(log.text()).not.toContain(secret);
  });
});

const started: Service[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((service) => service.close()));
});

describe("a client that takes its time", () => {
  /** What comes back on a socket until the server closes it. */
  async function sendAndWait(text: string): Promise<string> {
    const timeouts = { headersMs: 200, requestMs: 400, checkEveryMs: 50 };
    const service = await startService({ ...serviceOptions().options, timeouts });
    started.push(service);
    const socket = connect(service.port, "127.0.0.1");
    socket.write(text);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }

  it("with its headers is sent away", async () => {
    expect(await sendAndWait("GET / HTTP/1.1\r\nhost: a\r\nx-slow: ")).toMatch(/^HTTP\/1\.1 408/u);
  });

  it("with its body is sent away", async () => {
    const head = "POST /actions/activity HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-www-form-urlencoded\r\n";
    expect(await sendAndWait(`${head}content-length: 50\r\n\r\nclientId=`)).toMatch(/^HTTP\/1\.1 408/u);
  });

  it("and sends 22 KB of headers is sent away at once", async () => {
    const headers = Array.from({ length: 200 }, (_, index) => `x-${index}: ${"y".repeat(100)}`).join("\r\n");
    expect(await sendAndWait(`GET / HTTP/1.1\r\nhost: a\r\n${headers}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431/u);
  });

  it("and speaks no HTTP is sent away", async () => {
    expect(await sendAndWait("\x16\x03\x01\x02\x00\x01\r\n\r\n")).toMatch(/^HTTP\/1\.1 400/u);
  });
});

import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Service, startService } from "../../src/service/server.ts";
import { accessibilityFaults, openBrowser, shoot } from "../helpers/browser.ts";
import { startHttpServer } from "../helpers/http-server.ts";
import { accountView, createFakeAccounts, type FakeAccounts, GOOD_KEY } from "./fake-accounts.ts";
import { type HouseOptions, HTTPS, PASSWORD, READY, serviceOptions } from "./visitor.ts";

const ID = "c".repeat(64);
const NARROW = { width: 320, height: 640 };
const WIDE = { width: 1_100, height: 800 };

let browser: Browser;
const services: Service[] = [];
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  browser = await openBrowser();
}, 60_000);
afterAll(() => browser?.close());
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
  await Promise.all(services.splice(0).map((service) => service.close()));
});

async function serve(accounts: FakeAccounts, over: HouseOptions = {}): Promise<string> {
  // Reached over plain http on this machine, so the cookies are those of http.
  const { options } = serviceOptions({ accounts, publicUrl: "http://localhost:8080", ...over });
  const service = await startService(options);
  services.push(service);
  return `http://localhost:${service.port}`;
}

/** A browser window of its own. */
async function openWindow(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: WIDE, locale: "en-GB", ...options });
  contexts.push(context);
  return await context.newPage();
}

const shop = () =>
  accountView({
    ruleSets: ["madrid", "lisbon"],
    status: {
      bot: { id: 4, name: "Helper" },
      socket: { state: "open", since: "2026-05-03T10:00:00.000Z", reason: null },
      catch_up: { gap: false, lost: { too_old: 0, too_many: 0 } },
      queues: { inbox: 0, outbox: 1, unknown: 0, waitingRuns: 3 },
      rules: { count: 12 },
    },
  });

/** Every page, each reached as a person would reach it. */
async function eachPage(page: Page, home: string, accounts: FakeAccounts, visit: (name: string) => Promise<void>) {
  await page.goto(`${home}/?account=https%3A%2F%2Fshop.simla.com`);
  await visit("connect");
  await page.fill("#apiKey", "a wrong key");
  await page.click("form[action$='/connect'] button");
  await visit("connect-refused");
  await page.goto(`${home}/settings/${ID}`);
  await visit("sign-in");
  await page.fill("#apiKey", GOOD_KEY);
  await page.click("main form button");
  await visit("settings");
  await page.fill("#timezone", "Atlantis");
  await page.click("form[action$='/save'] button");
  await visit("settings-refused");
  accounts.views[0] = { ...shop(), standing: "needs_reconnect" };
  await page.goto(`${home}/settings/${ID}`);
  await visit("settings-key-refused");
  await page.goto(`${home}/admin/login`);
  await page.fill("#password", "wrong");
  await page.click("main form button");
  await visit("admin-login-refused");
  await page.fill("#password", PASSWORD);
  await page.click("main form button");
  await visit("admin");
  await page.click("td a");
  await visit("admin-account");
  await page.click("a[href*='/admin/account/remove']");
  await visit("admin-remove");
  await page.goto(`${home}/nothing`);
  await visit("not-found");
  await page.goto(`${home}/settings/${ID}/done`);
  await visit("done");
  await page.goto(`${home}/settings/${ID}`);
  await page.context().clearCookies();
  await page.click("form[action$='/save'] button");
  await visit("form-too-old");
}

const withFaults: HouseOptions = {
  readiness: () => ({
    ...READY,
    configErrors: ['rules/greeting.yaml:7:9  I do not know "mesage_has". Use message_has.'],
  }),
};

describe.each([
  { look: "narrow", viewport: NARROW, colorScheme: "light", locale: "ru-RU" },
  { look: "narrow-dark", viewport: NARROW, colorScheme: "dark", locale: "es-ES" },
  { look: "wide", viewport: WIDE, colorScheme: "light", locale: "en-GB" },
] as const)("every page, $look", ({ look, ...options }) => {
  it("has no fault that axe-core finds, nothing cut off, nothing to scroll sideways, and no error", async () => {
    const accounts = createFakeAccounts(shop());
    const home = await serve(accounts, withFaults);
    const page = await openWindow(options);
    const faults: string[] = [];
    page.on("console", (message) => {
      // The browser reports answers such as 422 and 404 as errors too.
      if (message.type() === "error" && !message.text().includes("the server responded")) faults.push(message.text());
    });
    await eachPage(page, home, accounts, async (name) => {
      await shoot(page, `${look}-${name}`);
      faults.push(...(await accessibilityFaults(page)).map((fault) => `${name}: ${fault}`));
      const overflow = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
      if (Number(overflow) > 0) faults.push(`${name}: ${overflow} px too wide`);
    });
    expect(faults).toEqual([]);
  }, 90_000);
});

describe("by keyboard alone", () => {
  it("an owner connects, sets up and signs out, without scripts", async () => {
    const crm = await startHttpServer((response) =>
      response.writeHead(200, { "content-type": "text/html" }).end("CRM"),
    );
    services.push({ port: crm.port, close: crm.stop });
    const accounts = createFakeAccounts({ ...shop(), crmUrl: crm.url });
    const home = await serve(accounts);
    const page = await openWindow({ javaScriptEnabled: false });
    await page.goto(home);
    await focusOn(page, "#address");
    await page.keyboard.type("shop.simla.com");
    await page.keyboard.press("Tab");
    await page.keyboard.type("a wrong key");
    await page.keyboard.press("Enter");
    await page.waitForSelector("[role=alert]");
    // The faulty field has the focus; what was typed but the key is kept.
    expect(await page.inputValue("#address")).toBe("shop.simla.com");
    expect(await isFocused(page, "#apiKey")).toBe(true);
    expect(await page.getAttribute("#apiKey", "aria-describedby")).toBe("apiKey-hint apiKey-fault");
    await page.keyboard.type(GOOD_KEY);
    await page.keyboard.press("Enter");
    await page.waitForURL(`${home}/settings/${ID}?news=connected`);
    expect(await page.textContent("[role=status]")).toBe("The account is connected.");

    await focusOn(page, "#enabled");
    await page.keyboard.press("Space");
    await focusOn(page, "#language");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await focusOn(page, "#timezone");
    await page.keyboard.type("europe/madrid");
    await page.keyboard.press("Escape");
    await focusOn(page, "form[action$='/save'] button");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${crm.url}/admin/integration/list`);
    await page.goto(`${home}/settings/${ID}`);
    expect(accounts.asked.at(-1)).toEqual([
      "change",
      "shop.simla.com/rulebot",
      { language: "es", timezone: "Europe/Madrid", ruleSet: null, enabled: false },
    ]);

    await focusOn(page, "form[action$='/sign-out'] button");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#apiKey");
    expect(await page.textContent("main")).not.toContain(new URL(crm.url).host);
  }, 60_000);

  it("the operator signs in, finds an account and pauses it", async () => {
    const accounts = createFakeAccounts(shop());
    const home = await serve(accounts);
    const page = await openWindow({ javaScriptEnabled: false });
    await page.goto(`${home}/admin`);
    expect(await isFocused(page, "#password")).toBe(true);
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.waitForURL(`${home}/admin`);
    await focusOn(page, "#q");
    await page.keyboard.type("shop");
    await page.keyboard.press("Enter");
    await page.waitForURL(/q=shop/u);
    await focusOn(page, "td a");
    await page.keyboard.press("Enter");
    await page.waitForURL(/account\?id=/u);
    await focusOn(page, "main form button");
    await page.keyboard.press("Enter");
    await page.waitForURL(/news=paused/u);
    expect(accounts.asked).toEqual([["pause", "shop.simla.com/rulebot", true]]);
  }, 60_000);

  it("shows where the focus is", async () => {
    const page = await openWindow();
    await page.goto(await serve(createFakeAccounts()));
    for (const selector of ["nav a", "#address", "#apiKey", "form button"]) {
      await focusOn(page, selector);
      expect(await page.evaluate("getComputedStyle(document.activeElement).outline")).toContain("solid 3px");
    }
  }, 60_000);
});

describe("in a frame", () => {
  /** A site that shows our settings in a frame. Browsers take `localhost` for as good as https, so the cookies are those of https;
   *  127.0.0.1 is another site to them. */
  async function framed(isAllowed: boolean, path = `/settings/${ID}`) {
    const site = await startHttpServer((response) =>
      response
        .writeHead(200, { "content-type": "text/html" })
        .end(`<iframe src="${home}${path}" width="500" height="900"></iframe>`),
    );
    services.push({ port: site.port, close: site.stop });
    const home = await serve(createFakeAccounts({ ...shop(), crmUrl: site.url }), {
      publicUrl: HTTPS,
      many: { frameSites: async () => [isAllowed ? site.url : "http://crm.example"] },
    });
    const page = await openWindow();
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    await page.goto(site.url);
    return { page, frame: page.frameLocator("iframe"), said };
  }

  it("of the CRM the settings open, and the session works although the cookie is that of another site", async () => {
    const { page, frame } = await framed(true);
    await frame.locator("#apiKey").fill(GOOD_KEY);
    await frame.locator("main form button").click();
    await frame.locator("#timezone").fill("Europe/Madrid");
    await frame.locator("form[action$='/save'] button").click();
    expect(await frame.locator("[role=status]").textContent()).toBe("Your settings are saved.");
    const cookies = await page.context().cookies();
    expect(cookies.map(({ name, sameSite, secure }) => [name, sameSite, secure])).toEqual([
      ["__Host-rulebot", "None", true],
    ]);
  }, 60_000);

  it("of the CRM an owner connects, is led out of the frame after the first save, and reads what is wrong with a form", async () => {
    const { page, frame } = await framed(true, "/");
    await frame.locator("#address").fill("shop.simla.com");
    await frame.locator("#apiKey").fill(GOOD_KEY);
    await frame.locator("form[action$='/connect'] button").click();
    await frame.locator("form[action$='/save'] button").click();
    await frame.locator("h1", { hasText: "Done" }).waitFor();
    await frame.locator("a[target=_top]").click();
    await page.waitForURL(/\/admin\/integration\/list$/u);

    // The frame is there once more; its cookie goes while the form is open.
    await frame.locator("#apiKey").waitFor();
    await page.context().clearCookies();
    await frame.locator("#apiKey").fill(GOOD_KEY);
    await frame.locator("#address").fill("shop.simla.com");
    await frame.locator("form[action$='/connect'] button").click();
    await frame.locator("h1", { hasText: "The form can't be used any more" }).waitFor();
    expect(await frame.locator("main a[target=_blank]").textContent()).toBe("Open this page in its own tab");
  }, 60_000);

  it("of another site nothing is shown", async () => {
    const { frame, said } = await framed(false);
    expect(await frame.locator("#apiKey").count()).toBe(0);
    expect(said.join("\n")).toContain("frame-ancestors");
  }, 60_000);
});

const isFocused = async (page: Page, selector: string) => (await page.locator(`${selector}:focus`).count()) === 1;

/** Goes on with Tab until the element has the focus, as somebody without a mouse would. */
async function focusOn(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    if (await isFocused(page, selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${selector} cannot be reached by Tab`);
}

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { asked, connect, listens, makeKey, press, pressConnect, read, reads, save, submit } from "./owner.ts";
import { offerInOneStep, openTown, type Town } from "./town.ts";

const set = (text: string) => `rules:\n  - rule: Answer\n    when: {message: any}\n    do:\n      - reply: "${text}"\n`;

/** The first account has a set of its own. */
const head = (shops: readonly Sandbox[]) => `rule_sets:
  tea: {include: sets/tea.yaml}
  private: {accounts: ["${new URL(shops[0]?.crmUrl ?? "").host}"], include: sets/private.yaml}
`;
const FILES = {
  "sets/tea.yaml": set("Tea at {{ now | date: '%z' }}."),
  "sets/private.yaml": set("Private to the first."),
};

let town: Town;
let first: Sandbox;
beforeAll(async () => {
  town = await openTown({ shops: 6, head, files: FILES });
  first = town.shop();
}, 90_000);
afterAll(() => town?.close());

describe.concurrent("in the browser", { timeout: 60_000 }, () => {
  it("the ten steps lead from the marketplace through the form and the settings back to the account, and the bot answers as chosen", async () => {
    const [shop, page] = [town.shop(), await town.person({ locale: "es-ES" })];
    const key = await makeKey(page, shop);
    await pressConnect(page, shop);
    expect(page.url()).toBe(`${town.url}/?account=${encodeURIComponent(shop.crmUrl)}`);
    expect(await page.inputValue("#address")).toBe(shop.crmUrl);
    await submit(page, { apiKey: key });
    await page.waitForURL(/\/settings\/[0-9a-f]{64}\?news=connected$/u);
    expect(await read(page)).toContain("La cuenta está conectada.");
    // Who fills in the form in Spanish wants notes to the staff in Spanish.
    expect(await page.inputValue("#language")).toBe("es");

    const settings = new URL(page.url()).pathname;
    await save(page, { language: "ru", timezone: "asia/tbilisi", ruleSet: "tea" });
    // The tenth step: back to the account.
    expect(page.url()).toBe(`${shop.crmUrl}/admin/integration/list`);
    expect(await read(page)).toContain("Rulebot: Switched on");

    await listens(shop);
    expect(await asked(shop, "hello")).toBe("public: Tea at +0400.");

    // From the account the settings are one click away, however the CRM opens them.
    for (const settingsBy of ["get", "post"] as const) {
      shop.behave({ settingsBy });
      await press(page, shop, "Settings");
      await page.waitForURL(`${town.url}/settings/**`);
      const chosen = ["#language", "#timezone", "#ruleSet"].map((field) => page.inputValue(field));
      expect(await Promise.all(chosen)).toEqual(["ru", "Asia/Tbilisi", "tea"]);
    }
    // Who only changes something stays, and finds the way back by a link.
    await save(page, { language: "es" });
    expect(page.url()).toBe(`${town.url}${settings}?news=saved`);
    expect(await read(page)).toContain("Sus ajustes se han guardado.");
    await page.click("a[target=_top]");
    expect(page.url()).toBe(`${shop.crmUrl}/`);
  });

  it.each(["json", "fields"] as const)("one step connects too, with register as %s", async (registerAs) => {
    const [shop, page] = [town.shop(), await town.person()];
    shop.behave({ registerAs });
    offerInOneStep(shop, town.url);
    await pressConnect(page, shop);
    // The owner comes to the settings, and has to show a key: knowing the address proves nothing.
    await page.waitForURL(`${town.url}/settings/**`);
    expect(await read(page)).not.toContain(new URL(shop.crmUrl).host);
    await page.fill("#apiKey", shop.apiKey);
    await page.click("main form button");
    await page.waitForSelector("#ruleSet");
    expect(await read(page)).toContain(new URL(shop.crmUrl).host);
    await listens(shop);
    expect(await asked(shop, "hello")).toBe("public: Shared.");
  });

  it("one owner sees and changes nothing of another's account, nor its rules", async () => {
    const mine = await connect(town, first);
    const other = town.shop();
    const page = await connect(town, other);
    const theirs = new URL(page.url()).pathname;
    expect(await mine.locator("#ruleSet option").allTextContents()).toContain("private");
    expect(await page.locator("#ruleSet option").allTextContents()).toEqual(["As the operator has set it up", "tea"]);

    // Signed in to one account, the other's address shows the field for a key and no more.
    const before = await town.row(other);
    const own = new URL(mine.url()).pathname;
    await mine.goto(town.url + theirs);
    expect(await mine.locator("#apiKey").count()).toBe(1);
    expect(await read(mine)).not.toContain(new URL(other.crmUrl).host);
    await mine.fill("#apiKey", first.apiKey);
    await mine.click("main form button");
    expect(await read(mine)).toContain("The CRM does not accept this API key");
    // A form of one's own page, sent to the other's address.
    await mine.goto(town.url + own);
    const form = await fieldsOf(mine);
    const sent = await mine.request.post(`${town.url}${theirs}/save`, {
      form: { ...form, enabled: "" },
      maxRedirects: 0,
    });
    expect([sent.status(), sent.headers().location]).toEqual([303, theirs]);
    // And a set that is another's, asked for in a form of one's own.
    const stolen = await page.request.post(`${town.url}${theirs}/save`, {
      form: { ...(await fieldsOf(page)), ruleSet: "private" },
    });
    expect(stolen.status()).toBe(422);
    expect(await town.row(other)).toEqual(before);
    // Neither is the operator.
    await mine.goto(`${town.url}/admin`);
    expect(mine.url()).toBe(`${town.url}/admin/login`);
    expect(await asked(other, "hello")).toBe("public: Shared.");
    expect(await asked(first, "hello")).toBe("public: Private to the first.");
  });

  it("connecting again with a new key repairs the account: the same module and the same page", async () => {
    const shop = town.shop();
    const page = await connect(town, shop);
    const [address, row] = [new URL(page.url()).pathname, await town.row(shop)];
    shop.deleteKey(shop.apiKey);
    await shop.sendActivity("rulebot");
    await reads(page, "no longer accepts the API key");

    const key = await makeKey(page, shop);
    await pressConnect(page, shop);
    await submit(page, { apiKey: key });
    await page.waitForURL(/news=repaired/u);
    expect(new URL(page.url()).pathname).toBe(address);
    expect(await read(page)).toContain("connected again, with the key you entered");
    expect({ ...(await town.row(shop)), apiKey: row?.apiKey }).toEqual(row);
    expect(shop.requests.filter(({ path }) => path.endsWith("/edit"))).toHaveLength(1);
    await reads(page, "The bot has been working since");
    expect(await asked(shop, "hello")).toBe("public: Shared.");
  });
});

it("and nobody was shown a secret", async () => {
  expect(await town.witness.leaks()).toEqual([]);
});

/** What the settings form would send. */
const fieldsOf = async (page: Page): Promise<Record<string, string>> => ({
  _csrf: await page.inputValue("form[action$='/save'] [name=_csrf]"),
  enabled: "yes",
  language: "",
  timezone: "",
});

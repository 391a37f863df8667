import type { Page } from "playwright-core";
import { vi } from "vitest";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { spoken } from "../bot.ts";
import type { Town } from "./town.ts";

/** What owners of accounts do in their browser, and what they see. */

/** Makes an API key in the account. */
export async function makeKey(page: Page, shop: Sandbox): Promise<string> {
  await page.goto(`${shop.crmUrl}/account/keys`);
  await page.click("main form button");
  return (await page.textContent("output code")) ?? "";
}

/** Presses "Connect" on the module's page in the account. */
export async function pressConnect(page: Page, shop: Sandbox): Promise<void> {
  await page.goto(`${shop.crmUrl}/marketplace/rulebot`);
  await page.click("form[action$='/connect'] button");
}

/** Fills in our form and sends it. */
export async function submit(page: Page, { address, apiKey }: { address?: string; apiKey: string }): Promise<void> {
  if (address !== undefined) await page.fill("#address", address);
  await page.fill("#apiKey", apiKey);
  await page.click("form[action$='/connect'] button");
}

/** Steps 1 to 8 at once, with the account's first key. The page then shows the settings. */
export async function connect(town: Town, shop: Sandbox): Promise<Page> {
  const page = await town.person();
  await pressConnect(page, shop);
  await submit(page, { apiKey: shop.apiKey });
  await page.waitForURL(/news=connected/u);
  await listens(shop);
  return page;
}

export interface Choices {
  readonly language?: string;
  readonly timezone?: string;
  readonly ruleSet?: string;
  readonly enabled?: boolean;
}

/** Fills in the settings and saves them; the page then shows them, also where the first save has led back to the account. */
export async function choose(page: Page, choices: Choices): Promise<void> {
  const settings = new URL(page.url());
  await save(page, choices);
  const isLedAway = new URL(page.url()).origin !== settings.origin;
  if (isLedAway) await page.goto(settings.origin + settings.pathname);
}

/** Fills in the settings and saves them; resolves when the next page is there, wherever that is. */
export async function save(page: Page, { language, timezone, ruleSet, enabled }: Choices): Promise<void> {
  if (language !== undefined) await page.selectOption("#language", language);
  if (timezone !== undefined) await page.fill("#timezone", timezone);
  if (ruleSet !== undefined) await page.selectOption("#ruleSet", ruleSet);
  if (enabled !== undefined) await page.setChecked("#enabled", enabled);
  const next = page.waitForEvent("load");
  await page.click("form[action$='/save'] button");
  await next;
}

/** Presses a button of the module's page in the account, by its words. */
export async function press(page: Page, shop: Sandbox, words: string): Promise<void> {
  await page.goto(`${shop.crmUrl}/marketplace/rulebot`);
  await page.click(`text="${words}"`);
}

/** The words of the page, without its markup. */
export const read = async (page: Page): Promise<string> => (await page.innerText("main")).replace(/\s+/gu, " ");

/** Loads the page anew until it says so. */
export async function reads(page: Page, words: string, withinMs = PATIENCE_MS): Promise<void> {
  const look = async () => {
    await page.reload();
    const said = await read(page);
    if (!said.includes(words)) throw new Error(`the page says: ${said}`);
  };
  await vi.waitFor(look, { timeout: withinMs, interval: 250 });
}

/** A promise of the product (reliability.md P19), and the patience for all else on a busy machine. */
export const SILENT_MS = 5_000;
const PATIENCE_MS = 20_000;

/** Resolves when the bot hears the account. */
export const listens = (shop: Sandbox) => shop.until(() => shop.socketCount() === 1, PATIENCE_MS);

/** Resolves when it no longer does. */
export const isLeft = (shop: Sandbox, withinMs = PATIENCE_MS) => shop.until(() => shop.socketCount() === 0, withinMs);

/** A customer writes; resolves with the answer to that message. */
export async function asked(shop: Sandbox, text: string): Promise<string> {
  const before = spoken(shop).length;
  shop.customerSays(text);
  await shop.until(() => spoken(shop).length > before, PATIENCE_MS);
  return spoken(shop)[before] ?? "";
}

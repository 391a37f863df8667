import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { type Bot, spoken, startBot } from "../bot.ts";
import { asked, connect, isLeft, listens, pressConnect, read, reads, submit } from "./owner.ts";
import { openTown, rootFile, SECRETS, type Town } from "./town.ts";

/** As an operator without the old key would set it. */
const OTHER_KEY = "decade".repeat(10).padEnd(64, "3");
const ENDS: (() => Promise<void>)[] = [];

let town: Town;
let came: Sandbox;
let named: Sandbox;
let bot: Bot;
/** An account came by itself, another is named in the file; then the program is started with another encryption key and without \`crm:\`. */
beforeAll(async () => {
  town = await openTown({ shops: 2, head: crmOf, env: keyOf });
  [came, named] = [town.shop(), town.shop()];
  const first = town.bots[0];
  if (first === undefined) throw new Error("no program");
  await connect(town, came);
  await listens(named);
  await first.stop("SIGTERM");
  await Promise.all([isLeft(came), isLeft(named)]);
  bot = await startBot(
    { onTestFinished: (task) => void ENDS.push(task) },
    {
      folder: first.folder,
      files: { "bot.config.yaml": rootFile(town.url, [came, named], {}) },
      env: { ...SECRETS, ENCRYPTION_KEY: OTHER_KEY, DATABASE_URL: town.storage },
    },
  );
  await bot.says("Rulebot is ready");
  town.reach(bot);
}, 120_000);
afterAll(async () => {
  for (const end of ENDS) await end();
  await town?.close();
});

/** The second account is the file's own. */
const crmOf = (shops: readonly Sandbox[]) => `crm: {url: "${shops[1]?.crmUrl}", api_key: "\${CRM_API_KEY}"}\n`;
const keyOf = (shops: readonly Sandbox[]) => ({ CRM_API_KEY: shops[1]?.apiKey ?? "" });

describe("accounts to which nobody has a key any more", { timeout: 60_000 }, () => {
  it("are named once in the log, and fail nowhere again and again", async () => {
    const errors = bot.logs.filter(({ level }) => Number(level) >= 50);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ connections: [(await town.row(came))?.id] });
    expect(bot.logs.filter(({ msg }) => String(msg).includes("has a key to it"))).toHaveLength(1);
  });

  it("are all shown to the operator, with what is to be done", async () => {
    const page = await town.person();
    await page.goto(`${town.url}/admin`);
    await page.fill("#password", SECRETS.ADMIN_PASSWORD);
    await page.click("form[action$='/admin/login'] button");
    const said = await read(page);
    for (const { crmUrl } of [came, named]) expect(said).toContain(new URL(crmUrl).host);
    expect(said.match(/The bot has no API key to this account that it could use/gu)).toHaveLength(2);
  });

  it("go on once they are connected again through the form: the same connection, answered once", async () => {
    for (const shop of [came, named]) {
      const before = await town.row(shop);
      const page = await town.person();
      await pressConnect(page, shop);
      await submit(page, { address: shop.crmUrl, apiKey: shop.apiKey });
      await page.waitForURL(/news=repaired/u);
      expect(new URL(page.url()).pathname).toBe(`/settings/${before?.clientId}`);
      await reads(page, "The bot has been working since");
      const spokenBefore = spoken(shop).length;
      expect(await asked(shop, "hello")).toBe("public: Shared.");
      expect([spoken(shop).length - spokenBefore, shop.socketCount()]).toEqual([1, 1]);
    }
    expect(await town.rows()).toHaveLength(2);
  });
});

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { openStore } from "../../../src/store/open.ts";
import { type PostgresServer, startPostgres } from "../../helpers/postgres.ts";
import type { Bot } from "../bot.ts";
import { asked, choose, connect, isLeft, listens, press, read, reads, SILENT_MS } from "./owner.ts";
import { openTown, SECRETS, type Town } from "./town.ts";

let server: PostgresServer;
let storage: string;
let town: Town;
beforeAll(async () => {
  server = await startPostgres();
  storage = await server.fresh();
  town = await openTown({
    shops: 7,
    programs: { count: 2, storage },
    crms: { behaviour: { gatewayFollows: false } },
  });
}, 120_000);
afterAll(async () => {
  await town?.close();
  await server?.stop();
}, 60_000);

/** The operator, signed in. Cookies know no ports, so either program knows them. */
async function operator(): Promise<Page> {
  const page = await town.person();
  await page.goto(`${town.url}/admin`);
  await page.fill("#password", SECRETS.ADMIN_PASSWORD);
  await page.click("main form button");
  return page;
}

/** Which program works on the account, and which does not. */
async function halves(shop: Sandbox): Promise<{ readonly holder: Bot; readonly other: Bot }> {
  const [page, row] = [await operator(), await town.row(shop)];
  const holds = async (bot: Bot) => {
    const answer = await page.request.get(`${bot.url()}/status`);
    town.witness.heard(await answer.text());
    const { connections } = (await answer.json()) as { connections: { id: string; elsewhere?: boolean }[] };
    return connections.some(({ id, elsewhere }) => id === row?.id && elsewhere !== true);
  };
  const [one, two] = town.bots;
  if (one === undefined || two === undefined) throw new Error("there are two programs");
  return (await holds(one)) ? { holder: one, other: two } : { holder: two, other: one };
}

describe("two programs that share a database", { timeout: 90_000 }, () => {
  it("are one to an owner and to the CRM, whichever of them is reached", async () => {
    const shop = town.shop();
    const page = await connect(town, shop);
    const { holder, other } = await halves(shop);

    // Signed in at one, the owner is known at the other.
    town.reach(other);
    await page.reload();
    expect(await read(page)).toContain(new URL(shop.crmUrl).host);
    // The CRM calls the one that does not hold the connection.
    const account = await town.person();
    await press(account, shop, "Switch off");
    await isLeft(shop, SILENT_MS);
    await reads(page, "The module is switched off in the CRM.");
    await press(account, shop, "Switch on");
    await listens(shop);
    await choose(page, { enabled: false });
    await isLeft(shop, SILENT_MS);
    town.reach(holder);
    await page.reload();
    expect(await read(page)).toContain("The bot is switched off on its settings page.");
    await choose(page, { enabled: true });
    await listens(shop);
    expect(await asked(shop, "hello")).toBe("public: Shared.");
  });

  it("tell an owner the same of the chats, whichever of them is reached: that they are open, down, and open again", async () => {
    const shop = town.shop();
    const page = await connect(town, shop);
    const { other } = await halves(shop);
    town.reach(other);
    await reads(page, "The bot is working.");
    await shop.down("gateway");
    await reads(page, "The chats do not answer at the moment.");
    await shop.up("gateway");
    await listens(shop);
    await reads(page, "The bot is working.");
  });

  it("obey the operator at either: paused at one, resumed at the other", async () => {
    const shop = town.shop();
    await connect(town, shop);
    const { holder, other } = await halves(shop);
    const page = await operator();
    const id = encodeURIComponent((await town.row(shop))?.id ?? "");
    await page.goto(`${other.url()}/admin/account?id=${id}`);
    expect(await read(page)).toContain("No more is known in this process");
    await page.click("text=Pause the bot in this account");
    await isLeft(shop, SILENT_MS);
    shop.customerSays("hello");
    await page.goto(`${holder.url()}/admin/account?id=${id}`);
    await page.click("text=Let the bot go on");
    await listens(shop);
    expect(await asked(shop, "again")).toBe("public: Shared.");
  });

  it("make one module and one connection of one account that is connected at both at once", async () => {
    const shop = town.shop();
    const pages = await Promise.all(
      town.bots.map(async (bot) => {
        const page = await town.person();
        await page.goto(`${bot.url()}/?account=${encodeURIComponent(shop.crmUrl)}`);
        await page.fill("#apiKey", shop.apiKey);
        return page;
      }),
    );
    await Promise.all(pages.map((page) => page.click("form[action$='/connect'] button")));
    await listens(shop);
    const ours = (await town.rows()).filter(({ crmUrl }) => crmUrl === shop.crmUrl);
    expect(ours).toHaveLength(1);
    for (const page of pages) expect(new URL(page.url()).pathname).toBe(`/settings/${ours[0]?.clientId}`);
    // The id that the CRM sends people and calls with is the one that we know.
    expect([...shop.world.modules.values()].map(({ fields }) => fields.clientId)).toEqual([ours[0]?.clientId]);
    expect(await asked(shop, "hello")).toBe("public: Shared.");
  });

  it("let go of an account that is removed, without a restart, and take it up again when it connects anew", async () => {
    const [shop, bystander] = [town.shop(), town.shop()];
    await connect(town, bystander);
    await connect(town, shop);
    const row = await town.row(shop);
    const store = await openStore(storage);
    await store.removeConnection(row?.id ?? "");
    await store.close();
    await isLeft(shop, SILENT_MS);
    await connect(town, shop);
    expect((await town.row(shop))?.clientId).not.toBe(row?.clientId);
    expect(await asked(shop, "hello")).toBe("public: Shared.");
    expect(await asked(bystander, "hello")).toBe("public: Shared.");
  });
});

it("and nobody was shown a secret", async () => {
  expect(await town.witness.leaks()).toEqual([]);
});

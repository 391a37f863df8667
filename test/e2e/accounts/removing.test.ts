import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { everyTable, tablesWith } from "../../helpers/every-table.ts";
import { type PostgresServer, startPostgres } from "../../helpers/postgres.ts";
import { asked, connect, isLeft, SILENT_MS } from "./owner.ts";
import { openTown, SECRETS, type Town } from "./town.ts";

const MAIN = new URL("../../../src/main.ts", import.meta.url).pathname;
const WORDS = "xylophone";

let server: PostgresServer;
let folder = "";
beforeAll(async () => {
  server = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), "rulebot-removing-"));
}, 60_000);
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

const ways = [
  { name: "one program with a file", count: 1, place: async () => join(folder, "data", "rulebot.db") },
  { name: "two programs that share a database", count: 2, place: () => server.fresh() },
];

describe.each(ways)("an account that is removed, with $name", { timeout: 90_000 }, ({ count, place }) => {
  let town: Town;
  let storage = "";
  beforeAll(async () => {
    storage = await place();
    town = await openTown({ shops: 3, programs: { count, storage } });
  }, 120_000);
  afterAll(() => town?.close(), 60_000);

  /** What the operator's button does. */
  async function removeInBrowser(id: string): Promise<string> {
    const page = await town.person();
    await page.goto(`${town.url}/admin`);
    await page.fill("#password", SECRETS.ADMIN_PASSWORD);
    await page.click("main form button");
    await page.goto(`${town.url}/admin/account?id=${encodeURIComponent(id)}`);
    await page.click("text=Remove this account");
    await page.click("text=Remove it for good");
    return await page.innerText("main");
  }

  /** What the command says. */
  const removeByCommand = (shop: Sandbox) =>
    new Promise<string>((resolve) => {
      const config = join(town.bots[0]?.folder ?? "", "bot.config.yaml");
      const args = [MAIN, "remove", new URL(shop.crmUrl).host, "--config", config];
      const env = { ...SECRETS, PATH: process.env.PATH ?? "", DATABASE_URL: storage };
      execFile(process.execPath, args, { env }, (_error, stdout, stderr) => resolve(stdout + stderr));
    });

  /** It was connected and talked with; then it is gone, and only it. */
  async function expectGone(remove: (shop: Sandbox, id: string) => Promise<void>, bystander: Sandbox): Promise<void> {
    const shop = town.shop();
    const owner = await connect(town, shop);
    expect(await asked(shop, WORDS)).toBe("public: Shared.");
    const row = await town.row(shop);
    const [id, clientId] = [row?.id ?? "", row?.clientId ?? ""];
    const traces = [id, clientId, WORDS, String(row?.token)];
    for (const trace of traces) expect(tablesWith(await everyTable(storage), trace)).not.toEqual([]);

    await remove(shop, id);
    await isLeft(shop, SILENT_MS);
    expect(shop.world.modules.get("rulebot")?.active).toBe(false);
    const left = await everyTable(storage);
    for (const trace of traces) expect([trace, tablesWith(left, trace)]).toEqual([trace, []]);
    expect((await owner.goto(`${town.url}/settings/${clientId}`))?.status()).toBe(404);
    const callback = { method: "POST", body: new URLSearchParams({ clientId, activity: "{}" }) };
    expect((await fetch(`${town.url}/actions/activity`, callback)).status).toBe(404);
    expect(bystander.socketCount()).toBe(1);
    expect(await asked(bystander, "hello")).toBe("public: Shared.");

    await connect(town, shop);
    expect((await town.row(shop))?.clientId).not.toBe(clientId);
    expect(shop.world.modules.get("rulebot")?.active).toBe(true);
    expect(await asked(shop, "hello again")).toBe("public: Shared.");
  }

  it("leaves nothing behind, harms no other, and can connect again: by the operator's page, and by the command", async () => {
    const bystander = town.shop();
    await connect(town, bystander);
    await expectGone(async (_shop, id) => {
      expect(await removeInBrowser(id)).toContain("The account is removed, with all that was stored of it.");
    }, bystander);
    await expectGone(async (shop) => {
      expect(await removeByCommand(shop)).toMatch(
        /^Removed: \S+, with all that was stored of it\. The module is switched off in the CRM\.\n$/u,
      );
    }, bystander);
    expect(await town.witness.leaks()).toEqual([]);
  });
});

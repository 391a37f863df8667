import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { WEEK } from "../../../src/sandbox/world/seed.ts";
import { spoken } from "../bot.ts";
import {
  asked,
  choose,
  connect,
  isLeft,
  listens,
  press,
  pressConnect,
  read,
  reads,
  SILENT_MS,
  submit,
} from "./owner.ts";
import { offerInOneStep, openTown, type Town } from "./town.ts";

const HEAD = `bot: {answers_per_minute: 100}
hours: {office: crm}
rule_sets: {orders: {include: orders.yaml}}
`;
const ORDERS = `rules:
  - rule: Order
    when: {message_matches: "order (?P<n>[0-9A-Z]+)"}
    do:
      - look_up: order
        by: {number: "{{ match.n }}"}
        found:
          - reply: Order {{ order.number }}.
`;
const RULES = `
- rule: Open
  when: {message: any}
  if: {open: office}
  do:
    - reply: Open.
- rule: Closed
  when: {message: any}
  if: {closed: office}
  do:
    - reply: Closed.
`;
/** Mornings only, every day. The gateway leaves it to the bot to be silent. */
const workTimes = WEEK.map((day_type) => ({ day_type, start_time: "00:00", end_time: "12:00" }));

let town: Town;
beforeAll(async () => {
  town = await openTown({
    shops: 11,
    head: () => HEAD,
    files: { "orders.yaml": ORDERS },
    rules: RULES,
    crms: { seed: { workTimes, timezone: zoneWhereItIs(6) }, behaviour: { gatewayFollows: false } },
  });
}, 90_000);
afterAll(() => town?.close());

describe.concurrent("what the CRM and the owner say is followed", { timeout: 60_000 }, () => {
  it.each([
    { off: "Switch off", on: "Switch on", says: "The module is switched off in the CRM." },
    { off: "Freeze", on: "Unfreeze", says: "The CRM has frozen the module" },
  ])("$off in the CRM: silent within 5 s; $on: at work again", async ({ off, on, says }) => {
    const shop = town.shop();
    const page = await connect(town, shop);
    expect(await asked(shop, "one")).toBe("public: Open.");
    const account = await town.person();
    await press(account, shop, off);
    await isLeft(shop, SILENT_MS);
    shop.customerSays("two");
    await reads(page, says);
    expect(spoken(shop)).toHaveLength(1);
    const registered = shop.requests.filter(({ path }) => path.endsWith("/edit")).length;

    await press(account, shop, on);
    await listens(shop);
    // What was written meanwhile is not lost.
    await vi.waitFor(() => expect(spoken(shop)).toHaveLength(2), { timeout: 20_000 });
    expect(await asked(shop, "three")).toBe("public: Open.");
    await reads(page, "The bot has been working since");
    // The bot never switches itself on.
    expect(shop.requests.filter(({ path }) => path.endsWith("/edit"))).toHaveLength(registered);
  });

  it("the owner's own switch", async () => {
    const shop = town.shop();
    const page = await connect(town, shop);
    await choose(page, { enabled: false });
    await isLeft(shop, SILENT_MS);
    shop.customerSays("one");
    await reads(page, "The bot is switched off on its settings page.");
    expect(spoken(shop)).toEqual([]);
    await choose(page, { enabled: true });
    await listens(shop);
    await vi.waitFor(() => expect(spoken(shop)).toHaveLength(1), { timeout: 20_000 });
    expect(shop.world.modules.get("rulebot")?.active).toBe(true);
  });

  it("rules that need more rights than the key has: a module connected in one step gets a new key, and the old one ends", async () => {
    const [shop, page] = [town.shop(), await town.person()];
    offerInOneStep(shop, town.url);
    await pressConnect(page, shop);
    await listens(shop);
    // As if the module had asked for less when it was connected.
    const old = [...shop.world.keys.values()].find(({ madeFor }) => madeFor === "rulebot")?.key ?? "";
    town.witness.hide(old);
    shop.changeKey(old, { scopes: ["integration_read", "integration_write"] });
    await page.fill("#apiKey", shop.apiKey);
    await page.click("main form button");
    const renewed = shop.waitFor(
      (change) => change.kind === "answered" && change.request.path.endsWith("/update-scopes"),
      20_000,
    );
    await choose(page, { ruleSet: "orders" });
    await renewed;
    await shop.waitFor(({ kind }) => kind === "socket_opened", 20_000);
    expect(shop.world.keys.has(old)).toBe(false);
    expect(await asked(shop, "order 4117A")).toBe("public: Order 4117A.");
  });

  it("rules that need more rights than the key has: an owner who came through the form reads which, and gives a key that has them", async () => {
    const [shop, page] = [town.shop(), await town.person({ locale: "es-ES" })];
    const few = shop.newKey({ scopes: ["integration_read", "integration_write"] });
    await pressConnect(page, shop);
    await submit(page, { apiKey: few });
    await listens(shop);
    expect(await read(page)).not.toContain("le faltan");
    await choose(page, { ruleSet: "orders" });
    await reads(page, "A la clave de API le faltan estos permisos: customer_read, order_read, reference_read.");
    await page.fill("#apiKey", shop.apiKey);
    await page.click("form[action$='/sign-in'] button");
    await page.waitForURL(/\/settings\/[0-9a-f]{64}$/u);
    expect(await read(page)).not.toContain("le faltan");
    expect(await page.locator("#apiKey").count()).toBe(0);
    await reads(page, "El bot trabaja desde");
    expect(await asked(shop, "order 4117A")).toBe("public: Order 4117A.");
  });

  it("another zone of the account, told by the settings callback, moves its opening hours", async () => {
    const shop = town.shop();
    await connect(town, shop);
    expect(await asked(shop, "one")).toBe("public: Open.");
    await shop.changeSettings({ timezone: zoneWhereItIs(18) });
    await vi.waitFor(async () => expect(await asked(shop, "again")).toBe("public: Closed."), { timeout: 20_000 });
  });

  it.each([
    { old: undefined, how: "which answers under both" },
    { old: "moved" as const, how: "to which the old one leads on" },
  ])("another address of the account, $how: it is the same connection", async ({ old }) => {
    const shop = town.shop();
    const page = await connect(town, shop);
    const [before, settings] = [await town.row(shop), page.url()];
    const crmUrl = await shop.renameAccount(old === undefined ? {} : { old });
    expect(crmUrl).not.toBe(before?.crmUrl);
    await shop.sendActivity("rulebot");
    await vi.waitFor(async () => expect(await town.rowAt(crmUrl)).toMatchObject({ id: before?.id }), {
      timeout: 20_000,
    });
    await page.goto(settings);
    await reads(page, new URL(crmUrl).host);
    await reads(page, "The bot has been working since");
    expect(await asked(shop, "one")).toBe("public: Open.");
    expect(await town.rows()).toHaveLength(new Set((await town.rows()).map(({ crmUrl: url }) => url)).size);
    expect(shop.world.modules.size).toBe(1);
    expect(await read(page)).not.toContain(new URL(before?.crmUrl ?? "").host);
  });

  it("an account whose old address leads on is followed even if no callback names the new one", async () => {
    const shop = town.shop();
    const page = await connect(town, shop);
    const before = await town.row(shop);
    const crmUrl = await shop.renameAccount({ old: "moved" });
    // It names no address, but has the bot ask its CRM now instead of within five minutes.
    await shop.changeSettings({});
    await vi.waitFor(async () => expect(await town.rowAt(crmUrl)).toMatchObject({ id: before?.id }), {
      timeout: 20_000,
    });
    await reads(page, "The bot has been working since");
    expect(await asked(shop, "one")).toBe("public: Open.");
  });

  it("an account that has gone from its old address is connected under the new one: the same connection, answered once", async () => {
    const shop = town.shop();
    const first = await connect(town, shop);
    await choose(first, { language: "ru" });
    const before = await town.row(shop);
    const crmUrl = await shop.renameAccount({ old: "gone" });
    await shop.changeSettings({});
    await reads(first, "There is no CRM account at this address any more.");

    const page = await town.person();
    await page.goto(`${town.url}/`);
    await submit(page, { address: crmUrl, apiKey: shop.apiKey });
    await page.waitForURL(/news=repaired/u);
    expect(new URL(page.url()).pathname).toBe(`/settings/${before?.clientId}`);
    expect(await page.inputValue("#language")).toBe("ru");
    await reads(page, "The bot has been working since");
    expect(await town.rowAt(crmUrl)).toMatchObject({ id: before?.id, clientId: before?.clientId, language: "ru" });
    expect(await town.rowAt(before?.crmUrl ?? "")).toBeUndefined();
    expect(await asked(shop, "one")).toBe("public: Open.");
    expect(await asked(shop, "two")).toBe("public: Open.");
    expect([spoken(shop).length, shop.socketCount()]).toEqual([2, 1]);
  });
});

it("and nobody was shown a secret", async () => {
  expect(await town.witness.leaks()).toEqual([]);
});

/** A zone where it is about this hour now: far from the ends of the morning, whenever the test runs. */
function zoneWhereItIs(hour: number): string {
  const ahead = ((hour - new Date().getUTCHours() + 36) % 24) - 12;
  return ahead === 0 ? "Etc/GMT" : `Etc/GMT${ahead > 0 ? "-" : "+"}${Math.abs(ahead)}`;
}

import { afterEach, describe, expect, it, vi } from "vitest";
import { connectionId, newRecord } from "../../src/connection/registering/record.ts";
import { botTexts } from "../connection/account.ts";
import { rulebook } from "../engine/world.ts";
import { falls, listens, openTown, type Town } from "./town.ts";

let town: Town;
afterEach(() => town.stop());

const says = (word: string) =>
  rulebook(`- rule: Anything\n  when: {message: any}\n  do:\n    - reply: ${word} {{ message.text }}`);

describe("several accounts in one process", () => {
  it("are answered each in its own chats, and nothing of one is kept with another", async () => {
    town = await openTown();
    const [north, south] = [await town.account(), await town.account()];
    const records = [await town.move(north), await town.move(south)];
    await Promise.all([listens(north), listens(south)]);
    north.customerSays("Hello from the north");
    south.customerSays("Hello from the south");
    await north.until(() => botTexts(north).includes("You said Hello from the north"));
    await south.until(() => botTexts(south).includes("You said Hello from the south"));

    expect(botTexts(north)).toHaveLength(1);
    expect(botTexts(south)).toHaveLength(1);
    for (const [index, { id }] of records.entries()) {
      const kept = JSON.stringify(await town.store.outbox(id, { limit: 10 }));
      expect(kept).toContain(["north", "south"][index]);
      expect(kept).not.toContain(["south", "north"][index]);
    }
  });

  it("each have the rules that are meant for them, also after these have changed", async () => {
    let words = { north: "N", south: "S" };
    town = await openTown({
      rulebookOf: ({ ruleSet }) => says(ruleSet === "north" ? words.north : words.south),
    });
    const [north, south] = [await town.account(), await town.account()];
    await town.move(north, { ruleSet: "north" });
    await town.move(south);
    await Promise.all([listens(north), listens(south)]);
    words = { north: "N2", south: "S2" };
    await town.shops.useRules();
    north.customerSays("one");
    south.customerSays("one");
    await north.until(() => botTexts(north).includes("N2 one"));
    await south.until(() => botTexts(south).includes("S2 one"));
  });

  it("write the rules that they share once, even if they all begin at the same moment", async () => {
    town = await openTown();
    await town.replica.stop();
    const saveRules = vi.fn(town.store.saveRules);
    const store = { ...town.store, saveRules };
    const accounts = await Promise.all([town.account(), town.account(), town.account()]);
    const made = accounts.map(({ crmUrl, apiKey }) => ({ ...newRecord({ crmUrl, moduleCode: "rulebot" }), apiKey }));
    for (const record of made) await town.store.addConnection(record);
    const begin = ({ id }: { id: string }) => town.shops.begin({ connectionId: id, store, mayAct: () => true });
    const works = await Promise.all(made.map(begin));
    expect(saveRules).toHaveBeenCalledTimes(1);
    await Promise.all(works.map((work) => work.drain()));
  });

  it("suffer nothing from one whose key is wrong", async () => {
    town = await openTown();
    const [good, bad] = [await town.account(), await town.account()];
    await town.move(bad, { apiKey: "wrong" });
    await town.move(good);
    await listens(good);
    expect(bad.socketCount()).toBe(0);
    expect(town.replica.holds()).toHaveLength(2);
  });
});

describe("a change of what people want", () => {
  it("closes the socket when the account is paused, and opens it when it is resumed", async () => {
    town = await openTown();
    const shop = await town.account();
    const { id } = await town.move(shop);
    await listens(shop);
    await town.store.changeConnection(id, { paused: true });
    await falls(shop);
    await town.store.changeConnection(id, { paused: false });
    await listens(shop);
  });

  it("goes on with a new key, and answers what was written meanwhile", async () => {
    town = await openTown();
    const shop = await town.account();
    const { id } = await town.move(shop, { apiKey: "wrong" });
    await town.store.changeConnection(id, { apiKey: shop.apiKey });
    await listens(shop);
    shop.customerSays("Hello");
    await shop.until(() => botTexts(shop).includes("You said Hello"));
  });

  it("takes over another set of rules that the owner has chosen", async () => {
    town = await openTown({ rulebookOf: ({ ruleSet }) => says(ruleSet ?? "shared") });
    const shop = await town.account();
    const { id } = await town.move(shop);
    await listens(shop);
    await town.store.changeConnection(id, { ruleSet: "own" });
    await town.replica.look();
    await expect
      .poll(async () => (await town.shops.at(id)?.status())?.rules, { timeout: 15_000 })
      .toMatchObject({ version: says("own").version });
    shop.customerSays("again");
    await shop.until(() => botTexts(shop).includes("own again"));
  });

  it("ends the work on an account that was removed", async () => {
    town = await openTown();
    const shop = await town.account();
    const { id } = await town.move(shop);
    await listens(shop);
    await town.store.removeConnection(id);
    await falls(shop);
    await expect.poll(() => town.shops.all(), { timeout: 15_000 }).toEqual([]);
  });
});

it("leaves an account alone to which nobody has a key", async () => {
  town = await openTown();
  const shop = await town.account();
  await town.move(shop, { apiKey: null });
  expect(shop.requests).toEqual([]);
  expect(town.log.lines().some(({ msg }) => String(msg).includes("neither the file nor the store has a key"))).toBe(
    true,
  );
});

it("works on the file's own account beside those that came by themselves", async () => {
  const bench = await openTown();
  const own = await bench.account();
  const other = await bench.account();
  town = await openTown({
    own: {
      id: connectionId({ crmUrl: own.crmUrl, moduleCode: "rulebot" }),
      crm: { url: own.crmUrl, apiKey: own.apiKey },
      onRegistration() {},
      onRefused() {},
    },
  });
  await town.move(other);
  await Promise.all([listens(own), listens(other)]);
  await bench.stop();
});

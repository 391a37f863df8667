import { afterEach, describe, expect, it, vi } from "vitest";
import { STANDING } from "../../../src/accounts/facts.ts";
import { connectionId, newRecord } from "../../../src/connection/registering/record.ts";
import { type Store, StoreError } from "../../../src/store/store.ts";
import { createVault } from "../../../src/vault.ts";
import { botTexts } from "../../connection/account.ts";
import { rulebook } from "../../engine/world.ts";
import { falls, listens, openTown, type Town } from "../town.ts";

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

describe("an account to which nobody has a key", () => {
  it("is left alone, and listened to as soon as it has one", async () => {
    town = await openTown();
    const shop = await town.account();
    const { id } = await town.move(shop, { apiKey: null });
    await town.replica.look();
    expect(shop.requests).toEqual([]);
    const said = town.log.lines().filter(({ msg }) => String(msg).includes("neither the file nor the store has a key"));
    expect(said).toHaveLength(1);
    await town.store.changeConnection(id, { apiKey: shop.apiKey });
    await listens(shop);
    shop.customerSays("Hello");
    await shop.until(() => botTexts(shop).includes("You said Hello"));
    // From now on it is an account like any other.
    await town.store.changeConnection(id, { paused: true });
    await falls(shop);
  });

  it("whose encryption key is lost fails nowhere again and again, and is listened to once it is connected again", async () => {
    town = await openTown();
    const shop = await town.account();
    const sealed = createVault(["a".repeat(64)]).seal("a key", "connection of before");
    const { id } = await town.move(shop, { apiKey: sealed });
    await town.replica.look();
    expect(town.log.lines().filter(({ level }) => Number(level) >= 40)).toEqual([]);
    expect(shop.requests).toEqual([]);
    await town.store.changeConnection(id, { apiKey: shop.apiKey });
    await listens(shop);
  });

  it("begins again with the same revision when the store failed as it came", async () => {
    town = await openTown();
    await town.replica.stop();
    const shop = await town.account();
    const made = newRecord({ crmUrl: shop.crmUrl, moduleCode: "rulebot" });
    await town.store.addConnection(made);
    let fails = 0;
    const store: Store = {
      ...town.store,
      async saveRules(rules) {
        fails += 1;
        if (fails === 1) throw new StoreError("the disk is full");
        await town.store.saveRules(rules);
      },
    };
    const work = await town.shops.begin({ connectionId: made.id, store, mayAct: () => true });
    await town.store.changeConnection(made.id, { apiKey: shop.apiKey });
    work.changed();
    await listens(shop);
    await work.drain();
    await falls(shop);
    expect([fails, town.shops.all()]).toEqual([2, []]);
  });
});

it("goes on with the key it has when a new one cannot be read here", async () => {
  town = await openTown();
  const shop = await town.account();
  const { id } = await town.move(shop);
  await listens(shop);
  const sockets = () => shop.requests.filter(({ path }) => path.endsWith("/ws")).length;
  const before = sockets();
  await town.store.changeConnection(id, {
    apiKey: createVault(["a".repeat(64)]).seal("a key", "another replica"),
    paused: true,
  });
  await falls(shop);
  await town.store.changeConnection(id, { paused: false });
  await listens(shop);
  expect(sockets()).toBe(before + 1);
});

describe("how an account stands", () => {
  it("is kept with the state of its socket, for those who cannot see it", async () => {
    town = await openTown();
    const shop = await town.account();
    const { id } = await town.move(shop);
    await listens(shop);
    const kept = () => town.store.fact(id, STANDING);
    await expect.poll(kept, { timeout: 15_000 }).toEqual({ kind: "registered", why: null, socket: "open" });
    await shop.down("gateway");
    await expect.poll(kept, { timeout: 30_000 }).toMatchObject({ kind: "registered", socket: "waiting" });
  }, 60_000);

  it("is told with what its owner has chosen by now, not with what was chosen when the work began", async () => {
    town = await openTown();
    const shop = await town.account();
    const { id } = await town.move(shop, { language: "en" });
    await listens(shop);
    const [standing] = town.standings;
    await town.store.changeConnection(id, { language: "ru" });
    await town.replica.look();
    await expect.poll(() => standing?.present().language, { timeout: 15_000 }).toBe("ru");
  });
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

describe("a change that is under way", () => {
  /** One account at work on a store whose `saveRules` does as it is told. */
  async function working(saveRules: (real: () => Promise<void>) => Promise<void>) {
    town = await openTown({ rulebookOf: () => says("You said") });
    await town.replica.stop();
    const shop = await town.account();
    const made = { ...newRecord({ crmUrl: shop.crmUrl, moduleCode: "rulebot" }), apiKey: shop.apiKey };
    await town.store.addConnection(made);
    const store: Store = { ...town.store, saveRules: (rules) => saveRules(() => town.store.saveRules(rules)) };
    const work = await town.shops.begin({ connectionId: made.id, store, mayAct: () => true });
    await listens(shop);
    return { shop, id: made.id, work };
  }

  it("does not keep an account from ending, though the store never answers it", async () => {
    let isHanging = false;
    const asked = Promise.withResolvers<void>();
    const { shop, work } = await working(async (real) => {
      if (!isHanging) return real();
      asked.resolve();
      return new Promise(() => {});
    });
    isHanging = true;
    void town.shops.useRules();
    await asked.promise;
    await work.drain();
    await falls(shop);
  }, 20_000);

  it("begins no work after the end", async () => {
    const answered = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    let isSlow = false;
    const { shop, id, work } = await working(async (real) => {
      if (isSlow) {
        asked.resolve();
        await answered.promise;
      }
      await real();
    });
    isSlow = true;
    await town.store.changeConnection(id, { apiKey: `${shop.apiKey} ` });
    const account = town.shops.at(id);
    const before = account?.connection();
    work.changed();
    await asked.promise;
    const draining = work.drain();
    answered.resolve();
    await draining;
    // One that was only beginning has ended, too.
    expect(account?.connection()).not.toBe(before);
    expect(await account?.connection().ended).toBe(null);
    await falls(shop);
  });

  it("of the key is made although the store fails in the middle of it", async () => {
    let failures = 0;
    let isFailing = false;
    const { shop, id, work } = await working(async (real) => {
      if (!isFailing || failures > 0) return real();
      failures += 1;
      throw new StoreError("the disk is full");
    });
    isFailing = true;
    await town.store.changeConnection(id, { apiKey: `${shop.apiKey} ` });
    work.changed();
    await falls(shop);
    await listens(shop);
    expect(failures).toBe(1);
    await work.drain();
  });
});

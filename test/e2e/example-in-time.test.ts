import { expect, it } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { type House, openHouse } from "../replay/house.ts";
import { passTo, restart, settle, wake } from "../replay/time.ts";
import type { Cleaner } from "./bot.ts";

/** The example of the specification, exactly as printed, on a virtual clock: a bot, a CRM and a gateway on real HTTP and
 *  websockets, in which hours pass in no time. The office is open 09-13 and 14-18, on Saturdays 10-15 (Madrid). */
const EXAMPLE = new URL("../fixtures/example/bot.config.yaml", import.meta.url).pathname;
const MINUTE = 60_000;

async function shopAt(moment: string, { onTestFinished }: Cleaner): Promise<House> {
  const { rulebook, issues } = await loadConfig({ file: EXAMPLE, env: {} });
  if (rulebook === null) throw new Error(JSON.stringify(issues));
  const house = await openHouse({ rules: rulebook, start: Date.parse(moment) });
  onTestFinished(() => house.close());
  house.sandbox.setOnline("Ivan Sidorov", true);
  house.sandbox.setOnline("Olga Ruiz", true);
  await wake(house);
  return house;
}

/** What the bot has said so far, oldest first. */
function said({ sandbox }: House): readonly string[] {
  const messages = [...sandbox.world.messages.values()].toSorted((one, other) => one.id - other.id);
  return messages.filter(({ from }) => from?.type === "bot").map(({ scope, content }) => `${scope}: ${content}`);
}

/** Does something and lets the bot come to rest; gives what it said. */
async function after(house: House, act: () => void): Promise<readonly string[]> {
  const before = said(house).length;
  act();
  await settle(house);
  return said(house).slice(before);
}

const says = (house: House, text: string, customer = "Marta Lind") =>
  after(house, () => house.sandbox.customerSays(text, { customer }));

const passed = (house: House, ms: number) =>
  after(house, () => {}).then(async (early) => {
    const before = said(house).length;
    await passTo(house, house.clock.now() + ms);
    return [...early, ...said(house).slice(before)];
  });

const holder = ({ sandbox }: House, customer: string) => {
  const id = [...sandbox.world.customers.values()].find((one) => `${one.firstName} ${one.lastName}` === customer)?.id;
  const chat = [...sandbox.world.chats.values()].find(({ customerId }) => customerId === id);
  const dialog = [...sandbox.world.dialogs.values()].findLast(({ chatId }) => chatId === chat?.id);
  return sandbox.world.people.get(dialog?.responsible?.id ?? 0)?.firstName ?? null;
};

const HELLO = "public: Hello Marta! How can we help?";

it("welcomes, answers about delivery, and gives what no rule answers to sales, in turn", async (test) => {
  const house = await shopAt("2026-11-20T09:00:00Z", test);
  expect(await says(house, "Hi, how much is delivery?")).toEqual([HELLO, "public: We deliver in 1-3 days. Where to?"]);
  expect(holder(house, "Marta Lind")).toBeNull();
  await says(house, "Is this for me?");
  await says(house, "And for me?", "Pablo Soto");
  expect([holder(house, "Marta Lind"), holder(house, "Pablo Soto")]).toEqual(["Anna", "Ivan"]);
});

it("hands the customer to sales when the phone number of an order does not come for 15 minutes", async (test) => {
  const house = await shopAt("2026-11-20T09:00:00Z", test);
  await says(house, "my order");
  expect(await says(house, "4117A")).toEqual(["public: And the phone number it was placed with?"]);
  expect(await passed(house, 14 * MINUTE)).toEqual([]);
  expect(holder(house, "Marta Lind")).toBeNull();
  await passed(house, MINUTE);
  expect(holder(house, "Marta Lind")).toBe("Anna");
});

it("says when it opens again, once in eight hours, and lets nobody wait in a queue without a word when it is open", async (test) => {
  const house = await shopAt("2026-11-20T17:30:00Z", test);
  house.sandbox.setOnline("Anna Petrova", false);
  house.sandbox.setOnline("Ivan Sidorov", false);
  expect(await says(house, "Is this for me?")).toEqual([HELLO, "public: We are closed and open again Saturday 10:00."]);
  expect(await says(house, "Hello?")).toEqual([]);
  await passed(house, 16 * 60 * MINUTE);
  expect(await says(house, "Anybody there?")).toEqual(["public: Everyone is busy and you are next in the queue."]);
  await after(house, () => house.sandbox.setOnline("Ivan Sidorov", true));
  expect(holder(house, "Marta Lind")).toBe("Ivan");
});

it("escalates a manager who was silent for ten working minutes, whatever restarts and lunch come between", async (test) => {
  const house = await shopAt("2026-11-20T11:55:00Z", test);
  await says(house, "I want a refund");
  expect(holder(house, "Marta Lind")).toBe("Anna");
  expect(await passed(house, 30 * MINUTE)).toEqual([]);
  await restart(house, "dropped");
  expect(await passed(house, 34 * MINUTE)).toEqual([]);
  expect(holder(house, "Marta Lind")).toBe("Anna");
  expect(await passed(house, 6 * MINUTE)).toEqual(["private: Escalated: Anna Petrova did not reply in 10 minutes."]);
  expect(holder(house, "Marta Lind")).toBe("Olga");
});

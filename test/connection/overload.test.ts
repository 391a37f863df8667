import { afterEach, expect, it } from "vitest";
import { rulebook } from "../engine/world.ts";
import { type Account, botTexts, openAccount } from "./account.ts";

let account: Account;
afterEach(() => account.stop());

const CUSTOMERS = 40;
const MESSAGES = 14;
const RULES = "- rule: Hello\n  when: {message_is: hello}\n  do:\n    - reply: Hello!\n";
/** Each undecided row stands for so many: with five thousand real ones the test would take a minute. */
const STANDS_FOR = 12;

it("fails without the work under pressure: decides and answers what is stored while the socket is closed because too much waits, then listens again and catches up", async () => {
  account = await openAccount();
  const { sandbox, store } = account;
  const counts: typeof store.counts = async (id) => {
    const real = await store.counts(id);
    return { ...real, inbox: real.inbox * STANDS_FOR };
  };
  const deciding = Promise.withResolvers<void>();
  const connection = await account.connect({
    store: { ...store, counts },
    turns: { take: () => deciding.promise },
    rulebook: rulebook(RULES, "bot: {requests_per_second: 50}"),
  });
  await connection.listening;
  await expect.poll(() => connection.vitals().gapSince).toBeNull();
  const closed = sandbox.waitFor(({ kind }) => kind === "socket_closed", 25_000);
  for (let customer = 0; customer < CUSTOMERS; customer++) {
    sandbox.newCustomer({ name: `Customer${customer}`, channel: "telegram" });
    for (let message = 0; message < MESSAGES; message++)
      sandbox.customerSays(message === 0 ? "hello" : "well", { customer: `Customer${customer}` });
  }
  await closed;
  sandbox.newCustomer({ name: "Late", channel: "telegram" });
  sandbox.customerSays("hello", { customer: "Late" });
  const opened = sandbox.waitFor(({ kind }) => kind === "socket_opened", 25_000);
  deciding.resolve();
  await opened;
  await sandbox.until(() => botTexts(sandbox).length > CUSTOMERS, 25_000);
  expect(botTexts(sandbox)).toEqual(Array.from({ length: CUSTOMERS + 1 }, () => "Hello!"));
  expect(account.log.text()).toContain("too much waits: the socket is closed");
  await expect.poll(() => connection.vitals().gapSince).toBeNull();
}, 60_000);

import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { backUp } from "../../src/store/backup.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { rulebook } from "../engine/world.ts";
import { type Account, botTexts, openAccount } from "./account.ts";

const rules = rulebook(`
- rule: Reminder
  when: {message_is: later}
  do:
    - reply: I will tell you.
    - wait: 1s
    - reply: It is later.
- rule: Echo
  when: {message: any}
  do:
    - reply: "{{ message.text }}"
`);

let folder = "";
let account: Account;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "rulebot-restored-"));
  account = await openAccount();
  account.sandbox.newCustomer({ name: "Ana", channel: "telegram" });
  account.sandbox.newCustomer({ name: "Boris", channel: "telegram" });
});
afterEach(async () => {
  await account.stop();
  await store.close();
  rmSync(folder, { recursive: true });
});

const says = (text: string, customer = "Ana") => account.sandbox.customerSays(text, { customer });
const said = (count: number) => account.sandbox.until(() => botTexts(account.sandbox).length >= count);

/** A bot on the store's file, until it is stopped. */
async function bot(name: string) {
  store = await openStore(join(folder, name));
  const connection = await account.connect({ rulebook: rules, store });
  await connection.listening;
  await expect.poll(() => connection.vitals().gapSince).toBeNull();
  return {
    connection,
    async stop() {
      await connection.drain();
      await store.close();
    },
  };
}

const save = () => backUp(join(folder, "a.db"), { file: join(folder, "backup.db"), force: false, now: Date.now() });

it("a bot restored from a backup answers nothing twice of what came between, and then goes on", async () => {
  const first = await bot("a.db");
  says("one");
  says("later", "Boris");
  await said(2);
  await save();
  says("two");
  await said(4);
  await first.stop();
  expect(botTexts(account.sandbox).toSorted()).toEqual(["I will tell you.", "It is later.", "one", "two"]);

  says("nobody hears this");
  copyFileSync(join(folder, "backup.db"), join(folder, "b.db"));
  const second = await bot("b.db");
  says("three", "Boris");
  await said(5);
  says("four");
  await said(6);
  await second.connection.drain();
  expect(botTexts(account.sandbox).toSorted().slice(0, 6)).toEqual(
    ["I will tell you.", "It is later.", "four", "one", "three", "two"].toSorted(),
  );
  expect(botTexts(account.sandbox)).toHaveLength(6);
});

it("a bot that was stopped, saved and moved loses nothing and doubles nothing", async () => {
  const first = await bot("a.db");
  says("later", "Boris");
  says("one");
  await said(2);
  await first.stop();
  await save();
  const before = botTexts(account.sandbox).length;
  says("heard later");

  copyFileSync(join(folder, "backup.db"), join(folder, "b.db"));
  const second = await bot("b.db");
  await account.sandbox.until(() => botTexts(account.sandbox).includes("It is later."));
  await account.sandbox.until(() => botTexts(account.sandbox).includes("heard later"));
  await second.connection.drain();
  expect(before).toBeGreaterThanOrEqual(2);
  expect(botTexts(account.sandbox).toSorted()).toEqual(["I will tell you.", "It is later.", "heard later", "one"]);
});

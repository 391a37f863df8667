import { afterEach, expect, it } from "vitest";
import type { SandboxOptions } from "../../src/sandbox/index.ts";
import type { Store } from "../../src/store/store.ts";
import { rulebook } from "../engine/world.ts";
import { type Account, openAccount } from "./account.ts";

let account: Account;
afterEach(() => account.stop());

const rules = (pick: string, maxOpen: number) =>
  rulebook(
    `- rule: Give\n  when: {message: any}\n  if: {assigned: false}\n  do:\n    - assign: sales\n      pick: ${pick}\n      nobody:\n        - queue: sales`,
    `bot: {requests_per_second: 50}\nteams:\n  sales: {people: [Anna Petrova, Ivan Sidorov], max_open: ${maxOpen}}`,
  );

async function running(pick: string, maxOpen: number, options: SandboxOptions = {}) {
  account = await openAccount(options);
  const { sandbox } = account;
  sandbox.setOnline("Anna Petrova", true);
  sandbox.setOnline("Ivan Sidorov", true);
  const connection = await account.connect({ rulebook: rules(pick, maxOpen), store: slow(account.store) });
  await connection.listening;
  return connection;
}

/** A store that takes its time over each commit, as a database elsewhere does: other chats go on meanwhile. */
const slow = (store: Store): Store => ({
  ...store,
  async commit(connectionId, commit) {
    await new Promise((resolve) => setImmediate(resolve));
    return store.commit(connectionId, commit);
  },
});

function customers(count: number): readonly string[] {
  const names = Array.from({ length: count }, (_, index) => `Customer ${index + 1}`);
  for (const name of names) account.sandbox.newCustomer({ name, channel: "telegram" });
  return names;
}

/** Whose the open dialogs are, in the order of the dialogs. */
const holders = () =>
  [...account.sandbox.world.dialogs.values()]
    .filter(({ closedAt }) => closedAt === null)
    .map(({ responsible }) => (responsible === null || responsible === undefined ? null : responsible.id));

const assigned = (count: number) =>
  account.sandbox.until(() => holders().filter((holder) => holder !== null).length >= count);

const queued = async (connection: { readonly id: string }) =>
  (await account.store.directory(connection.id)).queue.map(({ dialogId }) => dialogId);

it("shares out the dialogs of many customers who write at once in turn, none to two people", async () => {
  await running("round_robin", 100);
  for (const customer of customers(20)) account.sandbox.customerSays("hello", { customer });
  await assigned(20);
  const [anna, ivan] = [1, 2].map((index) => holders().filter((id) => id === people()[index - 1]).length);
  expect([anna, ivan]).toEqual([10, 10]);
});

it("gives nobody more than max_open, however many write at once; the rest are served in their order", async () => {
  const connection = await running("least_busy", 3);
  for (const customer of customers(10)) account.sandbox.customerSays("hello", { customer });
  await assigned(6);
  await until(async () => (await queued(connection)).length === 4);
  for (const person of people()) expect(holders().filter((id) => id === person)).toHaveLength(3);
  const waiting = await queued(connection);
  expect(waiting).toHaveLength(4);
  const [first, second] = waiting;
  account.sandbox.closeByManager({ chat: chatOfOne(people()[0] ?? 0) });
  await account.sandbox.until(({ dialogs }) => dialogs.get(first ?? 0)?.responsible != null);
  account.sandbox.closeByManager({ chat: chatOfOne(people()[1] ?? 0) });
  await account.sandbox.until(({ dialogs }) => dialogs.get(second ?? 0)?.responsible != null);
  expect(await queued(connection)).toEqual(waiting.slice(2));
});

it("serves the queue when someone comes online, also after a restart, the oldest first", async () => {
  const first = await running("round_robin", 1);
  account.sandbox.setOnline("Anna Petrova", false);
  account.sandbox.setOnline("Ivan Sidorov", false);
  await decidedOf("user_online_updated", 2);
  const [one = "", two = "", three = ""] = customers(3);
  for (const [index, customer] of [one, two, three].entries()) {
    account.sandbox.customerSays("hello", { customer });
    await until(async () => (await queued(first)).length === index + 1);
  }
  const waiting = await queued(first);
  await first.drain();
  const again = await account.connect({ rulebook: rules("round_robin", 1) });
  await again.listening;
  expect(await queued(again)).toEqual(waiting);
  account.sandbox.setOnline("Ivan Sidorov", true);
  await assigned(1);
  account.sandbox.setOnline("Anna Petrova", true);
  await assigned(2);
  const served = waiting.slice(0, 2).map((id) => account.sandbox.world.dialogs.get(id)?.responsible?.id);
  expect(served).toEqual([people()[1], people()[0]]);
  expect(await queued(again)).toEqual(waiting.slice(2));
});

it("passes over nobody whose assignment the gateway refuses: the dialog keeps its place and is offered again", async () => {
  const connection = await running("round_robin", 1);
  account.sandbox.setOnline("Anna Petrova", false);
  account.sandbox.setOnline("Ivan Sidorov", false);
  await decidedOf("user_online_updated", 2);
  const [one = ""] = customers(1);
  account.sandbox.customerSays("hello", { customer: one });
  await until(async () => (await queued(connection)).length === 1);
  account.sandbox.faults.add({
    kind: "status",
    match: { path: /assign/ },
    status: 400,
    body: { errors: ["User is busy"] },
  });
  account.sandbox.setOnline("Anna Petrova", true);
  await assigned(1);
  expect(await queued(connection)).toEqual([]);
});

it("tells the staff of a dialog that left the queue because its assignment was refused three times", async () => {
  const connection = await running("round_robin", 1);
  account.sandbox.faults.add({
    kind: "status",
    match: { path: /assign/ },
    times: 3,
    status: 400,
    body: { errors: ["User is busy"] },
  });
  account.sandbox.setOnline("Anna Petrova", false);
  account.sandbox.setOnline("Ivan Sidorov", false);
  await decidedOf("user_online_updated", 2);
  const [one = ""] = customers(1);
  account.sandbox.customerSays("hello", { customer: one });
  await until(async () => (await queued(connection)).length === 1);
  account.sandbox.setOnline("Anna Petrova", true);
  const notes = () =>
    [...account.sandbox.world.messages.values()].filter(({ type, scope }) => type === "text" && scope === "private");
  await account.sandbox.until(() => notes().length > 0);
  expect(notes().map(({ content }) => content)).toEqual([expect.stringContaining("tried three times")]);
  expect(holders()).toEqual([null]);
  expect(await queued(connection)).toEqual([]);
});

const people = () =>
  [...account.sandbox.world.people.values()]
    .filter(({ firstName }) => firstName === "Anna" || firstName === "Ivan")
    .map(({ id }) => id);

const chatOfOne = (person: number) =>
  [...account.sandbox.world.dialogs.values()].find(
    ({ closedAt, responsible }) => closedAt === null && responsible?.id === person,
  )?.chatId ?? 0;

const decidedOf = (type: string, count: number) =>
  until(async () => account.decided.filter(({ event }) => event.type === type).length >= count);

/** Looks again whenever something has been decided or changed. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

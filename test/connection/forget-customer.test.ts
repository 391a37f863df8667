import { afterEach, describe, expect, it } from "vitest";
import type { RequestDone } from "../../src/connection/connection.ts";
import { rulebook } from "../engine/world.ts";
import { type Account, botTexts, openAccount } from "./account.ts";

let account: Account;
afterEach(() => account.stop());

const RULES = `
- rule: Welcome
  when: {message: any}
  once_per: customer
  continue: true
  do:
    - reply: Welcome!
- rule: Reminder
  when: {message_is: later}
  do:
    - wait: 1h
    - reply: It is later.
- rule: Sales
  when: {message_is: sales}
  do:
    - assign: sales
      nobody:
        - queue: sales
- rule: Echo
  when: {message: any}
  do:
    - set: {customer.said: "{{ message.text }}"}
    - reply: "{{ message.text }}"
`;
const rules = rulebook(RULES, "teams: {sales: {people: [Nobody Here]}}");
const SEND = { method: "POST", path: "/api/bot/v1/messages" };

async function running() {
  account = await openAccount();
  const requests: RequestDone[] = [];
  const connection = await account.connect({ rulebook: rules, onRequest: (one) => requests.push(one) });
  await connection.listening;
  account.sandbox.newCustomer({ name: "Ana", channel: "telegram" });
  account.sandbox.newCustomer({ name: "Boris", channel: "telegram" });
  return { connection, requests };
}

const says = (text: string, customer = "Ana") => account.sandbox.customerSays(text, { customer });
const said = (count: number) => account.sandbox.until(() => botTexts(account.sandbox).length >= count);
const customerOf = (message: { readonly from: { readonly id: number } | null }) => message.from?.id ?? 0;

describe("a customer who is forgotten", () => {
  it("is new when they write again, while others are still known", async () => {
    const { connection } = await running();
    const ana = says("later");
    says("hello", "Boris");
    await said(3);
    await expect.poll(() => account.store.nextTimer(connection.id)).not.toBeNull();

    const forgotten = await connection.forgetCustomer(customerOf(ana));
    expect(forgotten).toMatchObject({ customers: 1, chats: 1, dialogs: 1, runs: 1, timers: 1, calls: 1 });
    expect(await account.store.customer(connection.id, customerOf(ana))).toBeNull();
    expect(await account.store.nextTimer(connection.id)).toBeNull();

    says("again");
    says("me too", "Boris");
    await said(6);
    expect(botTexts(account.sandbox, ana.chatId)).toEqual(["Welcome!", "Welcome!", "again"]);
    const boris = botTexts(account.sandbox).filter((text) => !botTexts(account.sandbox, ana.chatId).includes(text));
    expect(boris).toEqual(["hello", "me too"]);
  });

  it("leaves no trace of a reply that was on its way, and gets no second one", async () => {
    const { connection } = await running();
    account.sandbox.faults.add({ kind: "slow", ms: 400, applied: true, match: { ...SEND, body: /Welcome/ } });
    const ana = says("hello");
    await account.sandbox.until(() => botTexts(account.sandbox).length === 1);
    await connection.forgetCustomer(customerOf(ana));
    expect(await account.store.outbox(connection.id, { limit: 9 })).toEqual([]);

    says("hello", "Boris");
    await said(3);
    expect(botTexts(account.sandbox, ana.chatId)).toEqual(["Welcome!"]);
    expect(await account.store.outbox(connection.id, { limit: 9 })).toHaveLength(2);
    // The gateway tells of the reply, and with it of its reader: of what was before, nothing is known.
    const known = await account.store.customer(connection.id, customerOf(ana));
    expect([known?.marks ?? {}, known?.variables ?? {}]).toEqual([{}, {}]);
  });

  it("waits in no queue any more", async () => {
    const { connection } = await running();
    const ana = says("sales");
    await expect.poll(async () => (await connection.status()).waiting).toEqual({ sales: 1 });
    await connection.forgetCustomer(customerOf(ana));

    expect((await connection.status()).waiting).toEqual({});
  });

  it("waits in none either when somebody else removed it from the store and says so", async () => {
    const { connection } = await running();
    const ana = says("sales");
    await expect.poll(async () => (await connection.status()).waiting).toEqual({ sales: 1 });
    await account.store.forgetCustomer(connection.id, customerOf(ana));
    connection.look();

    await expect.poll(async () => (await connection.status()).waiting).toEqual({});
  });

  it("is not found twice when two ask at once", async () => {
    const { connection } = await running();
    const ana = says("hello");
    await said(2);
    const both = await Promise.all([1, 2].map(() => connection.forgetCustomer(customerOf(ana))));

    expect(both.map(({ customers }) => customers)).toEqual([1, 0]);
  });

  it("is told in the log by number only", async () => {
    const { connection } = await running();
    const ana = says("a private word");
    await said(2);
    await connection.forgetCustomer(customerOf(ana));

    expect(account.log.text()).toContain('"msg":"a customer was forgotten"');
    expect(account.log.text()).not.toMatch(/private word|Ana/);
  });
});

describe("the vitals of a connection", () => {
  it("tell of the socket, the gap and the rules from memory", async () => {
    const { connection } = await running();
    await expect.poll(() => connection.vitals().gapSince).toBeNull();
    expect(connection.vitals()).toMatchObject({
      isServing: true,
      isSocketOpen: true,
      opened: 1,
      recovered: 0,
      lost: 0,
      badFrames: 0,
    });
    expect([...connection.vitals().ruleIds]).toEqual(rules.rules.map(({ id }) => id));

    const before = Date.now();
    account.sandbox.faults.add({ kind: "status", status: 503, times: null, match: { path: "/api/bot/v1/ws" } });
    account.sandbox.disconnectSockets({ code: 1001 });
    await expect.poll(() => connection.vitals().isSocketOpen).toBe(false);
    expect(connection.vitals().gapSince).toBeLessThanOrEqual(before + 1_000);
  });
});

describe("the requests of a connection", () => {
  it("are told with their API, kind, status and length", async () => {
    const { connection, requests } = await running();
    account.sandbox.faults.add({ kind: "status", status: 400, body: { errors: ["no"] }, match: SEND });
    says("hello");
    await account.sandbox.until(() => botTexts(account.sandbox).length === 1);

    const told = () => requests.map(({ ms: _, ...one }) => one);
    const bot = { connectionId: connection.id, api: "bot" } as const;
    await expect.poll(told).toContainEqual({ ...bot, kind: "once", status: 200, error: null });
    expect(told()).toContainEqual({ ...bot, kind: "once", status: 400, error: "bad_request" });
    expect(told()).toContainEqual({ connectionId: connection.id, api: "crm", kind: "read", status: 200, error: null });
    expect(requests.every(({ ms }) => ms >= 0)).toBe(true);
  });
});

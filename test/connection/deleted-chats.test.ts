import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { forgetChats } from "../../src/connection/deciding/forget-chats.ts";
import { createDirectory } from "../../src/connection/directory/directory.ts";
import { rulebook } from "../engine/world.ts";
import { dialog, user } from "../store/builders.ts";
import { type Account, botTexts, openAccount } from "./account.ts";

let account: Account;
afterEach(() => account.stop());

const RULES = `
- rule: Reminder
  when: {message_is: later}
  do:
    - wait: 1h
    - reply: It is later.
- rule: Echo
  when: {message: any}
  do:
    - reply: "{{ message.text }}"
`;
const SEND = { method: "POST", path: "/api/bot/v1/messages" };

async function running() {
  account = await openAccount();
  const connection = await account.connect({ rulebook: rulebook(RULES) });
  await connection.listening;
  account.sandbox.newCustomer({ name: "Ana", channel: "telegram" });
  account.sandbox.newCustomer({ name: "Boris", channel: "telegram" });
  return connection;
}

const says = (text: string, customer: string) => account.sandbox.customerSays(text, { customer });

describe("a chat that is deleted", () => {
  it("gets nothing of what was still to be sent to it, and other chats get theirs", async () => {
    const { id } = await running();
    const headers = { "retry-after": "1" };
    account.sandbox.faults.add({ kind: "status", status: 429, headers, times: 2, match: SEND });
    const refused = account.sandbox.waitFor((change) => change.kind === "answered" && change.request.status === 429);
    const { chatId } = says("one", "Ana");
    says("two", "Boris");
    await refused;
    account.sandbox.deleteChat(chatId);
    await account.sandbox.until(() => botTexts(account.sandbox).includes("two"));
    await expect
      .poll(() => account.store.outbox(id, { state: "dropped", limit: 9 }))
      .toMatchObject([{ chatId, outcome: { ok: false, reason: "chat_deleted" } }]);
    expect(botTexts(account.sandbox)).toEqual(["two"]);
    const sent = account.sandbox.requests.filter(
      ({ method, body }) => method === "POST" && JSON.stringify(body ?? "").includes("one"),
    );
    expect(sent.length).toBeLessThanOrEqual(1);
  });

  it("is forgotten with its dialogs, runs and timers, and its customer may come again", async () => {
    const { id } = await running();
    const { store, sandbox } = account;
    const { chatId, dialogId } = says("later", "Ana");
    await expect.poll(() => store.nextTimer(id)).not.toBeNull();
    sandbox.assignByManager("Anna", { chat: chatId });
    const anna = [...sandbox.world.people.values()].find(({ firstName }) => firstName === "Anna")?.id ?? 0;
    await expect.poll(async () => (await store.directory(id)).openDialogs).toEqual({ [anna]: 1 });

    sandbox.deleteChat(chatId);
    await expect.poll(() => store.chat(id, chatId)).toBeNull();
    expect(await store.dialog(id, dialogId ?? 0)).toBeNull();
    expect(await store.nextTimer(id)).toBeNull();
    expect(await store.restingRuns(id, chatId)).toEqual([]);
    expect((await store.directory(id)).openDialogs).toEqual({});

    says("back again", "Ana");
    await sandbox.until(() => botTexts(sandbox).includes("back again"));
  });

  it("counts among nobody's open dialogs any more", async () => {
    account = await openAccount();
    const { store } = account;
    const log = account.log.log;
    await store.saveDialogs("one", [dialog(70, { responsible: user(12) })]);
    const directory = createDirectory(store, "one");
    await directory.load({ id: 9, name: "Helper" });
    expect(directory.current().openDialogs).toEqual({ 12: 1 });
    const guarded: number[] = [];
    const exclusive = <T>(chatId: number, task: () => Promise<T>) => {
      guarded.push(chatId);
      return task();
    };
    await forgetChats({ connectionId: "one", store, clock: systemClock, log, directory, exclusive })([7, 8]);
    expect(directory.current().openDialogs).toEqual({});
    expect(directory.current().bot).toEqual({ id: 9, name: "Helper" });
    expect(guarded).toEqual([7, 8]);
  });

  it("is told to the rules that listen to it", async () => {
    account = await openAccount();
    const rules =
      "- rule: Gone\n  when: {event: chats_deleted}\n  do:\n    - bot_api: {operation: updateBot, name: Helper}\n";
    const connection = await account.connect({ rulebook: rulebook(`${RULES}${rules}`) });
    await connection.listening;
    const { chatId } = account.sandbox.customerSays("hello");
    account.sandbox.deleteChat(chatId);
    const gone = () => account.decided.filter(({ event }) => event.type === "chats_deleted");
    await expect.poll(gone).toMatchObject([{ verdicts: [{ rule: "Gone" }] }]);
  });
});

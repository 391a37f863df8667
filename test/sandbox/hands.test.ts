import { describe, expect, it } from "vitest";
import { freshSandbox } from "../helpers/sandbox.ts";

describe("who acts, when nobody is named", () => {
  it("the newest customer writes again, in their own chat", async () => {
    const sandbox = await freshSandbox();
    const marta = sandbox.customerSays("hi");
    const { id } = sandbox.newCustomer({ name: "Luis Ortega", channel: "whatsapp" });
    const luis = sandbox.customerSays("hola", { customer: "luis ortega" });
    expect(luis.from?.id).toBe(id);
    expect(sandbox.customerSays("more").chatId).toBe(luis.chatId);
    expect(sandbox.customerSays("back", { customer: "Marta Lind" }).chatId).toBe(marta.chatId);
  });

  it("the same person on another channel is another customer, found again", async () => {
    const sandbox = await freshSandbox();
    const telegram = sandbox.customerSays("hi");
    const whatsapp = sandbox.customerSays("hi", { channel: "whatsapp" });
    expect(whatsapp.from?.id).not.toBe(telegram.from?.id);
    expect(sandbox.customerSays("hi", { channel: "telegram" }).from?.id).toBe(telegram.from?.id);
    expect(sandbox.customerSays("hi", { channel: "whatsapp" }).chatId).toBe(whatsapp.chatId);
  });

  it("the person in charge writes, else the first who is online, and joins the chat", async () => {
    const sandbox = await freshSandbox();
    sandbox.customerSays("hi");
    const nameOf = (id: number | undefined) => sandbox.world.people.get(id ?? 0)?.firstName;
    expect(nameOf(sandbox.managerSays("hello").from?.id)).toBe("Anna");
    sandbox.assignByManager("Olga Ruiz");
    expect(nameOf(sandbox.managerSays("hello").from?.id)).toBe("Olga");
    expect([...sandbox.world.members.values()].filter(({ state }) => state === "active")).toHaveLength(2);
  });
});

describe("mistakes of a test", () => {
  it.each([
    {
      what: "a person",
      act: (s: Awaited<ReturnType<typeof freshSandbox>>) => s.setOnline("Bob", true),
      error: "no person Bob",
    },
    {
      what: "a customer",
      act: (s: Awaited<ReturnType<typeof freshSandbox>>) => s.customerSays("hi", { customer: 1 }),
      error: "no customer 1",
    },
    {
      what: "a channel",
      act: (s: Awaited<ReturnType<typeof freshSandbox>>) => s.customerSays("hi", { channel: "pigeon" }),
      error: "no channel pigeon",
    },
    {
      what: "a chat",
      act: (s: Awaited<ReturnType<typeof freshSandbox>>) => s.managerSays("hi", { chat: 1 }),
      error: "no chat 1",
    },
    {
      what: "an open dialog",
      act: (s: Awaited<ReturnType<typeof freshSandbox>>) => s.closeByManager(),
      error: /^no open dialog in chat \d+$/,
    },
    {
      what: "a message",
      act: (s: Awaited<ReturnType<typeof freshSandbox>>) => s.customerEdits(1, "x"),
      error: "no message #1",
    },
  ])("are told when $what is not there", async ({ act, error }) => {
    const sandbox = await freshSandbox();
    expect(() => act(sandbox)).toThrow(error);
  });

  it("are told when there is no such module", async () => {
    const sandbox = await freshSandbox();
    expect(() => sandbox.setModule("nope", { active: false })).toThrow("no module nope");
  });
});

describe("a deleted chat", () => {
  it("is gone with everything in it", async () => {
    const sandbox = await freshSandbox();
    const { chatId } = sandbox.customerSays("hi");
    sandbox.managerSays("hello");
    sandbox.deleteChat(chatId);
    const { chats, dialogs, messages, members } = sandbox.world;
    expect([chats.size, dialogs.size, messages.size, members.size]).toEqual([0, 0, 0, 0]);
  });
});

describe("the staff's hands", () => {
  it("tag, take tags off, un-assign and open dialogs as the service does", async () => {
    const sandbox = await freshSandbox();
    const { dialogId } = sandbox.customerSays("hi");
    const dialog = () => sandbox.world.dialogs.get(dialogId ?? 0);
    sandbox.tagByManager(["vip", "late"]);
    sandbox.untagByManager(["late"]);
    expect(dialog()?.tags.map(({ name }) => name)).toEqual(["vip"]);
    sandbox.assignByManager(12);
    sandbox.unassignByManager();
    expect(dialog()?.responsible).toBeNull();
    expect(() => sandbox.openDialogByManager()).toThrow("chat already has an open dialog");
    sandbox.closeByManager();
    expect(sandbox.openDialogByManager()).toMatchObject({ beginMessageId: null, closedAt: null });
  });

  it("mark a message seen only when it has arrived", async () => {
    const sandbox = await freshSandbox({ behaviour: { sentAfterMs: 1 } });
    sandbox.customerSays("hi");
    const { id } = sandbox.managerSays("hello");
    sandbox.messageSeen(id);
    expect(sandbox.world.messages.get(id)?.status).toBe("sending");
    await sandbox.until((world) => world.messages.get(id)?.status === "sent");
    sandbox.messageSeen(id);
    expect(sandbox.world.messages.get(id)?.status).toBe("seen");
  });
});

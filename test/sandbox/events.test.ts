import { describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { ALL_EVENTS, at, editModule, MODULE, registeredClient } from "../helpers/sandbox.ts";

/** What makes an event of each type; its shape is checked by the ear that hears it. */
const MAKERS: Readonly<Record<string, (sandbox: Sandbox) => void>> = {
  chat_created: (sandbox) => void sandbox.customerSays("hi", { channel: "whatsapp" }),
  chat_updated: (sandbox) => void sandbox.customerSays("hi"),
  chats_deleted: (sandbox) => sandbox.deleteChat(sandbox.customerSays("hi").chatId),
  dialog_opened: (sandbox) => void sandbox.customerSays("hi"),
  dialog_assign: (sandbox) => {
    sandbox.customerSays("hi");
    sandbox.assignByManager("Autoresponder");
  },
  dialog_closed: (sandbox) => {
    sandbox.customerSays("hi");
    sandbox.assignByManager("Olga Ruiz");
    sandbox.closeByManager();
  },
  message_new: (sandbox) => void sandbox.customerSays("hi"),
  message_updated: (sandbox) => sandbox.customerEdits(sandbox.customerSays("hi").id, "hello"),
  message_deleted: (sandbox) => sandbox.customerDeletes(sandbox.customerSays("hi").id),
  message_restored: (sandbox) => {
    const { id } = sandbox.customerSays("hi");
    sandbox.customerDeletes(id);
    sandbox.customerRestores(id);
  },
  user_joined_chat: (sandbox) => {
    sandbox.customerSays("hi");
    sandbox.joinChat("Ivan Sidorov");
  },
  user_left_chat: (sandbox) => {
    sandbox.customerSays("hi");
    sandbox.joinChat("Ivan Sidorov");
    sandbox.leaveChat("Ivan Sidorov");
  },
  user_online_updated: (sandbox) => sandbox.setOnline("Ivan Sidorov", true),
  user_updated: (sandbox) => sandbox.changePerson("Ivan Sidorov", { available: false }),
  customer_updated: (sandbox) => sandbox.changeCustomer(8120, { email: "marta@example.com" }),
  channel_updated: (sandbox) => sandbox.changeChannel("telegram", { name: "@new_name" }),
};

describe("events", () => {
  it.each(ALL_EVENTS.filter((type) => type !== "bot_updated"))("of type %s are as described", async (type) => {
    const { sandbox, listen } = await registeredClient();
    const ear = await listen({ events: [type] });
    MAKERS[type]?.(sandbox);
    const event = await ear.until((heard) => heard.type === type);
    expect(Object.keys(event)).toEqual(["type", "meta", "data"]);
    expect(event.meta.timestamp).toBeLessThan(100_000_000_000); // seconds
  });

  it("of a new bot are heard by the bots that are there", async () => {
    const { sandbox, listen } = await registeredClient();
    const ear = await listen({ events: ["bot_updated"] });
    await editModule(sandbox, { ...MODULE, code: "second", name: "Second" }, "second");
    expect(at((await ear.until(({ type }) => type === "bot_updated")).data, "name")).toBe("Second");
  });

  it("can carry milliseconds", async () => {
    const { sandbox, listen } = await registeredClient({ behaviour: { timestamps: "milliseconds" } });
    const ear = await listen({ events: ["message_new"] });
    sandbox.customerSays("hi");
    expect((await ear.until(() => true)).meta.timestamp).toBeGreaterThan(100_000_000_000);
  });

  it("of customers' media have items, a note, and no content", async () => {
    const { sandbox, listen } = await registeredClient();
    const ear = await listen({ events: ["message_new"] });
    for (const type of ["image", "file", "audio", "order", "product"] as const) {
      const { id } = sandbox.customerSends({ type, note: "look" });
      const { data } = await ear.until((heard) => at(heard.data, "message.id") === id);
      expect([at(data, "message.type"), at(data, "message.note"), at(data, "message.content")]).toEqual([
        type,
        "look",
        null,
      ]);
      const part = type === "order" || type === "product" ? type : "items.0.id";
      expect(at(data, `message.${part}`)).not.toBeNull();
    }
  });

  it("show commands, other bots, and the messenger itself as authors of their kinds", async () => {
    const { sandbox, listen } = await registeredClient();
    const ear = await listen({ events: ["message_new"] });
    sandbox.customerSays("hi");
    const command = sandbox.managerCommands("/delivery express");
    const bot = sandbox.otherBotSays("beep");
    const channel = sandbox.channelSays("typed in the app");
    const shown = async (id: number) => {
      const { data } = await ear.until((heard) => at(heard.data, "message.id") === id);
      return ["type", "scope", "content", "from.type", "from.name"].map((path) => at(data, `message.${path}`));
    };
    expect(await shown(command.id)).toEqual(["command", "private", "/delivery express", "user", "Anna Petrova"]);
    expect(await shown(bot.id)).toEqual(["text", "public", "beep", "bot", "Autoresponder"]);
    expect(await shown(channel.id)).toEqual(["text", "public", "typed in the app", "channel", "@shop_bot"]);
  });

  it("leave out what is not known of a customer", async () => {
    const { sandbox, listen } = await registeredClient();
    const ear = await listen({ events: ["message_new"] });
    const { id } = sandbox.newCustomer({ name: "", channel: "telegram" });
    sandbox.customerSays("hi", { customer: id });
    const { data } = await ear.until(() => true);
    expect(at(data, "message.from")).toEqual({
      id,
      external_id: expect.any(String),
      type: "customer",
      name: "",
      avatar: null,
      is_blocked: false,
    });
  });

  it.each([
    { dialogOpened: "before" as const, types: ["dialog_opened", "message_new"] },
    { dialogOpened: "after" as const, types: ["message_new", "dialog_opened"] },
  ])("of a new dialog come with dialog_opened $dialogOpened its first message", async ({ dialogOpened, types }) => {
    const { sandbox, listen } = await registeredClient({ behaviour: { dialogOpened } });
    const ear = await listen({ events: ["message_new", "dialog_opened"] });
    const { id } = sandbox.customerSays("hi");
    await ear.until(({ data }) => at(data, "message.action") === "dialog_opened");
    expect(ear.heard.slice(0, 2).map(({ type }) => type)).toEqual(types);
    const opened = ear.heard.find(({ type }) => type === "dialog_opened");
    expect(at(opened?.data, "dialog.begin_message_id")).toBe(id);
  });

  it("are missed for good by whom no socket was open", async () => {
    const { sandbox, api, listen } = await registeredClient();
    const ear = await listen();
    const said = sandbox.customerSaidUnheard(["one", "two", "three"]);
    sandbox.customerSays("four");
    await ear.until(({ data }) => at(data, "message.content") === "four");
    expect(ear.heard.filter(({ type }) => type === "message_new")).toHaveLength(1);
    const { body } = await api("listMessages", { query: `since_id=${said[0]?.id}&type=text` });
    expect(body).toHaveLength(4);
  });
});

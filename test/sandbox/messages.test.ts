import { describe, expect, it } from "vitest";
import { at, type Client, each, registeredClient } from "../helpers/sandbox.ts";

/** A customer has written in a chat on this channel. */
async function talk(channel = "telegram", options: Parameters<typeof registeredClient>[0] = {}) {
  const client = await registeredClient(options);
  const first = client.sandbox.customerSays("hello", { channel });
  const send = (body: object) =>
    client.api("sendMessage", {
      body: { chat_id: first.chatId, scope: "public", type: "text", content: "Hi", ...body },
    });
  return { ...client, first, chatId: first.chatId, send };
}

const idOf = (answer: { body: unknown }) => Number(at(answer.body, "message_id"));

async function image({ api }: Client): Promise<string> {
  const answer = await api("uploadFileByUrl", { body: { url: "https://shop.example/pot.jpg" } });
  return String(at(answer.body, "id"));
}

describe("sending", () => {
  it("is answered at once; the messenger's word comes later", async () => {
    const { listen, send, chatId, botId, first, sandbox } = await talk();
    const ear = await listen();
    const answer = await send({ content: "  Hi there  ", quote_message_id: first.id });
    expect(answer.status).toBe(200);
    const echo = await ear.until(({ data }) => at(data, "message.id") === idOf(answer));
    expect(echo.type).toBe("message_new");
    expect(at(echo.data, "message.status")).toBe("sending");
    expect(at(echo.data, "message.content")).toBe("Hi there");
    expect([at(echo.data, "message.from.type"), at(echo.data, "message.from.id")]).toEqual(["bot", botId]);
    expect(at(echo.data, "message.quote.content")).toBe("hello");
    const sent = await ear.until(
      ({ type, data }) => type === "message_updated" && at(data, "message.id") === idOf(answer),
    );
    expect(at(sent.data, "message.status")).toBe("sent");
    expect(sandbox.world.messages.get(idOf(answer))?.chatId).toBe(chatId);
  });

  it("keeps the dialog of the message, and notes are received at once", async () => {
    const { send, sandbox, first } = await talk();
    const note = sandbox.world.messages.get(idOf(await send({ scope: "private" })));
    expect([note?.dialogId, note?.status, note?.scope]).toEqual([first.dialogId, "received", "private"]);
  });

  it("is seen only where the account is set so", async () => {
    const { send, sandbox, listen } = await talk("telegram", { behaviour: { seenAfterMs: 1 } });
    const ear = await listen();
    const id = idOf(await send({}));
    await ear.until(({ data }) => at(data, "message.id") === id && at(data, "message.status") === "seen");
    expect(sandbox.world.messages.get(id)?.read).toBe(true);
  });

  it("assumes text when no type is given", async () => {
    const { api, chatId, sandbox } = await talk();
    const answer = await api("sendMessage", { body: { chat_id: chatId, scope: "public", content: "Hi" } });
    expect(sandbox.world.messages.get(idOf(answer))?.type).toBe("text");
  });

  it("stores markup as entities where the account is set so", async () => {
    const { send, sandbox } = await talk("telegram", { behaviour: { escapes: true } });
    const id = idOf(await send({ content: `<b>"a" & 'b'</b>` }));
    expect(sandbox.world.messages.get(id)?.content).toBe("&lt;b&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/b&gt;");
  });

  it.each([
    { body: { chat_id: 1 }, status: 404, error: "chat #1 not found" },
    { body: { content: "  " }, status: 400, error: "content: this value should not be blank" },
    {
      body: { content: "x".repeat(4097) },
      status: 400,
      error: "content: text is too long, the channel takes 4096 characters at most",
    },
    { body: { scope: "undefined" }, status: 400, error: "scope: the value you selected is not a valid choice" },
    { body: { scope: "loud" }, status: 400, error: "scope: must be equal to one of the allowed values" },
    { body: { type: "command" }, status: 400, error: "type: a bot cannot send command" },
    { body: { type: "system" }, status: 400, error: "type: a bot cannot send system" },
    { body: { type: "order" }, status: 400, error: "order: this value should not be blank" },
    { body: { type: "product" }, status: 400, error: "product: this value should not be blank" },
    { body: { type: "image" }, status: 400, error: "items: this value should not be blank" },
    { body: { quote_message_id: 1 }, status: 404, error: "message #1 not found" },
    { body: { chat_id: "5301" }, status: 400, error: "chat_id: must be integer" },
  ])("is refused: $error", async ({ body, status, error }) => {
    const { send } = await talk();
    const answer = await send(body);
    expect([answer.status, answer.body]).toEqual([status, { errors: [error] }]);
  });

  it("counts characters as people do", async () => {
    const { send } = await talk("whatsapp");
    expect((await send({ content: "😀".repeat(1000) })).status).toBe(200);
    expect((await send({ content: "😀".repeat(1001) })).status).toBe(400);
  });

  it("keeps to 2000 characters where a channel states no bound", async () => {
    const { send } = await talk("instagram");
    expect((await send({ content: "x".repeat(2000) })).status).toBe(200);
    expect((await send({ content: "x".repeat(2001) })).status).toBe(400);
  });
});

describe("what a channel can do", () => {
  const button = (type: string, more: object = {}) => ({ transport_attachments: { suggestions: [{ type, ...more }] } });

  it.each([
    {
      channel: "whatsapp",
      body: { type: "image", items: [] },
      error: "channel does not support messages of type image",
    },
    {
      channel: "whatsapp",
      body: { type: "product", product: { id: 1, name: "Pot" } },
      error: "channel does not support messages of type product",
    },
    {
      channel: "instagram",
      body: { type: "file", items: [] },
      error: "channel does not support messages of type file",
    },
    {
      channel: "whatsapp",
      body: button("text", { title: "Yes" }),
      error: "channel does not support suggestions of type text",
    },
    { channel: "telegram", body: button("email"), error: "channel does not support suggestions of type email" },
    { channel: "telegram", body: button("text", { title: " " }), error: "suggestions: title is missing" },
    { channel: "telegram", body: button("url", { title: "Shop" }), error: "suggestions: payload is missing" },
  ])("on $channel: $error", async ({ channel, body, error }) => {
    const { send } = await talk(channel);
    const answer = await send(body);
    expect([answer.status, answer.body]).toEqual([400, { errors: [error] }]);
  });

  it("does not bind notes among the staff", async () => {
    const { send } = await talk("whatsapp");
    const card = { type: "product", product: { id: 1, name: "Pot" }, scope: "private" };
    expect((await send(card)).status).toBe(200);
  });

  it("lets buttons, cards and files through where it can", async () => {
    const client = await talk();
    const { send, sandbox } = client;
    const buttons = button("text", { title: "Yes" }).transport_attachments;
    const withButtons = idOf(await send({ transport_attachments: buttons }));
    expect(sandbox.world.messages.get(withButtons)?.attachments).toEqual(buttons);
    expect((await send({ type: "order", order: { number: "4117A" } })).status).toBe(200);
    const picture = { type: "image", items: [{ id: await image(client), caption: "" }], note: "Our pot" };
    const sent = sandbox.world.messages.get(idOf(await send(picture)));
    expect([sent?.note, sent?.items[0]?.kind, sent?.content]).toEqual(["Our pot", "image", null]);
  });

  it("bounds files: how many, of which kind, the note under them", async () => {
    const client = await talk("instagram");
    const id = await image(client);
    const many = await client.send({ type: "image", items: [{ id }, { id }] });
    expect(many.body).toEqual({ errors: ["items: the channel takes 1 at most"] });
    const telegram = await talk();
    const page = await telegram.api("uploadFileByUrl", { body: { url: "https://shop.example/list.pdf" } });
    const wrong = await telegram.send({ type: "image", items: [{ id: at(page.body, "id") }] });
    expect(wrong.body).toEqual({ errors: [`items: file ${at(page.body, "id")} is not of type image`] });
    const long = await telegram.send({ type: "file", items: [{ id: at(page.body, "id") }], note: "x".repeat(1025) });
    expect(long.body).toEqual({ errors: ["note: 1024 characters at most"] });
    const none = await telegram.send({ type: "file", items: [{ id: "0b8a7f4e-2d4c-4d7f-9c0e-3a1b5c6d7e8f" }] });
    expect(none.status).toBe(404);
  });

  it("refuses everything while the channel is off or may not send", async () => {
    const { send, sandbox } = await talk();
    sandbox.changeChannel("telegram", { active: false });
    expect((await send({})).body).toEqual({ errors: ["channel is not active"] });
    sandbox.changeChannel("telegram", { active: true, settings: { sending_policy: { outgoing: "restricted" } } });
    expect((await send({})).body).toEqual({ errors: ["outgoing messages are restricted"] });
    sandbox.changeChannel("telegram", { settings: {} });
    expect((await send({})).body).toEqual({ errors: ["channel does not support messages of type text"] });
  });
});

describe("delivery", () => {
  it("fails after the answer window: accepted first, then reply_timed_out", async () => {
    const { send, sandbox, listen } = await talk("whatsapp");
    sandbox.changeChannel("whatsapp", { replyWindowMs: -1 });
    sandbox.customerSays("hello");
    const ear = await listen();
    const answer = await send({});
    expect(answer.status).toBe(200);
    const failed = await ear.until(({ data }) => at(data, "message.status") === "failed");
    expect(at(failed.data, "message.id")).toBe(idOf(answer));
    expect(at(failed.data, "message.error.code")).toBe("reply_timed_out");
  });

  it("fails for a blocked customer, and whenever a test says so", async () => {
    const { send, sandbox, first } = await talk();
    sandbox.changeCustomer(first.from?.id ?? 0, { blocked: true });
    const id = idOf(await send({}));
    await sandbox.until((world) => world.messages.get(id)?.error?.code === "access_restricted");
    const other = sandbox.managerSays("hi");
    sandbox.messageFails(other.id, "spam_suspicion");
    expect(sandbox.world.messages.get(other.id)?.error).toEqual({ code: "spam_suspicion", message: "spam suspicion" });
  });
});

describe("editing and deleting", () => {
  it("change the bot's own message and are told as events", async () => {
    const { api, send, listen, sandbox } = await talk();
    const id = idOf(await send({ transport_attachments: { suggestions: [{ type: "text", title: "Yes" }] } }));
    const ear = await listen();
    const edited = await api("editMessage", { path: { message_id: id }, body: { content: "Better" } });
    expect([edited.status, edited.body]).toEqual([200, {}]);
    const event = await ear.until(({ data }) => at(data, "message.is_edit") === true);
    expect([event.type, at(event.data, "message.content")]).toEqual(["message_updated", "Better"]);
    expect(sandbox.world.messages.get(id)?.attachments?.suggestions).toHaveLength(1);
    const deleted = await api("deleteMessage", { path: { message_id: id } });
    expect([deleted.status, deleted.body]).toEqual([200, {}]);
    await ear.until(({ type }) => type === "message_deleted");
    expect(each((await api("listMessages", { query: `id=${id}` })).body, "id")).toEqual([]);
    expect((await api("editMessage", { path: { message_id: id }, body: { content: "x" } })).status).toBe(404);
  });

  it("are refused for others' messages, empty texts and unknown ids", async () => {
    const { api, send, first } = await talk();
    const others = await api("editMessage", { path: { message_id: first.id }, body: { content: "x" } });
    expect([others.status, others.body]).toEqual([403, { errors: ["access denied"] }]);
    const id = idOf(await send({}));
    const empty = await api("editMessage", { path: { message_id: id }, body: { content: " " } });
    expect(empty.body).toEqual({ errors: ["content: this value should not be blank"] });
    expect((await api("deleteMessage", { path: { message_id: 1 } })).status).toBe(404);
  });

  it("are refused where the channel cannot, but not for notes", async () => {
    const { api, send } = await talk("whatsapp");
    const id = idOf(await send({}));
    const edited = await api("editMessage", { path: { message_id: id }, body: { content: "x" } });
    expect(edited.body).toEqual({ errors: ["channel does not support editing"] });
    const deleted = await api("deleteMessage", { path: { message_id: id } });
    expect(deleted.body).toEqual({ errors: ["channel does not support deleting"] });
    const note = idOf(await send({ scope: "private" }));
    expect((await api("editMessage", { path: { message_id: note }, body: { content: "x" } })).status).toBe(200);
  });
});

describe("mailings", () => {
  it("open no dialog, leave the chat as it was, and are hidden from lists that do not ask", async () => {
    const { api, send, sandbox, chatId } = await talk();
    sandbox.closeByManager();
    const before = sandbox.world.chats.get(chatId);
    const id = idOf(await send({ mass_communication: true }));
    expect(sandbox.world.dialogs.size).toBe(1);
    expect(sandbox.world.chats.get(chatId)).toEqual(before);
    expect(each((await api("listMessages", { query: `id=${id}` })).body, "id")).toEqual([]);
    const asked = await api("listMessages", { query: `id=${id}&include_mass_communication=1` });
    expect(each(asked.body, "id")).toEqual([id]);
  });
});

describe("the list of messages", () => {
  it.each([
    { query: "type=command", contents: ["/delivery express"] },
    { query: "scope=private&type=text", contents: ["a note"] },
    { query: "user_id=12&type=text", contents: ["a note", "hi"] },
    { query: "customer_id=8120", contents: ["hello"] },
    { query: "bot_id=7", contents: ["beep"] },
    { query: "channel_type=whatsapp", contents: [] },
    { query: "channel_id=17&limit=1", contents: ["/delivery express"] },
    { query: "dialog_id=1", contents: [] },
  ])("by ?$query holds $contents", async ({ query, contents }) => {
    const { api, sandbox } = await talk();
    sandbox.managerSays("hi", { manager: "Anna" });
    sandbox.otherBotSays("beep");
    sandbox.managerSays("a note", { manager: 12, scope: "private" });
    sandbox.managerCommands("/delivery express");
    expect(each((await api("listMessages", { query })).body, "content")).toEqual(contents);
  });

  it("gives system messages no author at all", async () => {
    const { api } = await talk();
    const { body } = await api("listMessages", { query: "type=system" });
    expect(at(body, "0")).not.toHaveProperty("from");
    expect(at(body, "0.content")).toBeNull();
  });

  it("takes several ids", async () => {
    const { api, first, sandbox } = await talk();
    const second = sandbox.customerSays("more");
    const { body } = await api("listMessages", { query: `id=${first.id}&id=${second.id}` });
    expect(each(body, "content")).toEqual(["more", "hello"]);
  });
});

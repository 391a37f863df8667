import { describe, expect, it } from "vitest";
import { at, type Client, each, registeredClient } from "../helpers/sandbox.ts";

/** A customer has written: chat and dialog are open. */
async function talk(options: Parameters<typeof registeredClient>[0] = {}) {
  const client = await registeredClient(options);
  const { chatId, dialogId } = client.sandbox.customerSays("hello");
  return { ...client, chatId, dialogId: dialogId ?? 0 };
}

const path = (dialogId: number) => ({ dialog_id: dialogId });

/** What the service notes of a chat say, oldest first. */
async function notes({ api }: Client): Promise<unknown[]> {
  const { body } = await api("listMessages", { query: "type=system&since_id=1" });
  return each(body, "action");
}

describe("assigning", () => {
  it("puts a person in charge, who joins the chat, and tells all about it", async () => {
    const client = await talk();
    const ear = await client.listen();
    const answer = await client.api("assignDialogResponsible", { path: path(client.dialogId), body: { user_id: 12 } });
    expect(answer.status).toBe(200);
    expect(at(answer.body, "is_reassign")).toBe(false);
    expect(at(answer.body, "previous_responsible")).toBeNull();
    expect([at(answer.body, "responsible.id"), at(answer.body, "responsible.type")]).toEqual([12, "user"]);
    expect(at(answer.body, "responsible.external_id")).toBe("24");
    const event = await ear.until(({ type }) => type === "dialog_assign");
    expect(at(event.data, "dialog.responsible.id")).toBe(12);
    expect(at(event.data, "dialog.chat")).toBeNull();
    expect(at(event.data, "chat.last_dialog.responsible.name")).toBe("Anna Petrova");
    await ear.until(({ type }) => type === "user_joined_chat");
    expect(await notes(client)).toEqual(["dialog_opened", "dialog_assign", "user_joined"]);
  });

  it("takes the place of another person, who leaves the chat", async () => {
    const client = await talk();
    client.sandbox.assignByManager("Anna Petrova");
    const ear = await client.listen();
    const body = { user_id: 0, bot_id: client.botId };
    const answer = await client.api("assignDialogResponsible", { path: path(client.dialogId), body });
    expect(at(answer.body, "is_reassign")).toBe(true);
    expect(at(answer.body, "previous_responsible.id")).toBe(12);
    expect(at(answer.body, "left_user_id")).toBe(12);
    expect(at(answer.body, "responsible.type")).toBe("bot");
    await ear.until(({ type }) => type === "user_left_chat");
  });

  it.each([
    { body: {}, status: 400, error: "one of user_id and bot_id must be given" },
    { body: { user_id: 0 }, status: 400, error: "one of user_id and bot_id must be given" },
    { body: { user_id: 12, bot_id: 7 }, status: 400, error: "only one of user_id and bot_id can be given" },
    { body: { user_id: 999 }, status: 404, error: "user #999 not found" },
    { body: { bot_id: 999 }, status: 404, error: "bot #999 not found" },
    { body: { user_id: "12" }, status: 400, error: "user_id: must be integer" },
  ])("refuses $body: $error", async ({ body, status, error }) => {
    const { api, dialogId } = await talk();
    const answer = await api("assignDialogResponsible", { path: path(dialogId), body });
    expect([answer.status, answer.body]).toEqual([status, { errors: [error] }]);
  });

  it("works on the latest dialog of a chat only, in the server's words", async () => {
    const { api, sandbox, dialogId } = await talk();
    sandbox.closeByManager();
    const closed = await api("assignDialogResponsible", { path: path(dialogId), body: { user_id: 12 } });
    expect([closed.status, closed.body]).toEqual([400, { errors: ["dialog is closed"] }]);
    sandbox.customerSays("again");
    const old = await api("assignDialogResponsible", { path: path(dialogId), body: { user_id: 12 } });
    expect([old.status, old.body]).toEqual([400, { errors: ["dialog is not the latest in the chat"] }]);
    const none = await api("assignDialogResponsible", { path: path(1), body: { user_id: 12 } });
    expect([none.status, none.body]).toEqual([404, { errors: ["dialog #1 not found"] }]);
  });

  it("refuses people who are not active, and bots without the role where one is needed", async () => {
    const { api, sandbox, dialogId, botId } = await talk({ behaviour: { assignNeedsRole: true } });
    sandbox.changePerson("Anna Petrova", { active: false });
    const person = await api("assignDialogResponsible", { path: path(dialogId), body: { user_id: 12 } });
    expect(person.body).toEqual({ errors: ["user is not active"] });
    const bot = await api("assignDialogResponsible", { path: path(dialogId), body: { bot_id: botId } });
    expect(bot.body).toEqual({ errors: ["bot does not have the role responsible"] });
    await api("updateBot", { body: { roles: ["responsible"] } });
    const allowed = await api("assignDialogResponsible", { path: path(dialogId), body: { bot_id: botId } });
    expect(allowed.status).toBe(200);
  });

  it("changes nothing when it is refused", async () => {
    const client = await talk();
    await client.api("assignDialogResponsible", { path: path(client.dialogId), body: { user_id: 999 } });
    expect(await notes(client)).toEqual(["dialog_opened"]);
    expect(client.sandbox.world.dialogs.get(client.dialogId)?.responsible).toBeNull();
  });
});

describe("un-assigning", () => {
  it("is told by a service note and by no event", async () => {
    const client = await talk();
    client.sandbox.assignByManager("Anna Petrova");
    const ear = await client.listen();
    const answer = await client.api("unassignDialogResponsible", { path: path(client.dialogId) });
    expect(at(answer.body, "previous_responsible.id")).toBe(12);
    await ear.until(({ data }) => at(data, "message.action") === "dialog_unassign");
    client.sandbox.customerSays("later");
    await ear.until(({ data }) => at(data, "message.content") === "later");
    const before = ear.heard.slice(
      0,
      ear.heard.findIndex(({ data }) => at(data, "message.content") === "later"),
    );
    expect(before.map(({ type }) => type)).toEqual(["message_new"]);
  });

  it("needs someone in charge", async () => {
    const { api, dialogId } = await talk();
    const answer = await api("unassignDialogResponsible", { path: path(dialogId) });
    expect([answer.status, answer.body]).toEqual([400, { errors: ["dialog has no responsible"] }]);
  });
});

describe("closing", () => {
  it("ends with the service note that says so, and can be done once", async () => {
    const client = await talk();
    const ear = await client.listen();
    const answer = await client.api("closeDialog", { path: path(client.dialogId) });
    expect([answer.status, answer.body]).toEqual([200, {}]);
    const event = await ear.until(({ type }) => type === "dialog_closed");
    const { body } = await client.api("listMessages", { query: "type=system&limit=1" });
    expect(at(body, "0.action")).toBe("dialog_closed");
    expect(at(event.data, "dialog.ending_message_id")).toBe(at(body, "0.id"));
    expect(at(event.data, "dialog.closed_at")).toMatch(/^20/);
    const again = await client.api("closeDialog", { path: path(client.dialogId) });
    expect([again.status, again.body]).toEqual([400, { errors: ["dialog is already closed"] }]);
    expect((await client.api("closeDialog", { path: path(1) })).status).toBe(404);
  });

  it("by a manager looks the same", async () => {
    const { sandbox, listen, dialogId } = await talk();
    const ear = await listen({ events: ["dialog_closed"] });
    sandbox.closeByManager();
    const event = await ear.until(({ type }) => type === "dialog_closed");
    expect(at(event.data, "dialog.id")).toBe(dialogId);
  });
});

describe("opening", () => {
  it("is done by a customer's first message, and again after the dialog has closed", async () => {
    const { api, sandbox, chatId, dialogId } = await talk();
    expect(sandbox.customerSays("more").dialogId).toBe(dialogId);
    sandbox.closeByManager();
    const next = sandbox.customerSays("again");
    expect(next.dialogId).not.toBe(dialogId);
    const { body } = await api("listDialogs", { query: `chat_id=${chatId}&active=1` });
    expect(each(body, "begin_message_id")).toEqual([next.id]);
  });

  it("over the API names the bot, and is refused while one is open", async () => {
    const { api, sandbox, listen, chatId, botId } = await talk();
    const ear = await listen();
    const busy = await api("createDialog", { path: { chat_id: chatId }, body: { bot_id: botId } });
    expect([busy.status, busy.body]).toEqual([400, { errors: ["chat already has an open dialog"] }]);
    sandbox.closeByManager();
    const made = await api("createDialog", { path: { chat_id: chatId }, body: { bot_id: botId } });
    expect(made.status).toBe(200);
    const event = await ear.until(({ type }) => type === "dialog_opened");
    expect(at(event.data, "dialog.id")).toBe(at(made.body, "id"));
    expect(at(event.data, "dialog.begin_message_id")).toBeNull();
    const { body } = await api("listDialogs", { query: `id=${at(made.body, "id")}` });
    expect([at(body, "0.bot_id"), at(body, "0.is_assigned")]).toEqual([botId, false]);
  });

  it.each([
    { chat: 1, body: {}, error: "chat #1 not found" },
    { chat: null, body: { bot_id: 999 }, error: "bot #999 not found" },
    { chat: null, body: { user_id: 999 }, error: "user #999 not found" },
  ])("over the API is refused: $error", async ({ chat, body, error }) => {
    const { api, sandbox, chatId } = await talk();
    sandbox.closeByManager();
    const answer = await api("createDialog", { path: { chat_id: chat ?? chatId }, body });
    expect([answer.status, answer.body]).toEqual([404, { errors: [error] }]);
  });

  it("is done by the bot's own public message when none is open, by its note never", async () => {
    const { api, sandbox, chatId, dialogId } = await talk();
    sandbox.closeByManager();
    const text = { chat_id: chatId, type: "text", content: "hi" };
    await api("sendMessage", { body: { ...text, scope: "private" } });
    expect([...sandbox.world.dialogs.keys()]).toEqual([dialogId]);
    await api("sendMessage", { body: { ...text, scope: "public" } });
    expect([...sandbox.world.dialogs.keys()]).toHaveLength(2);
  });
});

describe("tags", () => {
  const tagsOf = async ({ api }: Client, dialogId: number) =>
    at((await api("listDialogs", { query: `id=${dialogId}` })).body, "0.tags");

  it("are added once, told by service notes only, and removed", async () => {
    const client = await talk();
    const tags = [{ name: "vip", color_code: "red" }, { name: "delivery" }];
    await client.api("dialogAddTags", { path: path(client.dialogId), body: { tags } });
    await client.api("dialogAddTags", { path: path(client.dialogId), body: { tags: [{ name: "vip" }] } });
    expect(await tagsOf(client, client.dialogId)).toEqual([
      { name: "vip", color_code: "red" },
      { name: "delivery", color_code: "gray" },
    ]);
    const gone = [{ name: "vip" }, { name: "unknown" }];
    const answer = await client.api("dialogDeleteTags", { path: path(client.dialogId), body: { tags: gone } });
    expect([answer.status, answer.body]).toEqual([200, {}]);
    expect(await tagsOf(client, client.dialogId)).toEqual([{ name: "delivery", color_code: "gray" }]);
    expect(await notes(client)).toEqual([
      "dialog_opened",
      "dialog_tag_added",
      "dialog_tag_added",
      "dialog_tag_removed",
    ]);
  });

  it.each([
    { operation: "dialogAddTags" as const, body: { tags: [] }, error: "tags: must NOT have fewer than 1 items" },
    {
      operation: "dialogAddTags" as const,
      body: { tags: [{ name: "" }] },
      error: "tags.0.name: must NOT have fewer than 1 characters",
    },
    { operation: "dialogDeleteTags" as const, body: {}, error: "must have required property 'tags'" },
  ])("are refused by $operation: $error", async ({ operation, body, error }) => {
    const { api, dialogId } = await talk();
    const answer = await api(operation, { path: path(dialogId), body });
    expect([answer.status, answer.body]).toEqual([400, { errors: [error] }]);
    const missing = await api(operation, { path: path(1), body: { tags: [{ name: "x" }] } });
    expect(missing.status).toBe(404);
  });
});

describe("listing", () => {
  it.each([
    { query: "assign=1", found: 1 },
    { query: "assign=0", found: 1 },
    { query: "active=1", found: 1 },
    { query: "active=0", found: 1 },
    { query: "user_id=12", found: 1 },
    { query: "user_id=13", found: 0 },
    { query: "bot_id=8", found: 0 },
    { query: "", found: 2 },
  ])("dialogs by ?$query gives $found", async ({ query, found }) => {
    const { api, sandbox } = await talk();
    sandbox.closeByManager();
    sandbox.customerSays("again");
    sandbox.assignByManager("Anna Petrova");
    expect(each((await api("listDialogs", { query })).body, "id")).toHaveLength(found);
  });

  it("says is_active of closed dialogs too, as recorded: closed_at decides", async () => {
    const { api, sandbox } = await talk();
    sandbox.closeByManager();
    const { body } = await api("listDialogs", { query: "active=0" });
    expect([at(body, "0.is_active"), at(body, "0.closed_at")]).toEqual([true, expect.stringMatching(/^20/)]);
  });
});

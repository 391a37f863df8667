import { describe, expect, it } from "vitest";
import { at, each, registeredClient } from "../helpers/sandbox.ts";

describe("lists of people", () => {
  it.each([
    { query: "", names: ["Olga", "Ivan", "Anna"] },
    { query: "online=1", names: ["Anna"] },
    { query: "online=false", names: ["Olga", "Ivan"] },
    { query: "active=0", names: [] },
    { query: "external_id=26", names: ["Ivan"] },
    { query: "id=12", names: ["Anna"] },
    { query: "limit=1", names: ["Olga"] },
  ])("users by ?$query are $names", async ({ query, names }) => {
    const { api } = await registeredClient();
    expect(each((await api("listUsers", { query })).body, "first_name")).toEqual(names);
  });

  it("give the CRM's id of a user as text, another number than the gateway's", async () => {
    const { api, sandbox } = await registeredClient();
    const { body } = await api("listUsers", { query: "id=12" });
    expect(at(body, "0.external_id")).toBe("24");
    const headers = { "x-api-key": sandbox.apiKey };
    const crm: unknown = await (await fetch(`${sandbox.crmUrl}/api/v5/users`, { headers })).json();
    expect([at(crm, "users.0.id"), at(crm, "users.0.mgUserId")]).toEqual([24, 12]);
  });

  it.each([
    { query: "channel_type=telegram", phones: ["+34600123456"] },
    { query: "channel_type=whatsapp", phones: [null] },
    { query: "channel_id=17", phones: ["+34600123456"] },
    { query: "external_id=501223344", phones: ["+34600123456"] },
    { query: "channel_type=pigeon", phones: [] },
  ])("customers by ?$query have the phones $phones", async ({ query, phones }) => {
    const { api, sandbox } = await registeredClient();
    sandbox.newCustomer({ name: "", channel: "whatsapp" });
    expect(each((await api("listCustomers", { query })).body, "phone")).toEqual(phones);
  });

  it("show members of chats by their state", async () => {
    const { api, sandbox } = await registeredClient();
    const { chatId } = sandbox.customerSays("hello");
    sandbox.joinChat("Anna Petrova");
    sandbox.joinChat("ivan@shop.example");
    sandbox.leaveChat("ivan@shop.example");
    const ids = async (query: string) => each((await api("listMembers", { query })).body, "user_id");
    expect(await ids(`chat_id=${chatId}`)).toEqual([13, 12]);
    expect(await ids("state=active")).toEqual([12]);
    expect(await ids("state=leaved")).toEqual([13]);
    expect(await ids("user_id=13")).toEqual([13]);
  });
});

describe("lists of channels and chats", () => {
  it.each([
    { query: "", types: ["instagram", "whatsapp", "telegram"] },
    { query: "types=telegram&types=whatsapp", types: ["whatsapp", "telegram"] },
    { query: "types=telegram", types: ["telegram"] },
    { query: "active=0", types: [] },
  ])("channels by ?$query are $types", async ({ query, types }) => {
    const { api } = await registeredClient();
    expect(each((await api("listChannels", { query })).body, "type")).toEqual(types);
  });

  it.each([
    { query: "", names: 2 },
    { query: "channel_type=whatsapp", names: 1 },
    { query: "channel_id=17", names: 1 },
    { query: "customer_id=8120", names: 1 },
    { query: "customer_external_id=501223344", names: 1 },
    { query: "customer_id=1", names: 0 },
  ])("chats by ?$query are $names", async ({ query, names }) => {
    const { api, sandbox } = await registeredClient();
    sandbox.customerSays("hello");
    sandbox.customerSays("hello", { channel: "whatsapp" });
    expect(each((await api("listChats", { query })).body, "id")).toHaveLength(names);
  });

  it("tell the unread counter in REST's own word, the deadline only where there is a window", async () => {
    const { api, sandbox } = await registeredClient();
    sandbox.customerSays("one");
    sandbox.customerSays("two");
    const { body } = await api("listChats");
    expect(at(body, "0.not_read_messages")).toBe(2);
    expect(at(body, "0.reply_deadline")).toBeNull();
    sandbox.managerSays("hello");
    expect(at((await api("listChats")).body, "0.not_read_messages")).toBe(0);
    sandbox.customerSays("three", { channel: "whatsapp" });
    const other = await api("listChats", { query: "channel_type=whatsapp" });
    expect(at(other.body, "0.reply_deadline")).toMatch(/^20/);
  });
});

import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { type Sandbox, type Sandboxes, type SandboxesOptions, startSandboxes } from "../../src/sandbox/index.ts";
import { at, each, editModule, MODULE, socketUrl } from "../helpers/sandbox.ts";

async function fresh(count: number, options: SandboxesOptions = {}): Promise<Sandboxes> {
  const sandboxes = await startSandboxes(count, options);
  onTestFinished(() => sandboxes.stop());
  return sandboxes;
}

async function tokenOf(sandbox: Sandbox): Promise<string> {
  const { body } = await editModule(sandbox, { ...MODULE, clientId: `client of ${sandbox.crmUrl}` });
  return String(at(body, "info.mgBot.token"));
}

async function ask(sandbox: Sandbox, path: string, token: string) {
  const response = await fetch(`${sandbox.gatewayUrl}${path}`, { headers: { "x-bot-token": token } });
  return { status: response.status, body: (await response.json()) as unknown };
}

async function listen(sandbox: Sandbox, token: string): Promise<WebSocket> {
  const socket = new WebSocket(socketUrl(sandbox, "?events=message_new"), { headers: { "x-bot-token": token } });
  onTestFinished(() => socket.terminate());
  await once(socket, "open");
  return socket;
}

const pair = async (sandboxes: Sandboxes): Promise<readonly [Sandbox, Sandbox]> => {
  const [one, other] = sandboxes.accounts;
  if (one === undefined || other === undefined) throw new Error("two were started");
  return [one, other];
};

describe("many accounts", () => {
  it("have an address and a key each, the same port, and one gateway for all", async () => {
    const { accounts } = await fresh(1000);
    const hosts = accounts.map(({ crmUrl }) => new URL(crmUrl));
    const some = [0, 249, 250, 999].map((index) => hosts[index]?.hostname);
    expect(some).toEqual(["127.1.0.1", "127.1.0.250", "127.1.1.1", "127.1.3.250"]);
    expect(new Set(hosts.map(({ port }) => port)).size).toBe(1);
    expect(new Set(accounts.map(({ apiKey }) => apiKey)).size).toBe(1000);
    expect(new Set(accounts.map(({ gatewayUrl }) => gatewayUrl)).size).toBe(1);
    const last = accounts.at(-1)?.crmUrl;
    expect(at(await (await fetch(`${last}/api/system-info`)).json(), "publicUrl")).toBe(last);
  });

  it("take each only its own key", async () => {
    const [one, other] = await pair(await fresh(2));
    const status = async (key: string) =>
      (await fetch(`${one.crmUrl}/api/credentials`, { headers: { "x-api-key": key } })).status;
    expect([await status(one.apiKey), await status(other.apiKey)]).toEqual([200, 403]);
  });

  it.each(["one", "each"] as const)("answer a token with its own account's rows; gateways: %s", async (gateways) => {
    const [one, other] = await pair(await fresh(2, { gateways }));
    const [mine, theirs] = [await tokenOf(one), await tokenOf(other)];
    one.newCustomer({ name: "Only here", channel: "telegram" });
    const names = async (sandbox: Sandbox, token: string) =>
      each((await ask(sandbox, "/api/bot/v1/customers", token)).body, "first_name");
    expect(await names(one, mine)).toContain("Only");
    expect(await names(other, theirs)).not.toContain("Only");
    expect(one.gatewayUrl === other.gatewayUrl).toBe(gateways === "one");
    const crossed = await ask(other, "/api/bot/v1/customers", mine);
    expect(crossed.status).toBe(gateways === "one" ? 200 : 401);
    expect(one.requests.at(-1)?.path).toBe("/api/bot/v1/customers");
  });

  it("hear on a socket what happens in their own account only", async () => {
    const sandboxes = await fresh(2);
    const [one, other] = await pair(sandboxes);
    const socket = await listen(one, await tokenOf(one));
    await listen(other, await tokenOf(other));
    expect([sandboxes.socketCount(), one.socketCount()]).toEqual([2, 1]);
    const heard: string[] = [];
    socket.on("message", (raw) => heard.push(String(at(JSON.parse(String(raw)), "data.message.content"))));
    other.customerSays("not for you");
    one.customerSays("for you");
    while (!heard.includes("for you")) await once(socket, "message");
    expect(heard).not.toContain("not for you");
  });

  it("leave a token that is nobody's to the strangers", async () => {
    const sandboxes = await fresh(2);
    const [one] = await pair(sandboxes);
    const { status, body } = await ask(one, "/api/bot/v1/bots", "nobody");
    expect([status, body]).toEqual([401, { errors: ["unauthorized"] }]);
    expect(sandboxes.strangers.map(({ path, status: answered }) => [path, answered])).toEqual([
      ["/api/bot/v1/bots", 401],
    ]);
    expect(one.requests).toEqual([]);
  });

  it("forget a token that was replaced", async () => {
    const [one] = await pair(await fresh(2));
    const before = await tokenOf(one);
    expect((await ask(one, "/api/bot/v1/bots", before)).status).toBe(200);
    const { body } = await editModule(one, { integrations: { mgBot: { refreshToken: true } } });
    expect((await ask(one, "/api/bot/v1/bots", before)).status).toBe(401);
    expect((await ask(one, "/api/bot/v1/bots", String(at(body, "info.mgBot.token")))).status).toBe(200);
  });

  it("give their files to whoever has the address, from the right account", async () => {
    const [, other] = await pair(await fresh(2));
    const token = await tokenOf(other);
    const form = new FormData();
    form.append("file", new Blob(["tea list"], { type: "text/plain" }), "list.txt");
    const init = { method: "POST", headers: { "x-bot-token": token }, body: form };
    const uploaded: unknown = await (await fetch(`${other.gatewayUrl}/api/bot/v1/files/upload`, init)).json();
    const { body } = await ask(other, `/api/bot/v1/files/${at(uploaded, "id")}`, token);
    expect(await (await fetch(String(at(body, "url")))).text()).toBe("tea list");
  });

  it("fail, are limited and go down one by one", async () => {
    const [one, other] = await pair(await fresh(2, { behaviour: { crmPerSecond: 1 } }));
    const info = (sandbox: Sandbox) =>
      fetch(`${sandbox.crmUrl}/api/credentials`, { headers: { "x-api-key": sandbox.apiKey } });
    one.faults.add({ kind: "status", status: 502 });
    expect([(await info(one)).status, (await info(other)).status]).toEqual([502, 200]);
    expect([(await info(one)).status, (await info(other)).status]).toEqual([200, 503]);
    await one.down("crm");
    await expect(info(one)).rejects.toThrow("fetch failed");
    expect((await info(other)).status).toBe(503);
    await one.up("crm");
    expect((await fetch(`${one.crmUrl}/api/system-info`)).status).toBe(200);
  });

  it("lose the shared gateway together, and get it back at the same address", async () => {
    const sandboxes = await fresh(2);
    const [one, other] = await pair(sandboxes);
    const token = await tokenOf(other);
    const socket = await listen(other, token);
    const closed = once(socket, "close");
    await one.down("gateway");
    await closed;
    await expect(ask(other, "/api/bot/v1/bots", token)).rejects.toThrow("fetch failed");
    await other.up("gateway");
    expect((await ask(other, "/api/bot/v1/bots", token)).status).toBe(200);
  });

  it("are renamed to addresses of their own", async () => {
    const [one, other] = await pair(await fresh(2));
    const urls = [await one.renameAccount({ old: "gone" }), await other.renameAccount()];
    expect(urls.map((url) => new URL(url).hostname)).toEqual(["127.2.0.1", "127.2.0.2"]);
    const publicUrl = async (url: string) => at(await (await fetch(`${url}/api/system-info`)).json(), "publicUrl");
    expect([await publicUrl(urls[0] ?? ""), await publicUrl(urls[1] ?? "")]).toEqual(urls);
    expect((await fetch(`${one.crmUrl}/api/system-info`)).status).toBe(400);
  });

  it("share offers of the marketplace, and tell of everything with the account it happened in", async () => {
    const sandboxes = await fresh(2);
    const [one, other] = await pair(sandboxes);
    sandboxes.offerModule({ code: "bot", name: "Bot", formUrl: "https://bot.example/" });
    expect([one.world.offers.size, other.world.offers.size]).toEqual([1, 1]);
    const told: (readonly [string, boolean])[] = [];
    const off = sandboxes.on(({ kind }, account) => told.push([kind, account === other]));
    other.setOnline("Anna", false);
    off();
    one.setOnline("Anna", false);
    expect(told).toEqual([["person", true]]);
  });

  it("are made as each is wanted", async () => {
    const sandboxes = await fresh(2, { seedOf: (index) => ({ timezone: index === 0 ? "Asia/Tokyo" : "Europe/Rome" }) });
    expect(sandboxes.accounts.map(({ world }) => world.timezone)).toEqual(["Asia/Tokyo", "Europe/Rome"]);
  });

  it("are at least one", async () => {
    await expect(startSandboxes(0)).rejects.toThrow(RangeError);
    await expect(startSandboxes(1.5)).rejects.toThrow(RangeError);
  });

  it("end together, those stopped before too", async () => {
    const sandboxes = await startSandboxes(3);
    const [one] = await pair(sandboxes);
    await one.stop();
    await sandboxes.stop();
    for (const { crmUrl, gatewayUrl } of sandboxes.accounts) {
      await expect(fetch(crmUrl)).rejects.toThrow("fetch failed");
      await expect(fetch(gatewayUrl)).rejects.toThrow("fetch failed");
    }
  });
});

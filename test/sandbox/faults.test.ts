import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createFaults, type Fault } from "../../src/sandbox/http/faults.ts";
import { at, type Client, registeredClient, socketUrl } from "../helpers/sandbox.ts";
import { createVirtualClock } from "../helpers/virtual-clock.ts";

describe("which requests a fault meets", () => {
  const get = { server: "gateway", method: "GET", path: "/api/bot/v1/messages" } as const;

  it.each([
    { match: undefined, meets: true },
    { match: { method: "get" }, meets: true },
    { match: { method: "POST" }, meets: false },
    { match: { path: "/api/bot/v1/mess" }, meets: true },
    { match: { path: "messages" }, meets: false },
    { match: { path: /messages$/ }, meets: true },
    { match: { server: "gateway" as const }, meets: true },
    { match: { server: "crm" as const }, meets: false },
  ])("$match: $meets", ({ match, meets }) => {
    const faults = createFaults();
    faults.add(match === undefined ? { kind: "hang" } : { kind: "hang", match });
    expect(faults.take(get) !== null).toBe(meets);
  });

  it("is once by default, as often as it says, or until it is taken away", () => {
    const faults = createFaults();
    faults.add({ kind: "hang" });
    expect([faults.take(get)?.kind, faults.take(get)]).toEqual(["hang", null]);
    faults.add({ kind: "html", times: 2, skip: 1 });
    expect([1, 2, 3, 4].map(() => faults.take(get)?.kind ?? null)).toEqual([null, "html", "html", null]);
    const remove = faults.add({ kind: "slow", times: null });
    expect([1, 2, 3].map(() => faults.take(get)?.kind)).toEqual(["slow", "slow", "slow"]);
    remove();
    expect(faults.take(get)).toBeNull();
    faults.add({ kind: "hang" });
    faults.clear();
    expect(faults.list()).toEqual([]);
  });

  it("can be once for each body, so that the second try of the same request passes", () => {
    const faults = createFaults();
    faults.add({ kind: "hang", oncePerBody: true, times: null });
    const post = (body?: unknown) => faults.take({ ...get, method: "POST", body })?.kind ?? null;
    expect([undefined, { n: 1 }, { n: 1 }, { n: 2 }, null].map(post)).toEqual([null, "hang", null, "hang", "hang"]);
  });

  it("can be for bodies that hold something, and then waits until a request has been read", () => {
    const faults = createFaults();
    faults.add({ kind: "hang", match: { body: /"content":"stuck/ }, times: null });
    const post = (body?: unknown) => faults.take({ ...get, method: "POST", body })?.kind ?? null;
    const stuck = { content: "stuck 1" };
    expect([undefined, { content: "fine" }, stuck, stuck, null].map(post)).toEqual([null, null, "hang", "hang", null]);
  });

  it("goes to the fault that was added first", () => {
    const faults = createFaults();
    faults.add({ kind: "hang" });
    faults.add({ kind: "html" });
    expect([faults.take(get)?.kind, faults.take(get)?.kind]).toEqual(["hang", "html"]);
  });
});

/** A client, one chat, and a way to send one message. */
async function chat(options: Parameters<typeof registeredClient>[0] = {}) {
  const client = await registeredClient(options);
  const { chatId } = client.sandbox.customerSays("hello");
  const url = `${client.sandbox.gatewayUrl}/api/bot/v1/messages`;
  const headers = { "x-bot-token": client.token, "content-type": "application/json" };
  const body = JSON.stringify({ chat_id: chatId, scope: "public", type: "text", content: "Hi" });
  const send = (signal?: AbortSignal) => fetch(url, { method: "POST", headers, body, signal: signal ?? null });
  return { ...client, send };
}

const SEND = { method: "POST", path: "/api/bot/v1/messages" };

const spoken = ({ sandbox }: Client): number =>
  [...sandbox.world.messages.values()].filter(({ from }) => from?.type === "bot").length;

describe("a fault of a request", () => {
  it.each([
    {
      fault: { kind: "status", status: 502, body: "<bad>", headers: { "retry-after": "2" } },
      status: 502,
      text: "<bad>",
    },
    { fault: { kind: "status" }, status: 500, text: '{"errors":["internal server error"]}' },
    {
      fault: { kind: "status", status: 429, body: { errors: ["too many requests"] } },
      status: 429,
      text: '{"errors":["too many requests"]}',
    },
  ] as const)("$fault answers so, and nothing is applied", async ({ fault, status, text }) => {
    const client = await chat();
    client.sandbox.faults.add({ ...fault, match: SEND });
    const answer = await client.send();
    expect([answer.status, await answer.text()]).toEqual([status, text]);
    expect(spoken(client)).toBe(0);
    expect((await client.send()).status).toBe(200);
    expect(spoken(client)).toBe(1);
  });

  it("sends its headers", async () => {
    const client = await chat();
    client.sandbox.faults.add({ kind: "status", status: 503, headers: { "retry-after": "7" } });
    expect((await client.send()).headers.get("retry-after")).toBe("7");
  });

  it("html answers a page, with 200 unless it says otherwise", async () => {
    const client = await chat();
    client.sandbox.faults.add({ kind: "html" });
    client.sandbox.faults.add({ kind: "html", status: 502 });
    const page = await client.send();
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(await page.text()).toMatch(/^<!DOCTYPE html>/);
    expect((await client.send()).status).toBe(502);
    expect(spoken(client)).toBe(0);
  });

  it.each([
    { fault: { kind: "reset_before" }, applied: 0 },
    { fault: { kind: "reset_after" }, applied: 1 },
    { fault: { kind: "reset_before", applied: true }, applied: 1 },
    { fault: { kind: "close_before" }, applied: 0 },
    { fault: { kind: "close_after" }, applied: 1 },
    { fault: { kind: "close_before", applied: true }, applied: 1 },
  ] as const)("$fault cuts the connection with $applied messages applied", async ({ fault, applied }) => {
    const client = await chat();
    const ear = await client.listen({ events: ["message_new"] });
    client.sandbox.faults.add({ ...fault, match: SEND });
    await expect(client.send()).rejects.toThrow("fetch failed");
    expect(spoken(client)).toBe(applied);
    // Its echo is heard all the same, whichever way the account sends echoes.
    if (applied === 1) await ear.until(({ data }) => at(data, "message.content") === "Hi");
  });

  it.each([
    { kind: "status", status: 502, oncePerBody: true },
    { kind: "status", status: 502, oncePerBody: true, applied: true },
  ] as const)("$kind once per body lets the second try through; applied: $applied", async (fault) => {
    const client = await chat();
    client.sandbox.faults.add({ ...fault, times: null, match: SEND });
    expect([(await client.send()).status, (await client.send()).status]).toEqual([502, 200]);
    expect(spoken(client)).toBe("applied" in fault ? 2 : 1);
  });

  it("truncate sends half of the true answer", async () => {
    const client = await chat();
    client.sandbox.faults.add({ kind: "truncate", match: SEND });
    const answer = await client.send();
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow("terminated");
    expect(spoken(client)).toBe(1);
  });

  it.each([
    { applied: false, spokenThen: 0 },
    { applied: true, spokenThen: 1 },
  ])("hang never answers; applied: $applied", async ({ applied, spokenThen }) => {
    const client = await chat({ behaviour: { echo: "after" } });
    const ear = await client.listen({ events: ["message_new"] });
    client.sandbox.faults.add({ kind: "hang", applied, match: SEND });
    const stop = new AbortController();
    const struck = client.sandbox.waitFor(({ kind }) => kind === "fault");
    const sending = client.send(stop.signal);
    await struck;
    if (applied) await ear.until(({ data }) => at(data, "message.content") === "Hi");
    expect((await client.send()).status).toBe(200);
    expect(spoken(client)).toBe(spokenThen + 1);
    stop.abort();
    await expect(sending).rejects.toThrow("aborted");
  });

  it.each([
    { applied: false, spokenThen: 0 },
    { applied: true, spokenThen: 1 },
  ])("slow waits before the request or before its answer; applied: $applied", async ({ applied, spokenThen }) => {
    const clock = createVirtualClock();
    const client = await chat({ clock });
    client.sandbox.faults.add({ kind: "slow", ms: 30_000, applied, match: SEND });
    const struck = client.sandbox.waitFor(({ kind }) => kind === (applied ? "message" : "fault"));
    const sending = client.send();
    await struck;
    expect(spoken(client)).toBe(spokenThen);
    while (!clock.slept.includes(30_000)) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(30_000);
    expect((await sending).status).toBe(200);
    expect(spoken(client)).toBe(1);
  });

  it.each([
    { applied: false, spokenThen: 0 },
    { applied: true, spokenThen: 1 },
  ])("huge sends sound JSON of any size, its length unsaid; applied: $applied", async ({ applied, spokenThen }) => {
    const client = await chat();
    client.sandbox.faults.add({ kind: "huge", bytes: 3_000_000, applied, match: SEND });
    const answer = await client.send();
    expect([answer.status, answer.headers.get("content-length")]).toEqual([200, null]);
    const text = await answer.text();
    expect([text.length > 3_000_000, at(JSON.parse(text), "success")]).toEqual([true, true]);
    expect(spoken(client)).toBe(spokenThen);
  });

  it("huge goes on only as long as somebody reads it", async () => {
    const client = await chat();
    client.sandbox.faults.add({ kind: "huge", match: SEND });
    const { body } = await client.send();
    const { value } = (await body?.getReader().read()) ?? {};
    expect(value?.length).toBeLessThan(1_000_000);
  });

  it("drip begins at once and never ends", async () => {
    const clock = createVirtualClock();
    const client = await chat({ clock });
    client.sandbox.faults.add({ kind: "drip", ms: 10, match: SEND });
    const stop = new AbortController();
    const answer = await client.send(stop.signal);
    const reader = answer.body?.getReader();
    const next = async () => new TextDecoder().decode((await reader?.read())?.value);
    expect([answer.status, await next()]).toEqual([200, " "]);
    while (!clock.slept.includes(10)) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(10);
    expect(await next()).toBe(" ");
    stop.abort();
  });

  it("can hide a true answer behind a status", async () => {
    const client = await chat();
    client.sandbox.faults.add({ kind: "status", status: 504, applied: true, match: SEND });
    expect((await client.send()).status).toBe(504);
    expect(spoken(client)).toBe(1);
  });

  it("meets the CRM too", async () => {
    const { sandbox } = await registeredClient();
    sandbox.faults.add({ kind: "status", status: 503, match: { server: "crm" } });
    expect((await fetch(`${sandbox.crmUrl}/api/system-info`)).status).toBe(503);
    expect((await fetch(`${sandbox.crmUrl}/api/system-info`)).status).toBe(200);
  });
});

describe("a fault of the upgrade", () => {
  const open = ({ sandbox, token }: Client) => {
    const socket = new WebSocket(socketUrl(sandbox, "?events=message_new"), { headers: { "x-bot-token": token } });
    socket.on("error", () => {});
    return socket;
  };
  const UPGRADE = { path: "/api/bot/v1/ws" };

  it.each([
    { fault: { kind: "status", status: 503, headers: { "retry-after": "4" } } as Fault, status: 503, retry: "4" },
    { fault: { kind: "status", status: 401 } as Fault, status: 401, retry: undefined },
    { fault: { kind: "html" } as Fault, status: 200, retry: undefined },
    {
      fault: { kind: "status", status: 301, headers: { location: "http://elsewhere.example/" } } as Fault,
      status: 301,
      retry: undefined,
    },
  ])("$fault refuses it with $status", async ({ fault, status, retry }) => {
    const client = await registeredClient();
    client.sandbox.faults.add({ ...fault, match: UPGRADE });
    const socket = open(client);
    const [, response] = await once(socket, "unexpected-response");
    expect([response.statusCode, response.headers["retry-after"]]).toEqual([status, retry]);
    socket.terminate();
    const second = open(client);
    await once(second, "open");
    second.terminate();
  });

  it("reset_before cuts it", async () => {
    const client = await registeredClient();
    client.sandbox.faults.add({ kind: "reset_before", match: UPGRADE });
    const [error] = await once(open(client), "error");
    expect(error).toMatchObject({ code: "ECONNRESET" });
  });

  it.each(["reset_after", "close_after"] as const)("%s opens it and cuts it at once", async (kind) => {
    const client = await registeredClient();
    client.sandbox.faults.add({ kind, match: UPGRADE });
    const socket = open(client);
    const [code] = await once(socket, "close");
    expect(code).toBe(1006);
  });

  it("close_before ends the handshake without an answer", async () => {
    const client = await registeredClient();
    client.sandbox.faults.add({ kind: "close_before", match: UPGRADE });
    const [error] = await once(open(client), "error");
    expect(error).toMatchObject({ message: "socket hang up" });
  });

  it("hang leaves the handshake open, and stop still ends it", async () => {
    const client = await registeredClient();
    client.sandbox.faults.add({ kind: "hang", match: UPGRADE });
    const struck = client.sandbox.waitFor(({ kind }) => kind === "fault");
    const socket = open(client);
    await struck;
    expect(socket.readyState).toBe(WebSocket.CONNECTING);
    const failed = once(socket, "error");
    await client.sandbox.stop();
    expect((await failed)[0]).toMatchObject({ message: "socket hang up" });
  });

  it("slow opens it later", async () => {
    const clock = createVirtualClock();
    const client = await registeredClient({ clock });
    client.sandbox.faults.add({ kind: "slow", ms: 9000, match: UPGRADE });
    const struck = client.sandbox.waitFor(({ kind }) => kind === "fault");
    const socket = open(client);
    await struck;
    const opened = once(socket, "open");
    await clock.advance(9000);
    await opened;
    socket.terminate();
  });
});

describe("a server that is down", () => {
  it.each(["crm", "gateway"] as const)("%s refuses connections, and comes back at the same address", async (server) => {
    const { sandbox, api } = await registeredClient();
    const url = server === "crm" ? `${sandbox.crmUrl}/api/system-info` : `${sandbox.gatewayUrl}/nothing`;
    await sandbox.down(server);
    await expect(fetch(url)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
    await sandbox.up(server);
    expect((await fetch(url)).status).toBe(server === "crm" ? 200 : 404);
    expect((await api("listBots", { query: "self=1" })).status).toBe(200);
  });
});

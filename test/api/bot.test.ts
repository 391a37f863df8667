import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BotApi, createBotApi } from "../../src/api/bot.ts";
import { botApiUrl } from "../../src/api/endpoint.ts";
import { OPERATIONS, type OperationId } from "../../src/generated/bot-operations.ts";
import type { Call } from "../../src/types/plan.ts";
import { answer, startHttpServer, type TestServer } from "../helpers/http-server.ts";
import { createTestLog } from "../helpers/test-log.ts";
import { createHastyClock } from "../helpers/virtual-clock.ts";

let server: TestServer;
let api: BotApi;
let body: unknown;

beforeEach(async () => {
  body = {};
  server = await startHttpServer((response) => answer(response, 200, body));
  const { log } = createTestLog();
  api = createBotApi({
    endpointUrl: server.url,
    token: " token-7f31 ",
    clock: createHastyClock(),
    random: () => 0,
    log,
  });
});
afterEach(async () => {
  api.close();
  await server.stop();
});

const call = (operation: string, part: Partial<Call> = {}): Call => ({
  ...{ operation, path: {}, query: {}, body: null },
  ...part,
});

describe("where the Bot API is", () => {
  it.each([
    { endpointUrl: "https://mg.test", url: "https://mg.test/api/bot/v1" },
    { endpointUrl: "https://mg.test/", url: "https://mg.test/api/bot/v1" },
    { endpointUrl: "https://mg.test/api/bot/v1", url: "https://mg.test/api/bot/v1" },
    { endpointUrl: "https://mg.test/api/bot/v1//", url: "https://mg.test/api/bot/v1" },
    { endpointUrl: "http://127.0.0.1:8080/mg", url: "http://127.0.0.1:8080/mg/api/bot/v1" },
    { endpointUrl: " https://user:pw@mg.test/?a=1#b ", url: "https://mg.test/api/bot/v1" },
  ])("for $endpointUrl: $url", ({ endpointUrl, url }) => {
    expect(botApiUrl(endpointUrl)).toBe(url);
  });

  it.each(["", "mg.test", "ftp://mg.test", "file:///etc/passwd", "javascript:alert(1)"])("is not %j", (endpointUrl) => {
    expect(() => botApiUrl(endpointUrl)).toThrow("The address of the gateway is not a web address");
  });
});

describe("a call of every operation", () => {
  const requests = (Object.keys(OPERATIONS) as OperationId[]).filter((id) => id !== "webSocketConnection");

  it.each(requests)("%s goes to its own method and path with the token", async (id) => {
    const { method, path, pathParams, body: takesBody, multipart } = OPERATIONS[id];
    const names = (pathParams.required ?? []) as readonly string[];
    const file = { name: "a.txt", type: "text/plain", bytes: new Uint8Array([65]) };
    const given = call(id, { path: Object.fromEntries(names.map((name) => [name, 7])), body: { a: 1 } });
    await api.request(given, multipart ? { file } : {});
    const [request] = server.requests;
    expect(request).toMatchObject({ method, path: `/api/bot/v1${path.replace(/\{\w+\}/, "7")}` });
    expect(request?.headers["x-bot-token"]).toBe("token-7f31");
    expect(request?.body.toString()).toMatch(multipart ? /name="file"/ : takesBody === null ? /^$/ : /^\{"a":1\}$/);
  });
});

describe("what a call becomes", () => {
  it("encodes what stands in the path", async () => {
    await api.request(call("deleteCommand", { path: { command_name: "a/b ?ж" } }));
    expect(server.requests[0]?.path).toBe("/api/bot/v1/my/commands/a%2Fb%20%3F%D0%B6");
  });

  it("repeats lists, writes booleans as 1 and 0, leaves out null", async () => {
    const query = { id: [1, 2], include_mass_communication: true, self: false, since: null, scope: "public" };
    await api.request(call("listMessages", { query }));
    expect(server.requests[0]?.query.toString()).toBe("id=1&id=2&include_mass_communication=1&self=0&scope=public");
  });

  it.each([
    { given: call("sendMesage"), message: "The call sendMesage is not an operation of the Bot API" },
    { given: call("constructor"), message: "The call constructor is not an operation of the Bot API" },
    { given: call("webSocketConnection"), message: "The call webSocketConnection is the event socket, not a request" },
    { given: call("closeDialog"), message: 'The call closeDialog has no usable "dialog_id"' },
    {
      given: call("deleteCommand", { path: { command_name: ".." } }),
      message: 'The call deleteCommand has no usable "command_name"',
    },
    {
      given: call("deleteCommand", { path: { command_name: "" } }),
      message: 'The call deleteCommand has no usable "command_name"',
    },
    {
      given: call("listChats", { query: { id: { a: 1 } } }),
      message: 'The call listChats has a "id" that cannot be written into a query',
    },
    { given: call("uploadFile"), message: "The call uploadFile has no file to upload" },
  ])("is refused before anything is sent: $message", async ({ given, message }) => {
    await expect(api.request(given)).rejects.toThrow(
      expect.objectContaining({ kind: "bad_request", sent: "no", message }),
    );
    expect(server.requests).toHaveLength(0);
  });
});

describe("the conveniences", () => {
  it("find the calling bot among the bots", async () => {
    body = [
      { id: 3, is_self: false },
      { id: 9, is_self: true, name: "Tea helper", roles: null },
    ];
    await expect(api.self()).resolves.toEqual({ id: 9, is_self: true, name: "Tea helper", roles: null });
    expect(server.requests[0]?.query.toString()).toBe("self=1");
  });

  it.each([{ none: [] }, { none: null }, { none: [{ id: 3, is_self: false }] }])(
    "find no bot in $none",
    async ({ none }) => {
      body = none;
      await expect(api.self()).resolves.toBeNull();
    },
  );

  it.each([
    { page: null, rows: [] },
    { page: [{ id: 1 }, null, "x"], rows: [{ id: 1 }] },
  ])("read the page $page as $rows", async ({ page, rows }) => {
    body = page;
    await expect(api.listMessages({ since_id: 5, limit: 1000 })).resolves.toEqual(rows);
    expect(server.requests[0]?.query.toString()).toBe("since_id=5&limit=1000");
  });

  it("upload a file and give what the gateway says of it", async () => {
    body = { id: "0f8a", type: "file" };
    const file = { name: "прайс.pdf", type: "application/pdf", bytes: new Uint8Array([37, 80]) };
    await expect(api.uploadFile(file)).resolves.toEqual({ id: "0f8a", type: "file" });
    expect(server.requests[0]?.body.toString()).toContain('filename="прайс.pdf"');
  });
});

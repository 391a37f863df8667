import { createServer as createTcpServer } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { ApiError } from "../../../src/api/errors.ts";
import { createHttp, type Http, type RequestOptions } from "../../../src/api/http/http.ts";
import type { HttpLimits, HttpRequest } from "../../../src/api/http/request.ts";
import { createPace } from "../../../src/api/pace/pace.ts";
import { answer, freePort, type Responder, startHttpServer, type TestServer } from "../../helpers/http-server.ts";
import { createTestLog } from "../../helpers/test-log.ts";
import { createHastyClock } from "../../helpers/virtual-clock.ts";

const ended: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

/** A client of its own, on a clock whose pauses are over at once. */
function client(baseUrl: string, limits: Partial<HttpLimits> = {}) {
  const clock = createHastyClock();
  const pace = createPace({ perSecond: 100, burst: 100, parallel: 4, clock });
  const { log } = createTestLog();
  const secretHeaders = { "X-Bot-Token": "canary-token-7f31" };
  const http = createHttp({ baseUrl, secretHeaders, pace, clock, random: () => 0, log, limits });
  ended.push(http.close);
  return { http, clock };
}

async function serve(respond: Responder): Promise<TestServer> {
  const server = await startHttpServer(respond);
  ended.push(server.stop);
  return server;
}

const read: HttpRequest = { method: "GET", path: "/bots", kind: "read" };
const assign: HttpRequest = {
  method: "PATCH",
  path: "/dialogs/7/assign",
  body: { as: "json", value: { user_id: 1 } },
  kind: "repeatable",
};
const send: HttpRequest = {
  method: "POST",
  path: "/messages",
  body: { as: "json", value: { content: "Hello" } },
  kind: "once",
};

/** The ApiError a request ends with. */
async function failure(http: Http, request: HttpRequest, options?: RequestOptions): Promise<ApiError> {
  const error = await http.request(request, options).then(
    () => new Error("it was answered"),
    (reason: unknown) => reason,
  );
  if (error instanceof ApiError) return error;
  throw error;
}

describe("one request", () => {
  it("carries the token in its header alone, and says who asks for what", async () => {
    const server = await serve((response) => answer(response, 200, []));
    const { http } = client(`${server.url}/api/bot/v1`);
    await http.request({
      ...read,
      query: [
        ["id", "1"],
        ["id", "2"],
        ["name", "a b&c"],
      ],
    });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: "GET", path: "/api/bot/v1/bots" });
    expect(request?.query.toString()).toBe("id=1&id=2&name=a+b%26c");
    expect(request?.headers).toMatchObject({
      "x-bot-token": "canary-token-7f31",
      "user-agent": "rulebot",
      accept: "application/json",
    });
  });

  it("sends JSON as JSON, a form as a form, a file as the part `file`", async () => {
    const server = await serve((response) => answer(response, 200, {}));
    const { http } = client(server.url);
    await http.request(send);
    await http.request({ ...send, body: { as: "form", fields: { integrationModule: '{"code":"a&b"}' } } });
    const file = { name: "prices.pdf", type: "application/pdf", bytes: new Uint8Array([1, 2, 3]) };
    await http.request({ ...send, body: { as: "file", file } });
    const [json, form, multipart] = server.requests;
    expect(json?.headers["content-type"]).toBe("application/json");
    expect(json?.body.toString()).toBe('{"content":"Hello"}');
    expect(form?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(new URLSearchParams(form?.body.toString()).get("integrationModule")).toBe('{"code":"a&b"}');
    expect(multipart?.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
    const received = await new Response(new Uint8Array(multipart?.body ?? []), {
      headers: { "content-type": String(multipart?.headers["content-type"]) },
    }).formData();
    const part = received.get("file") as File;
    expect([part.name, part.type, [...(await part.bytes())]]).toEqual(["prices.pdf", "application/pdf", [1, 2, 3]]);
  });

  it("does not follow a redirect, so that the token goes nowhere else", async () => {
    const stranger = await serve((response) => answer(response, 200, []));
    const server = await serve((response) => response.writeHead(307, { location: `${stranger.url}/x` }).end());
    const error = await failure(client(server.url).http, read);
    expect(error).toMatchObject({ kind: "bad_request", status: 307, sent: "no" });
    expect([server.requests.length, stranger.requests.length]).toEqual([1, 0]);
  });

  it("gives up reading an answer above the limit", async () => {
    const server = await serve((response) => answer(response, 200, ["x".repeat(200_000)]));
    const error = await failure(client(server.url, { maxAnswerBytes: 50_000 }).http, read);
    expect(error).toMatchObject({ kind: "not_json", sent: "maybe" });
    expect(error.message).toBe(`GET ${server.url}/bots answered with more than 50000 bytes`);
  });

  it("reads a compressed answer, but no more of it than the limit", async () => {
    const server = await serve((response, _request, nth) => {
      const text = nth === 1 ? '["a"]' : JSON.stringify("a".repeat(5_000_000));
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(text));
    });
    const { http } = client(server.url, { maxAnswerBytes: 1_000_000 });
    await expect(http.request(read)).resolves.toEqual(["a"]);
    expect((await failure(http, read)).message).toMatch(/ answered with more than 1000000 bytes$/);
  });
});

describe("what is tried again", () => {
  const twice: Responder = (response, _request, nth) => {
    if (nth === 1) response.destroy();
    else answer(response, 200, { done: true });
  };

  it.each([{ request: read }, { request: assign }])(
    "a $request.kind call whose connection broke",
    async ({ request }) => {
      const server = await serve(twice);
      const { http, clock } = client(server.url);
      await expect(http.request(request)).resolves.toEqual({ done: true });
      expect(server.requests).toHaveLength(2);
      expect(clock.slept).toEqual([500]);
    },
  );

  it.each([500, 502, 503, 504])("a repeatable call answered with %i", async (status) => {
    const server = await serve((response, _request, nth) => answer(response, nth === 1 ? status : 200, {}));
    await expect(client(server.url).http.request(assign)).resolves.toEqual({});
    expect(server.requests).toHaveLength(2);
  });

  it.each([
    { why: "429", status: 429, headers: { "retry-after": "3" }, pause: 3_000 },
    { why: "429 without Retry-After", status: 429, headers: {}, pause: 500 },
    { why: "503 of the API", status: 503, headers: { "retry-after": "120" }, pause: 120_000 },
  ])("a message answered with $why, after the pause that was asked for", async ({ status, headers, pause }) => {
    const server = await serve((response, _request, nth) => {
      if (nth === 1) answer(response, status, { errors: ["too many requests"] }, headers);
      else answer(response, 200, { message_id: 7 });
    });
    const { http, clock } = client(server.url);
    await expect(http.request(send)).resolves.toEqual({ message_id: 7 });
    expect(server.requests).toHaveLength(2);
    expect(clock.slept[0]).toBe(pause);
  });

  it("a message nobody could have received: the address refuses connections", async () => {
    const { http, clock } = client(`http://127.0.0.1:${await freePort()}`);
    const error = await failure(http, send, { attempts: 3 });
    expect(error).toMatchObject({ kind: "unavailable", sent: "no", status: null, cause: { code: "ECONNREFUSED" } });
    expect(error.message).toMatch(/\/messages failed: nobody answers at this address \(ECONNREFUSED\)$/);
    expect(clock.slept).toEqual([500, 1_000]);
  });

  it("a message to a host that does not exist", async () => {
    const error = await failure(client("http://gateway.invalid").http, send, { attempts: 1 });
    expect(error).toMatchObject({ kind: "unavailable", sent: "no" });
    expect(error.message).toMatch(/failed: the host name is not known \(E\w+\)$/);
  });

  it("a message whose encryption could not be agreed on", async () => {
    const server = await serve((response) => answer(response, 200, {}));
    const { http, clock } = client(server.url.replace("http:", "https:"));
    expect(await failure(http, send, { attempts: 2 })).toMatchObject({ kind: "unavailable", sent: "no" });
    expect(clock.slept).toHaveLength(1);
    expect(server.requests).toHaveLength(0);
  });

  it("a message to a host that takes the connection but never speaks TLS", async () => {
    const silent = createTcpServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const sockets = new Set<{ destroy(): void }>();
    silent.on("connection", (socket) => sockets.add(socket));
    ended.push(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const { port } = silent.address() as { port: number };
    const { http } = client(`https://127.0.0.1:${port}`, { connectMs: 50 });
    expect(await failure(http, send, { attempts: 1 })).toMatchObject({ kind: "unavailable", sent: "no" });
  });

  it("nothing, once the attempts are used up: the last error is given", async () => {
    const server = await serve((response, _request, nth) => answer(response, 502, { errors: [`down ${nth}`] }));
    const error = await failure(client(server.url).http, read, { attempts: 3 });
    expect(error.errors).toEqual(["down 3"]);
    expect(server.requests).toHaveLength(3);
  });
});

describe("what is never tried again", () => {
  const lost: readonly { readonly why: string; readonly respond: Responder }[] = [
    { why: "a connection that broke after the request", respond: (response) => response.destroy() },
    { why: "an answer that was cut", respond: cut },
    { why: "500", respond: (response) => answer(response, 500, { errors: ["oops"] }) },
    { why: "502 of a proxy", respond: (response) => response.writeHead(502).end("<html></html>") },
    { why: "503 of a proxy", respond: (response) => response.writeHead(503).end("<html></html>") },
    { why: "504", respond: (response) => response.writeHead(504).end() },
    { why: "a web page in place of the answer", respond: (response) => response.end("<html></html>") },
    { why: "no answer within the time limit", respond: () => {} },
    { why: "an answer that never ends", respond: (response) => response.writeHead(200).write('{"message_id"') },
  ];

  it.each(lost)(
    "fails without the ban on blind re-sends: a message after $why: it may have been spoken",
    async ({ respond }) => {
      const server = await serve(respond);
      const error = await failure(client(server.url, { responseMs: 60 }).http, send);
      expect(error.sent).toBe("maybe");
      expect(server.requests).toHaveLength(1);
    },
  );

  it.each([
    { status: 400, kind: "bad_request" },
    { status: 401, kind: "refused" },
    { status: 403, kind: "refused" },
    { status: 404, kind: "not_found" },
    { status: 422, kind: "bad_request" },
  ])("any call answered with $status", async ({ status, kind }) => {
    const server = await serve((response) => answer(response, status, { errors: ["no"] }));
    const error = await failure(client(server.url).http, read);
    expect(error).toMatchObject({ kind, sent: "no", status, errors: ["no"] });
    expect(server.requests).toHaveLength(1);
  });
});

describe("connections", () => {
  it("are kept for calls that may be repeated, and fresh for a message", async () => {
    const server = await serve((response) => answer(response, 200, {}));
    let connections = 0;
    server.server.on("connection", () => connections++);
    const { http } = client(server.url);
    for (const request of [read, assign, read]) await http.request(request);
    expect(connections).toBe(1);
    for (const request of [send, send]) await http.request(request);
    expect(connections).toBe(3);
  });
});

describe("a 429", () => {
  it("fails without the hold after a 429: also holds back the requests of others with the same token", async () => {
    const server = await serve((response, _request, nth) => {
      if (nth === 1) answer(response, 429, {}, { "retry-after": "30" });
      else answer(response, 200, {});
    });
    const { http, clock } = client(server.url);
    const before = clock.now();
    await failure(http, send, { attempts: 1 });
    await http.request(read);
    expect(clock.slept).toHaveLength(1);
    expect(clock.now() - before).toBeGreaterThanOrEqual(30_000);
  });
});

describe("what is asked when a request's turn has come", () => {
  it("is asked after the pause that the server wanted, and before anything is sent", async () => {
    const server = await serve((response) => answer(response, 429, {}, { "retry-after": "30" }));
    const { http, clock } = client(server.url);
    const before = clock.now();
    await failure(http, send, { attempts: 1 });
    let waitedMs = 0;
    const atTurn = async () => {
      waitedMs = clock.now() - before;
      expect(server.requests).toHaveLength(1);
    };
    await failure(http, send, { attempts: 1, atTurn });
    expect(waitedMs).toBeGreaterThanOrEqual(30_000);
    expect(server.requests).toHaveLength(2);
  });

  it("gives the request up when it rejects, and leaves the next one its place", async () => {
    const server = await serve((response) => answer(response, 200, {}));
    const { http } = client(server.url);
    const why = new Error("a manager has written");
    const atTurn = async () => Promise.reject(why);
    for (let request = 0; request < 10; request++) {
      await expect(http.request(send, { atTurn })).rejects.toBe(why);
    }
    expect(server.requests).toHaveLength(0);
    await http.request(send);
    expect(server.requests).toHaveLength(1);
  });
});

describe("a request that may not go", () => {
  it("is given up while it waits, with the words of whoever said so, and costs no turn", async () => {
    const server = await serve((response) => answer(response, 200, {}));
    const { http, clock } = client(server.url);
    const why = new Error("the socket is lost");
    const mayGo = () => {
      throw why;
    };
    for (let request = 0; request < 100; request++) await expect(http.request(send, { mayGo })).rejects.toBe(why);
    expect(clock.slept).toEqual([]);
    await http.request(send);
    expect(server.requests).toHaveLength(1);
  });
});

describe("stopping", () => {
  it("ends a request under way, of which nobody knows whether it took effect", async () => {
    const stop = new AbortController();
    const server = await serve(() => stop.abort());
    const error = await failure(client(server.url).http, send, { signal: stop.signal });
    expect(error).toMatchObject({ kind: "unavailable", sent: "maybe" });
    expect(error.message).toBe(`POST ${server.url}/messages was stopped`);
    expect(server.requests).toHaveLength(1);
  });

  it("takes back a request that was not sent yet", async () => {
    const server = await serve((response) => answer(response, 200, {}));
    const error = await failure(client(server.url).http, send, { signal: AbortSignal.abort() });
    expect(error).toMatchObject({ kind: "unavailable", sent: "no" });
    expect(error.message).toBe(`POST ${server.url}/messages was stopped before it was sent`);
    expect(server.requests).toHaveLength(0);
  });

  it("ends the pause before another attempt", async () => {
    const server = await serve((response) => answer(response, 502, {}));
    const stop = new AbortController();
    const { http, clock } = client(server.url);
    const sleep = clock.sleep;
    clock.sleep = (ms, signal) => {
      stop.abort();
      return sleep(ms, signal);
    };
    expect(await failure(http, read, { signal: stop.signal })).toMatchObject({ status: 502 });
    expect(server.requests).toHaveLength(1);
  });
});

function cut(response: Parameters<Responder>[0]): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
  response.write('{"message_id":1');
  setImmediate(() => response.destroy());
}

it("fails without the retry budget: asks a server that fails at everything hardly more often than it is asked to", async () => {
  const server = await serve((response) => answer(response, 502, {}));
  const { http } = client(server.url);
  for (let request = 0; request < 100; request++) await failure(http, read);
  expect(server.requests.length).toBeLessThanOrEqual(120);
  expect(server.requests.length).toBeGreaterThan(110);
});

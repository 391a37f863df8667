import { describe, expect, it, onTestFinished } from "vitest";
import { createOutside, type OutsideOptions } from "../../src/api/outside.ts";
import { answer, type Responder, startHttpServer } from "../helpers/http-server.ts";

async function serving(respond: Responder, over: (port: number) => Partial<OutsideOptions> = () => ({})) {
  const server = await startHttpServer(respond);
  const allowedHosts = [`127.0.0.1:${server.port}`];
  const outside = createOutside({ allowedHosts, ...over(server.port) });
  onTestFinished(async () => {
    outside.close();
    await server.stop();
  });
  return { server, outside };
}

describe("calling another service", () => {
  it.each([
    { host: "127.0.0.1" },
    { host: "localhost" },
    { host: "2130706433" },
    { host: "0x7f.1" },
    { host: "0177.0.0.1" },
    { host: "127.1" },
    { host: "0.0.0.0" },
    { host: "[::ffff:127.0.0.1]" },
    { host: "[::1]" },
  ])("is refused at $host, inside our own network", async ({ host }) => {
    const { server, outside } = await serving(
      (response) => answer(response, 200, "secret"),
      () => ({ allowedHosts: [] }),
    );
    await expect(outside.call({ url: `http://${host}:${server.port}/` })).rejects.toThrow(/ERR_IP_BLOCKED/);
    expect(server.requests).toEqual([]);
  });

  it.each([{ host: "127.0.0.1" }, { host: "localhost" }, { host: "[::ffff:127.0.0.1]" }, { host: "0x7f.1" }])(
    "is refused at $host with TLS too, before a byte is sent",
    async ({ host }) => {
      const { server, outside } = await serving(
        (response) => answer(response, 200, "secret"),
        () => ({ allowedHosts: [] }),
      );
      let connections = 0;
      server.server.on("connection", () => {
        connections += 1;
      });
      await expect(outside.call({ url: `https://${host}:${server.port}/` })).rejects.toThrow(/ERR_IP_BLOCKED/);
      expect(connections).toBe(0);
    },
  );

  it.each([
    { entry: (port: number) => `127.0.0.1:${port}`, host: "127.0.0.1" },
    { entry: (port: number) => `LocalHost:${port}`, host: "localhost" },
  ])("reaches $host once it is allowed", async ({ entry, host }) => {
    const { server, outside } = await serving(
      (response) => answer(response, 200, { count: 3 }),
      (port) => ({ allowedHosts: [entry(port)] }),
    );
    expect(await outside.call({ url: `http://${host}:${server.port}/` })).toEqual({ count: 3 });
  });

  it("allows a host without a port only at the usual port", async () => {
    const { server, outside } = await serving(
      (response) => answer(response, 200, {}),
      () => ({ allowedHosts: ["127.0.0.1"] }),
    );
    await expect(outside.call({ url: `http://127.0.0.1:${server.port}/` })).rejects.toThrow(/ERR_IP_BLOCKED/);
  });

  it("sends method, headers and a JSON body, and none of our keys", async () => {
    const { server, outside } = await serving((response) => answer(response, 200, null));
    await outside.call({
      url: `${server.url}/stock?a=1`,
      method: "POST",
      headers: { "X-City": "Madrid", "X-Empty": null },
      body: { what: "tea" },
    });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: "POST", path: "/stock" });
    expect(request?.headers).toMatchObject({ "x-city": "Madrid", "content-type": "application/json" });
    expect(Object.keys(request?.headers ?? {})).not.toContain("x-empty");
    expect(Object.keys(request?.headers ?? {}).filter((name) => /token|key|authorization/u.test(name))).toEqual([]);
    expect(request?.body.toString()).toBe('{"what":"tea"}');
  });

  it.each([
    { body: '{"count": 3}', gives: { count: 3 } },
    { body: "three", gives: "three" },
    { body: "", gives: null },
  ])("reads $body", async ({ body, gives }) => {
    const { server, outside } = await serving((response) => response.end(body));
    expect(await outside.call({ url: server.url })).toEqual(gives);
  });

  it.each([{ status: 404 }, { status: 500 }])(
    "fails once at status $status, without telling the query",
    async ({ status }) => {
      const { server, outside } = await serving((response) => answer(response, status, {}));
      await expect(outside.call({ url: `${server.url}/?phone=600` })).rejects.toThrow(
        `127.0.0.1:${server.port} answered with status ${status}`,
      );
      expect(server.requests.length).toBe(1);
    },
  );

  it("does not follow a redirect", async () => {
    const { server, outside } = await serving((response) => response.writeHead(302, { location: "/elsewhere" }).end());
    await expect(outside.call({ url: server.url })).rejects.toThrow(/status 302/);
    expect(server.requests.map(({ path }) => path)).toEqual(["/"]);
  });

  it("refuses an answer of two megabytes", async () => {
    const { server, outside } = await serving((response) => response.end("x".repeat(2 * 1024 * 1024)));
    await expect(outside.call({ url: server.url })).rejects.toThrow(/the answer is too large/);
  });

  it("ends an answer that drips without end", async () => {
    let drip: NodeJS.Timeout | undefined;
    onTestFinished(() => clearInterval(drip));
    const { server, outside } = await serving(
      (response) => {
        response.write("{");
        drip = setInterval(() => response.write(" "), 5);
      },
      (port) => ({ allowedHosts: [`127.0.0.1:${port}`], limitMs: 100 }),
    );
    await expect(outside.call({ url: server.url })).rejects.toThrow(/ETIMEDOUT/);
  });

  it("is given up when its caller gives up", async () => {
    const giveUp = new AbortController();
    const { server, outside } = await serving(() => giveUp.abort());
    await expect(outside.call({ url: server.url }, giveUp.signal)).rejects.toThrow(/could not be called/);
  });

  it.each([
    { url: "nonsense", why: "the address is not a URL" },
    { url: "file:///etc/passwd", why: "the address is not http or https" },
    { url: "https://user:pass@shop.example/", why: "the address holds a name or a password" },
  ])("refuses the address $url", async ({ url, why }) => {
    const { outside } = await serving((response) => response.end());
    await expect(outside.call({ url })).rejects.toThrow(why);
  });
});

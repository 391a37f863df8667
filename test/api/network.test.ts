import { createServer, isIP } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createBotApi } from "../../src/api/bot.ts";
import { createCrmApi } from "../../src/api/crm.ts";
import { ApiError } from "../../src/api/errors.ts";
import { createNetwork, type Network, outwardLookup } from "../../src/api/network.ts";
import { systemClock } from "../../src/clock.ts";
import { openSocket, SOCKET_LIMITS } from "../../src/gateway/socket/socket.ts";
import { hostileAddresses } from "../helpers/hostile-addresses.ts";
import { answer, startHttpServer } from "../helpers/http-server.ts";
import { createTestLog } from "../helpers/test-log.ts";
import { createHastyClock } from "../helpers/virtual-clock.ts";

const SECRET = "key-and-token-canary";
const ONCE = { attempts: 1 };

/** Every name leads to this machine, as an attacker's name server would have it. */
const insideLookup: NonNullable<Parameters<typeof createNetwork>[0]["lookup"]> = (_host, options, done) =>
  options.all === true ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4);

const guarded = (allowedHosts: readonly string[] = []) => createNetwork({ allowedHosts, lookup: insideLookup });

/** Listeners on one port of several inside addresses; they note whoever connects, and what is said. */
async function eavesdrop() {
  const heard: string[] = [];
  const listen = (host: string, port: number) =>
    new Promise<number>((resolve, reject) => {
      const server = createServer((socket) => {
        heard.push(`connected to ${host}`);
        socket.on("data", (bytes) => heard.push(bytes.toString())).on("error", () => {});
        socket.end();
      });
      server.once("error", reject).listen(port, host, () => resolve((server.address() as { port: number }).port));
      onTestFinished(() => void server.close());
    });
  const port = await listen("127.0.0.1", 0);
  await listen("127.9.9.9", port);
  // Where there is no IPv6, nothing can be reached over it.
  await listen("::1", port).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRNOTAVAIL" && error.code !== "EAFNOSUPPORT") throw error;
  });
  return { port, heard };
}

/** Tries an address with all three of our clients, and gives what each says. */
async function call(url: string, network: Network | undefined): Promise<readonly unknown[]> {
  const { log } = createTestLog();
  const common = { clock: createHastyClock(), random: () => 0, log, network };
  const thrown = async (ask: () => Promise<unknown>) => ask().catch((error: unknown) => error);
  return [
    await thrown(async () => {
      const crm = createCrmApi({ url, apiKey: SECRET, ...common });
      return crm.apiVersions(ONCE).finally(crm.close);
    }),
    await thrown(async () => {
      const bot = createBotApi({ endpointUrl: url, token: SECRET, ...common });
      return bot.self(ONCE).finally(bot.close);
    }),
    await dial(url, network),
  ];
}

async function dial(url: string, network: Network | undefined) {
  const socket = openSocket({
    url: `${url.replace(/^http/, "ws").replace(/[#?].*/, "")}/ws`,
    token: SECRET,
    clock: systemClock,
    limits: SOCKET_LIMITS,
    network,
    onFrame() {},
  });
  const opening = await socket.opening;
  socket.close();
  await socket.ended;
  return opening;
}

describe("an address that a stranger gave", () => {
  it("has at least forty ways to lead inside", () => {
    expect(hostileAddresses(1).length).toBeGreaterThanOrEqual(40);
  });

  it.each(hostileAddresses(0).map((shown, at) => ({ shown, at })))(
    "$shown is called by none of our clients",
    async ({ at }) => {
      const { port, heard } = await eavesdrop();
      const [crm, bot, socket] = await call(hostileAddresses(port)[at] ?? "", guarded());
      for (const error of [crm, bot]) {
        expect(error).toBeInstanceOf(ApiError);
        expect(error).toMatchObject({ sent: "no", cause: { code: "ERR_IP_BLOCKED" } });
      }
      expect(socket).toMatchObject({ outcome: "failed", reason: "this address may not be called (ERR_IP_BLOCKED)" });
      expect(heard).toEqual([]);
    },
  );

  it("would be connected to without a network, so this test can fail", async () => {
    const { port, heard } = await eavesdrop();
    await call(`http://127.0.0.1:${port}`, undefined);
    expect(heard.filter((line) => line === "connected to 127.0.0.1")).toHaveLength(3);
    expect(heard.join("\n")).toContain(SECRET);
  });

  it("is not followed inside when it redirects there, and the key stays", async () => {
    const { port, heard } = await eavesdrop();
    const outer = await startHttpServer((response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end();
    });
    onTestFinished(outer.stop);
    const [crm, bot, socket] = await call(outer.url, guarded([`127.0.0.1:${outer.port}`]));
    expect(crm).toMatchObject({ kind: "bad_request", status: 302 });
    expect(bot).toMatchObject({ kind: "bad_request", status: 302 });
    expect(socket).toMatchObject({ outcome: "failed", reason: "the upgrade was answered with 302" });
    expect(outer.requests).toHaveLength(3);
    expect(heard).toEqual([]);
  });

  it("is looked at again in each connection: a name that was public may lead inside later", async () => {
    const server = await startHttpServer((response) => answer(response, 200, { success: true }));
    onTestFinished(server.stop);
    let address = "127.0.0.1";
    const lookup: typeof insideLookup = (_host, options, done) =>
      options.all === true ? done(null, [{ address, family: 4 }]) : done(null, address, 4);
    const url = `http://shop.example:${server.port}`;
    const free = createNetwork({ allowedHosts: [`shop.example:${server.port}`], lookup });
    const [seen] = await call(url, free);
    expect(seen).toEqual({ success: true });

    address = "127.9.9.9";
    const strict = createNetwork({ allowedHosts: [], lookup });
    const [refused] = await call(url.replace("http:", "https:"), strict);
    expect(refused).toMatchObject({ cause: { code: "ERR_IP_BLOCKED" } });
  });

  it("is not called in plain text, though it is public", async () => {
    const lookup: typeof insideLookup = (_host, options, done) =>
      options.all === true ? done(null, [{ address: "93.184.216.34", family: 4 }]) : done(null, "93.184.216.34", 4);
    const [crm, bot, socket] = await call("http://shop.example", createNetwork({ allowedHosts: [], lookup }));
    expect(crm).toMatchObject({ cause: { code: "ERR_IP_BLOCKED" } });
    expect(bot).toMatchObject({ cause: { code: "ERR_IP_BLOCKED" } });
    expect(socket).toMatchObject({ reason: "this address may not be called (ERR_IP_BLOCKED)" });
  });

  it("leads nowhere when it is a name with several addresses, all inside", async () => {
    const { port, heard } = await eavesdrop();
    const all = ["127.0.0.1", "127.9.9.9", "::1", "fe80::1%lo"].map((address) => ({ address, family: isIP(address) }));
    const lookup: typeof insideLookup = (_host, _options, done) => done(null, all);
    const [crm] = await call(`https://many.example:${port}`, createNetwork({ allowedHosts: [], lookup }));
    expect(crm).toMatchObject({ cause: { code: "ERR_IP_BLOCKED" } });
    expect(heard).toEqual([]);
  });
});

describe("a look-up that leads outward only", () => {
  const names: Record<string, readonly string[]> = {
    "mixed.example": ["10.0.0.1", "93.184.216.34", "::1", "2606:2800:220:1::1"],
    "inside.example": ["10.0.0.1"],
  };
  const lookup = outwardLookup((host, _options, done) => {
    const found = names[host];
    if (found === undefined) done(Object.assign(new Error("not found"), { code: "ENOTFOUND" }), [], 0);
    else
      done(
        null,
        found.map((address) => ({ address, family: isIP(address) })),
        0,
      );
  });
  const asked = (host: string, all: boolean) =>
    new Promise((resolve) =>
      lookup(host, { all }, (error, found, family) => resolve(error?.code ?? { found, family })),
    );

  it.each([
    {
      host: "mixed.example",
      all: true,
      gives: {
        found: [
          { address: "93.184.216.34", family: 4 },
          { address: "2606:2800:220:1::1", family: 6 },
        ],
      },
    },
    { host: "mixed.example", all: false, gives: { found: "93.184.216.34", family: 4 } },
    { host: "inside.example", all: true, gives: "ERR_IP_BLOCKED" },
    { host: "inside.example", all: false, gives: "ERR_IP_BLOCKED" },
    { host: "nobody.example", all: true, gives: "ENOTFOUND" },
  ])("gives $gives for $host (all: $all)", async ({ host, all, gives }) => {
    expect(await asked(host, all)).toEqual(gives);
  });
});

describe("a host that the operator allows", () => {
  it.each([
    { entry: "127.0.0.1:80", url: "http://127.0.0.1", allowed: true },
    { entry: "127.0.0.1", url: "http://127.0.0.1", allowed: true },
    { entry: "127.0.0.1", url: "https://127.0.0.1", allowed: true },
    { entry: "127.0.0.1", url: "wss://127.0.0.1/ws", allowed: true },
    { entry: "127.0.0.1", url: "http://127.0.0.1:8080", allowed: false },
    { entry: "127.0.0.1:8080", url: "http://127.0.0.1:8080", allowed: true },
    { entry: "127.0.0.1:8080", url: "ws://127.0.0.1:8080/ws", allowed: true },
    { entry: "127.0.0.1:8080", url: "http://127.0.0.1", allowed: false },
    { entry: "127.0.0.1:443", url: "wss://127.0.0.1", allowed: true },
    { entry: " CRM.lan ", url: "https://crm.LAN", allowed: true },
    { entry: "crm.lan", url: "https://crm.lan.", allowed: false },
    { entry: "crm.lan", url: "https://evil.crm.lan", allowed: false },
    { entry: "crm.lan", url: "https://crm.lan.evil.example", allowed: false },
    { entry: "crm.lan", url: "https://crm.lan@evil.example", allowed: false },
  ])("as $entry: $url is allowed: $allowed", ({ entry, url, allowed }) => {
    expect(guarded([entry]).isAllowed(new URL(url))).toBe(allowed);
  });

  it("is called inside and without TLS, and nothing beside it is", async () => {
    const server = await startHttpServer((response) => answer(response, 200, { success: true, versions: [] }));
    onTestFinished(server.stop);
    const network = guarded([`127.0.0.1:${server.port}`]);
    const [crm] = await call(server.url, network);
    expect(crm).toEqual({ success: true, versions: [] });
    expect(server.requests[0]?.headers["x-api-key"]).toBe(SECRET);
    const [other] = await call(`http://127.0.0.1:${(await eavesdrop()).port}`, network);
    expect(other).toMatchObject({ cause: { code: "ERR_IP_BLOCKED" } });
  });
});

import { once } from "node:events";
import { createServer, type Socket as TcpSocket } from "node:net";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { openSocket, SOCKET_LIMITS, type SocketLimits } from "../../../src/gateway/socket/socket.ts";
import { freePort } from "../../helpers/http-server.ts";
import { createQueue, type Reception } from "../../helpers/socket-server.ts";
import { ended, serve, TOKEN } from "../serve.ts";

/** A socket to that address, and the frames it brings. */
function open(url: string, limits: Partial<SocketLimits> = {}, token = TOKEN) {
  const frames = createQueue<string | Uint8Array>();
  const socket = openSocket({
    url: url.replace(/^http/, "ws"),
    token,
    clock: systemClock,
    limits: { ...SOCKET_LIMITS, ...limits },
    onFrame: frames.push,
  });
  ended.push(async () => {
    socket.close();
    await socket.ended;
  });
  return { socket, frames };
}

/** A TCP server that does with each connection what it is told. */
async function startTcpServer(attend: (socket: TcpSocket) => void): Promise<string> {
  const sockets = new Set<TcpSocket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => {}));
    attend(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ended.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

describe("a socket that opens", () => {
  it("shows its token in the header alone, and offers no compression", async () => {
    const server = await serve();
    const { socket } = open(`${server.url}/api/bot/v1/ws?events=a,b`);
    await expect(socket.opening).resolves.toEqual({ outcome: "open" });
    const [upgrade] = server.upgrades;
    expect(upgrade?.url).toBe("/api/bot/v1/ws?events=a,b");
    expect(upgrade?.headers["x-bot-token"]).toBe(TOKEN);
    expect(upgrade?.headers).not.toHaveProperty("sec-websocket-extensions");
    expect(upgrade?.headers).not.toHaveProperty("sec-websocket-protocol");
  });

  it("brings texts as text and bytes as bytes, in order", async () => {
    const server = await serve();
    const { frames } = open(server.url);
    const peer = await server.next();
    peer.send("Привет 👋");
    peer.send(Buffer.from([1, 2]));
    expect(await frames.shift()).toBe("Привет 👋");
    expect([...((await frames.shift()) as Uint8Array)]).toEqual([1, 2]);
  });

  it.each([
    { code: 1000, clean: true },
    { code: 1001, clean: true },
    { code: 1012, clean: true },
    { code: 1011, clean: false },
    { code: 4001, clean: false },
  ])("ends by the gateway's close $code, clean: $clean", async ({ code, clean }) => {
    const server = await serve();
    const { socket } = open(server.url);
    (await server.next()).close(code, `bye ${TOKEN}`);
    expect(await socket.ended).toMatchObject({ cause: "peer", code, clean, reason: "bye [secret]" });
  });

  it("ends as lost when it is cut in the middle of a frame, of which nothing is seen", async () => {
    const server = await serve();
    const { socket, frames } = open(server.url);
    let seen = 0;
    frames.shift().then(() => seen++);
    await server.next();
    const [upgrade] = server.upgrades;
    // A text frame of 100 bytes of which three come.
    upgrade?.socket.write(Buffer.from([0x81, 100, 0x7b, 0x22, 0x74]), () => upgrade.socket.resetAndDestroy());
    expect(await socket.ended).toMatchObject({ cause: "lost", code: 1006, clean: false });
    expect(seen).toBe(0);
  });

  it("ends by our close, which is no loss to be cured", async () => {
    const server = await serve();
    const { socket } = open(server.url);
    await socket.opening;
    socket.close();
    socket.close();
    expect(await socket.ended).toMatchObject({ cause: "ours", clean: false, code: 1000 });
  });

  it("is cut when the gateway does not agree to our close in time", async () => {
    const server = await serve();
    const { socket } = open(server.url, { closeMs: 30 });
    await socket.opening;
    // The gateway reads nothing any more, so it never sees the close.
    (await server.next()).pause();
    socket.close();
    expect(await socket.ended).toMatchObject({ cause: "ours" });
  });
});

describe("a frame", () => {
  it("fails without the limit of a frame: of 1 MiB is taken; one byte more closes the socket with 1009", async () => {
    const server = await serve();
    const { socket, frames } = open(server.url);
    const peer = await server.next();
    peer.send("x".repeat(1024 * 1024));
    expect((await frames.shift()).length).toBe(1024 * 1024);
    const closed = once(peer, "close");
    peer.send("x".repeat(1024 * 1024 + 1));
    expect((await closed)[0]).toBe(1009);
    expect(await socket.ended).toMatchObject({ cause: "oversized", clean: false });
  });
});

describe("a silent gateway", () => {
  const quick = { pingEveryMs: 300, patienceMs: 250, lagMs: 1_000 };

  it("that answers no ping is given up", async () => {
    const server = await serve({ autoPong: false });
    const { socket } = open(server.url, quick);
    const pinged = once(await server.next(), "ping");
    await pinged;
    expect(await socket.ended).toMatchObject({ cause: "dead", code: 1006, clean: false });
  });

  it("that pings us is alive, though it answers none of ours", async () => {
    const server = await serve({ autoPong: false });
    const { socket } = open(server.url, quick);
    const peer = await server.next();
    let pings = 0;
    const survived = new Promise<void>((resolve) => {
      peer.on("ping", () => {
        peer.ping();
        if (++pings === 3) resolve();
      });
    });
    await Promise.race([survived, socket.ended.then(() => Promise.reject(new Error("given up")))]);
    expect(server.open()).toHaveLength(1);
  });

  it("is not blamed when our own event loop was blocked", async () => {
    const server = await serve();
    const { socket, frames } = open(server.url, { pingEveryMs: 300, patienceMs: 250, lagMs: 50 });
    const peer = await server.next();
    await once(peer, "ping");
    // The answer comes while nothing can be read; the verdict is due before it is read.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
    await once(peer, "ping");
    peer.send("still here");
    const first = await Promise.race([frames.shift(), socket.ended]);
    expect(first).toBe("still here");
  });
});

describe("an upgrade that is refused", () => {
  it.each([401, 403])("with %i says so, in the server's words", async (status) => {
    const server = await serve();
    server.receive({ status, body: JSON.stringify({ errors: [`token ${TOKEN} is revoked`] }) });
    const { socket } = open(server.url);
    expect(await socket.opening).toEqual({ outcome: "refused", status, errors: ["token [secret] is revoked"] });
    expect(await socket.ended).toMatchObject({ openMs: null, clean: false });
  });

  const others: readonly { reception: Reception; reason: string; retryAfterMs: number | null }[] = [
    {
      reception: { status: 404, body: '{"errors":["no"]}' },
      reason: "the upgrade was answered with 404: no",
      retryAfterMs: null,
    },
    { reception: { status: 409 }, reason: "the upgrade was answered with 409", retryAfterMs: null },
    { reception: { status: 426 }, reason: "the upgrade was answered with 426", retryAfterMs: null },
    { reception: { status: 502, body: "<html>" }, reason: "the upgrade was answered with 502", retryAfterMs: null },
    {
      reception: { status: 503, headers: { "retry-after": "20" } },
      reason: "the upgrade was answered with 503",
      retryAfterMs: 20_000,
    },
    {
      reception: { status: 200, body: "<html></html>" },
      reason: "the upgrade was answered with 200",
      retryAfterMs: null,
    },
    {
      reception: { status: 500, body: "x".repeat(500_000) },
      reason: "the upgrade was answered with 500",
      retryAfterMs: null,
    },
  ];

  it.each(others)("otherwise is a failure: $reason", async ({ reception, reason, retryAfterMs }) => {
    const server = await serve();
    server.receive(reception);
    expect(await open(server.url).socket.opening).toEqual({ outcome: "failed", reason, retryAfterMs });
  });

  it("by a redirect is not followed, so that the token goes nowhere else", async () => {
    const stranger = await serve();
    const server = await serve();
    server.receive({ status: 301, headers: { location: stranger.url } });
    const { socket } = open(server.url);
    expect(await socket.opening).toMatchObject({ outcome: "failed", reason: "the upgrade was answered with 301" });
    await socket.ended;
    expect(stranger.upgrades).toHaveLength(0);
  });
});

describe("a socket that does not open", () => {
  it("is given up when the handshake never finishes", async () => {
    const server = await serve();
    server.receive("hang");
    const { socket } = open(server.url, { handshakeMs: 40 });
    expect(await socket.opening).toMatchObject({ outcome: "failed", reason: "the handshake took longer than 40 ms" });
    expect(await socket.ended).toMatchObject({ cause: "lost", openMs: null });
  });

  it("is given up when the handshake drips in byte by byte", async () => {
    const url = await startTcpServer((socket) => {
      const dripping = setInterval(() => socket.write("H"), 5);
      socket.on("close", () => clearInterval(dripping));
    });
    const { socket } = open(url, { handshakeMs: 60 });
    expect(await socket.opening).toMatchObject({ outcome: "failed" });
    await socket.ended;
  });

  it("is given up when the refusal's body never ends", async () => {
    const url = await startTcpServer((socket) => {
      socket.once("data", () => socket.write("HTTP/1.1 500 Oops\r\ncontent-length: 9\r\n\r\n"));
    });
    const { socket } = open(url, { handshakeMs: 40 });
    expect(await socket.opening).toMatchObject({ outcome: "failed" });
    await socket.ended;
  });

  it("says why, without the token", async () => {
    const { socket } = open(`http://127.0.0.1:${await freePort()}`);
    expect(await socket.opening).toEqual({
      outcome: "failed",
      reason: "nobody answers at this address (ECONNREFUSED)",
      retryAfterMs: null,
    });
    const { socket: odd } = open("http://127.0.0.1:9", {}, `${TOKEN}\nX: ж`);
    const opening = await odd.opening;
    expect(opening.outcome).toBe("failed");
    expect(JSON.stringify(opening)).not.toContain(TOKEN);
    await odd.ended;
  });

  it("is given up by us in the middle of the handshake", async () => {
    const server = await serve();
    server.receive("hang");
    const { socket } = open(server.url);
    await server.upgraded(1);
    socket.close();
    expect(await socket.opening).toMatchObject({ outcome: "failed" });
    expect(await socket.ended).toMatchObject({ cause: "ours", openMs: null });
  });
});

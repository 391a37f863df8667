import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import type { Passage } from "./passage.ts";
import { startProxy, type TcpProxy } from "./proxy.ts";

/** A server that keeps what it hears, a proxy before it, and a client of the proxy. */
async function line(): Promise<{ client: Socket; server: Socket; proxy: TcpProxy; passage: Passage }> {
  const target = createServer({ allowHalfOpen: true });
  await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
  const address = target.address();
  const proxy = await startProxy(typeof address === "object" && address !== null ? address.port : 0);
  const arrived = once(target, "connection");
  const client = dial(proxy);
  const [server] = (await arrived) as [Socket];
  server.on("error", () => {});
  onTestFinished(async () => {
    for (const end of [client, server]) end.destroy();
    await proxy.stop();
    target.close();
  });
  const [passage] = proxy.passages();
  if (passage === undefined) throw new Error("a connection is a passage");
  return { client, server, proxy, passage };
}

function dial(proxy: TcpProxy): Socket {
  const client = connect({ port: proxy.port, host: "127.0.0.1", allowHalfOpen: true });
  client.on("error", () => {});
  onTestFinished(() => void client.destroy());
  return client;
}

/** Resolves when the socket is gone, by a reset too. */
const closed = (socket: Socket) => new Promise<void>((resolve) => void socket.once("close", () => resolve()));

/** What has come so far, as text. */
function ear(socket: Socket) {
  let text = "";
  const waiting = new Set<() => void>();
  socket.on("data", (chunk) => {
    text += chunk;
    for (const look of waiting) look();
  });
  return {
    text: () => text,
    until: (wanted: string) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (text.includes(wanted)) resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

it("forwards both ways, a large text too, and the farewell of each side by itself", async () => {
  const { client, server } = await line();
  const [atServer, atClient] = [ear(server), ear(client)];
  client.write(`${"x".repeat(3_000_000)}end`);
  await atServer.until("end");
  expect(atServer.text()).toHaveLength(3_000_003);
  const farewell = once(server, "end");
  client.end();
  await farewell;
  server.end("still heard");
  await once(client, "close");
  expect(atClient.text()).toBe("still heard");
});

it.each([
  { way: "to_server" as const, server: "", client: "down" },
  { way: "to_client" as const, server: "up", client: "" },
])("drops what goes $way and lets the rest pass", async ({ way, ...expected }) => {
  const { client, server, passage } = await line();
  const [atServer, atClient] = [ear(server), ear(client)];
  passage.drop(way);
  client.write("up");
  server.write("down");
  await (way === "to_server" ? atClient.until("down") : atServer.until("up"));
  expect({ server: atServer.text(), client: atClient.text() }).toEqual(expected);
});

it("drops both ways, farewells and resets included, and knows when the client has left", async () => {
  const { client, server, proxy, passage } = await line();
  const [atServer, atClient] = [ear(server), ear(client)];
  const ends: string[] = [];
  for (const sign of ["end", "close", "error"]) server.on(sign, () => ends.push(sign));
  passage.drop("both");
  client.write("up");
  server.write("down");
  expect(passage.clientLeftAt()).toBeNull();
  client.resetAndDestroy();
  // Another connection goes there and back behind it: whatever could come would have come.
  const probe = dial(proxy);
  await once(probe, "connect");
  while (passage.clientLeftAt() === null) await new Promise((resolve) => setImmediate(resolve));
  expect([atServer.text(), atClient.text(), ends]).toEqual(["", "", []]);
  expect(proxy.passages()).toHaveLength(1);
});

it("delays, in order, and a farewell comes after the words before it", async () => {
  const { client, server, passage } = await line();
  const atServer = ear(server);
  const beganAt = performance.now();
  passage.delay(80);
  client.write("first ");
  client.end("second");
  await once(server, "end");
  expect(atServer.text()).toBe("first second");
  expect(performance.now() - beganAt).toBeGreaterThanOrEqual(75);
});

it("resets both ends", async () => {
  const { client, server, passage } = await line();
  const errors = [once(client, "error"), once(server, "error")];
  passage.reset();
  expect((await Promise.all(errors)).map(([error]) => error.code)).toEqual(["ECONNRESET", "ECONNRESET"]);
});

it("forwards a reset", async () => {
  const { client, server } = await line();
  client.write("hello");
  await once(server, "data");
  const error = once(server, "error");
  client.resetAndDestroy();
  expect((await error)[0]).toMatchObject({ code: "ECONNRESET" });
});

it("cuts after exactly so many bytes of one direction", async () => {
  const { client, server, passage } = await line();
  const [atServer, atClient] = [ear(server), ear(client)];
  passage.cutAfter(5, "to_client");
  client.write("all of this passes");
  await atServer.until("passes");
  const gone = closed(client);
  server.write("123");
  server.write("45678");
  await gone;
  expect(atClient.text()).toBe("12345");
});

it("leaves the client half-open when the server is lost", async () => {
  const { client, server, passage } = await line();
  const gone = closed(server);
  passage.loseServer();
  await gone;
  client.write("anyone?");
  expect([client.readyState, passage.clientLeftAt()]).toEqual(["open", null]);
});

it("writes bytes that the other end never sent", async () => {
  const { client, passage } = await line();
  const atClient = ear(client);
  passage.inject(Buffer.from("forged"), "to_client");
  await atClient.until("forged");
});

it("knows an event socket by its first bytes", async () => {
  const { client, server, proxy, passage } = await line();
  expect(passage.isSocket()).toBe(false);
  client.write("GET /api/bot/v1/ws HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  await once(server, "data");
  expect(proxy.sockets()).toEqual([passage]);
});

it("resets, hangs, or swallows newcomers, and counts them all", async () => {
  const { proxy } = await line();
  proxy.newcomers("reset");
  expect((await once(dial(proxy), "error"))[0]).toMatchObject({ code: "ECONNRESET" });
  proxy.newcomers("hang");
  const hanging = dial(proxy);
  await once(hanging, "connect");
  hanging.write("hello?");
  proxy.newcomers("both");
  const swallowed = dial(proxy);
  await once(swallowed, "connect");
  swallowed.write("hello?");
  while (proxy.arrivals.length < 4) await new Promise((resolve) => setImmediate(resolve));
  expect([hanging.readyState, swallowed.readyState]).toEqual(["open", "open"]);
  expect(proxy.arrivals).toHaveLength(4);
});

it("can stop listening while what is open goes on, and listens again at the same port", async () => {
  const { client, server, proxy } = await line();
  const atServer = ear(server);
  await proxy.close();
  expect((await once(dial(proxy), "error"))[0]).toMatchObject({ code: "ECONNREFUSED" });
  client.write("still here");
  await atServer.until("still here");
  await proxy.reopen();
  await once(dial(proxy), "connect");
});

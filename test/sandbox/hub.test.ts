import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { at, editModule, freshSandbox, MODULE, registeredClient, socketUrl } from "../helpers/sandbox.ts";

/** Tries to open a socket that is refused: the plain HTTP answer. */
async function refused(sandbox: Sandbox, query: string, headers: Record<string, string>) {
  const socket = new WebSocket(socketUrl(sandbox, query), { headers });
  socket.on("error", () => {});
  const [, response] = await once(socket, "unexpected-response");
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(Buffer.from(chunk));
  socket.terminate();
  return { status: response.statusCode, body: JSON.parse(Buffer.concat(chunks).toString()) };
}

describe("opening the socket", () => {
  it.each([
    { query: "?events=message_new", token: "wrong", status: 401, error: "unauthorized" },
    { query: "", token: null, status: 400, error: "events: this value should not be blank" },
    { query: "?events=,", token: null, status: 400, error: "events: this value should not be blank" },
    {
      query: "?events=message_new,settings_updated",
      token: null,
      status: 400,
      error: "events: unknown event settings_updated",
    },
  ])("with $query and token $token is refused: $error", async ({ query, token, status, error }) => {
    const client = await registeredClient();
    const answer = await refused(client.sandbox, query, { "x-bot-token": token ?? client.token });
    expect(answer).toEqual({ status, body: { errors: [error] } });
  });

  it("needs the header: a token in the query does not count", async () => {
    const { sandbox, token } = await registeredClient();
    const answer = await refused(sandbox, `?events=message_new&token=${token}`, {});
    expect(answer.status).toBe(401);
  });

  it("is refused with 403 while the module is off", async () => {
    const { sandbox, token } = await registeredClient();
    await sandbox.setModule("test-bot", { active: false });
    const answer = await refused(sandbox, "?events=message_new", { "x-bot-token": token });
    expect(answer).toEqual({ status: 403, body: { errors: ["access denied"] } });
  });

  it("is told as a change, with what it listens to", async () => {
    const { sandbox, listen, botId } = await registeredClient();
    const opened = sandbox.waitFor(({ kind }) => kind === "socket_opened");
    await listen({ events: ["message_new", " dialog_opened"] });
    expect(await opened).toEqual({
      kind: "socket_opened",
      socketId: 1,
      botId,
      events: ["message_new", "dialog_opened"],
    });
    expect(sandbox.socketCount()).toBe(1);
  });
});

describe("the open socket", () => {
  it("hears only the types it asked for", async () => {
    const { sandbox, listen } = await registeredClient();
    const ear = await listen({ events: ["dialog_closed", "user_online_updated"] });
    sandbox.customerSays("hi");
    sandbox.setOnline("Ivan", true);
    sandbox.closeByManager();
    await ear.until(({ type }) => type === "dialog_closed");
    expect(ear.heard.map(({ type }) => type)).toEqual(["user_online_updated", "dialog_closed"]);
  });

  it("shares every event with the other sockets of its token", async () => {
    const { sandbox, listen } = await registeredClient();
    const ears = [await listen({ events: ["message_new"] }), await listen({ events: ["message_new"] })];
    sandbox.customerSays("hi");
    for (const ear of ears) expect(at((await ear.until(() => true)).data, "message.content")).toBe("hi");
  });

  it("hears of mailings only when it asked to", async () => {
    const { sandbox, api, listen } = await registeredClient();
    const { chatId } = sandbox.customerSays("hi");
    const plain = await listen({ events: ["message_new"] });
    const asking = await listen({ events: ["message_new"], more: "&options=include_mass_communication" });
    const mailing = {
      chat_id: chatId,
      scope: "public",
      type: "text",
      content: "New harvest",
      mass_communication: true,
    };
    await api("sendMessage", { body: mailing });
    await asking.until(({ data }) => at(data, "message.content") === "New harvest");
    sandbox.customerSays("thanks");
    await plain.until(({ data }) => at(data, "message.content") === "thanks");
    expect(plain.heard).toHaveLength(1);
  });

  it("answers pings, until it is deafened: then it hears nothing and answers none", async () => {
    const { sandbox, listen } = await registeredClient();
    const deaf = await listen({ events: ["message_new"] });
    deaf.socket.ping();
    await once(deaf.socket, "pong");
    sandbox.deafenSockets();
    const hearing = await listen({ events: ["message_new"] });
    let pongs = 0;
    deaf.socket.on("pong", () => {
      pongs += 1;
    });
    deaf.socket.ping();
    sandbox.customerSays("hi");
    await hearing.until(() => true);
    hearing.socket.ping();
    await once(hearing.socket, "pong");
    expect([pongs, deaf.heard.length, deaf.socket.readyState]).toEqual([0, 0, WebSocket.OPEN]);
  });

  it("is pinged by the gateway where the account is set so", async () => {
    const { listen } = await registeredClient({ behaviour: { pingMs: 5 } });
    const ear = await listen();
    await once(ear.socket, "ping");
    await once(ear.socket, "ping");
  });

  it.each([
    { how: { code: 1012 }, code: 1012 },
    { how: { abrupt: true } as const, code: 1006 },
  ])("can be closed by $how", async ({ how, code }) => {
    const { sandbox, listen } = await registeredClient();
    const ear = await listen();
    const closed = once(ear.socket, "close");
    sandbox.disconnectSockets(how);
    expect((await closed)[0]).toBe(code);
    await sandbox.until(() => sandbox.socketCount() === 0);
  });

  it("gets any text as a frame", async () => {
    const { sandbox, listen } = await registeredClient();
    const ear = await listen();
    const message = once(ear.socket, "message");
    sandbox.sendFrame("not json");
    expect(String((await message)[0])).toBe("not json");
    await expect(ear.until(() => true)).rejects.toThrow("not json");
  });

  it("gets bytes as a binary frame", async () => {
    const { sandbox, listen } = await registeredClient();
    const ear = await listen();
    const message = once(ear.socket, "message");
    sandbox.sendFrame(new Uint8Array([1, 2, 255]));
    expect(await message).toEqual([Buffer.from([1, 2, 255]), true]);
  });

  it("gets what the frames are mangled into, in order, until they are left alone again", async () => {
    const { sandbox, listen } = await registeredClient();
    const ear = await listen({ events: ["message_new"] });
    sandbox.mangleFrames((text) => (text.includes("lost") ? [] : [text, text]));
    sandbox.customerSays("lost");
    sandbox.customerSays("twice");
    sandbox.mangleFrames(null);
    sandbox.customerSays("once");
    await ear.until(({ data }) => at(data, "message.content") === "once");
    const said = ear.heard.map(({ data }) => at(data, "message.content"));
    expect(said.filter((text) => text !== null)).toEqual(["twice", "twice", "once"]);
  });

  it("proves with its pongs which messages it has taken in, each once, and none that it never got", async () => {
    const { sandbox, listen } = await registeredClient({ behaviour: { pingMs: 5 } });
    await listen({ events: ["message_new", "dialog_opened"] });
    const first = sandbox.waitFor(({ kind }) => kind === "reached");
    const { id } = sandbox.customerSays("one");
    const [opened] = [...sandbox.world.messages.values()].filter(({ type }) => type === "system");
    expect(await first).toEqual({ kind: "reached", socketId: 1, messageIds: [id, opened?.id] });
    const second = sandbox.waitFor(({ kind }) => kind === "reached");
    sandbox.mangleFrames(() => []);
    sandbox.customerSays("never sent");
    sandbox.mangleFrames(null);
    const two = sandbox.customerSays("two");
    expect(await second).toMatchObject({ messageIds: [two.id] });
  });

  it.each([
    { what: "the module is switched off", cut: (sandbox: Sandbox) => sandbox.setModule("test-bot", { active: false }) },
    { what: "the module is frozen", cut: (sandbox: Sandbox) => sandbox.setModule("test-bot", { freeze: true }) },
    { what: "chats are disabled", cut: async (sandbox: Sandbox) => sandbox.setChats(false) },
    { what: "the gateway goes down", cut: (sandbox: Sandbox) => sandbox.down("gateway") },
    { what: "the sandbox stops", cut: (sandbox: Sandbox) => sandbox.stop() },
  ])("closes when $what", async ({ cut }) => {
    const { sandbox, listen } = await registeredClient();
    const ear = await listen();
    const closed = once(ear.socket, "close");
    await cut(sandbox);
    await closed;
    expect(sandbox.socketCount()).toBe(0);
  });
});

it("an upgrade elsewhere is 404", async () => {
  const sandbox = await freshSandbox();
  const socket = new WebSocket(`${sandbox.gatewayUrl.replace("http", "ws")}/ws`);
  socket.on("error", () => {});
  const [, response] = await once(socket, "unexpected-response");
  expect(response.statusCode).toBe(404);
  socket.terminate();
});

it("registration answers the address that the gateway has moved to", async () => {
  const sandbox = await freshSandbox();
  sandbox.moveGateway("http://127.0.0.1:9");
  const { body } = await editModule(sandbox, MODULE);
  expect(at(body, "info.mgBot.endpointUrl")).toBe("http://127.0.0.1:9");
});

import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import type { WebSocket } from "ws";
import { type Clock, systemClock } from "../../src/clock.ts";
import { createConnectGate } from "../../src/gateway/connect-gate.ts";
import { type Listener, type ListenerState, type ListenOptions, listen } from "../../src/gateway/listen.ts";
import type { Refusal } from "../../src/gateway/listening/dial.ts";
import { createQueue, type SocketServer } from "../helpers/socket-server.ts";
import { createTestLog } from "../helpers/test-log.ts";
import { createHastyClock, createVirtualClock, type VirtualClock } from "../helpers/virtual-clock.ts";
import { ended, serve, TOKEN } from "./serve.ts";

interface Ear {
  readonly listener: Listener;
  readonly states: ListenerState[];
  readonly frames: { shift(): Promise<unknown> };
  readonly refusals: { shift(): Promise<Refusal> };
  readonly log: ReturnType<typeof createTestLog>;
  /** Resolves when a state of that name has come that was not asked for yet. */
  comes(name: ListenerState["name"]): Promise<ListenerState>;
}

/** A listener on a clock whose pauses are over at once, unless another is given. */
function hear(url: string, options: Partial<ListenOptions> & { clock?: Clock } = {}): Ear {
  const clock = options.clock ?? createHastyClock();
  const log = createTestLog();
  const states: ListenerState[] = [];
  const queue = createQueue<ListenerState>();
  const frames = createQueue<unknown>();
  const refusals = createQueue<Refusal>();
  const listener = listen({
    target: { endpointUrl: url, token: TOKEN, events: ["message_new"] },
    gate: { pass: async () => {} },
    clock,
    random: () => 0,
    log: log.log,
    onFrame: frames.push,
    onRefused: refusals.push,
    onState(state) {
      states.push(state);
      queue.push(state);
    },
    ...options,
  });
  ended.push(listener.stop);
  const comes = async (name: ListenerState["name"]): Promise<ListenerState> => {
    const state = await queue.shift();
    return state.name === name ? state : comes(name);
  };
  return { listener, states, frames, refusals, log, comes };
}

const names = (states: readonly ListenerState[]) => states.map(({ name }) => name);
const levels = ({ log }: Ear) => log.lines().map(({ level }) => Number(level));
const WARN = 40;
const ERROR = 50;

/** Looks again after each turn of the event loop until it is so. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

/** Pauses stand still until this clock is moved; handshakes and pings go by the real one. */
function pausing(): { clock: Clock; time: VirtualClock } {
  const time = createVirtualClock();
  return { time, clock: { now: time.now, elapsed: time.elapsed, sleep: time.sleep, after: systemClock.after } };
}

describe("listening", () => {
  it("opens one socket for the events that are wanted and passes on its frames", async () => {
    const server = await serve();
    const ear = hear(server.url);
    (await server.next()).send("one");
    expect(await ear.frames.shift()).toBe("one");
    expect(server.upgrades[0]?.url).toBe("/api/bot/v1/ws?events=message_new");
    expect(names(ear.states)).toEqual(["connecting", "open"]);
    expect(ear.listener.state().name).toBe("open");
    expect(ear.listener.counts()).toMatchObject({ frames: 1, opened: 1, handlerFailures: 0 });
  });

  it.each([1000, 1001, 1012])("comes back after a close in good order (%i), without alarm", async (code) => {
    const server = await serve();
    const { clock, time } = pausing();
    const ear = hear(server.url, { clock });
    (await server.next()).close(code);
    const waiting = await ear.comes("waiting");
    expect(waiting.reason).toBe(`the gateway closed the socket (${code})`);
    expect(Number(waiting.until) - waiting.since).toBe(500);
    await time.advance(500);
    await server.next();
    await ear.comes("open");
    expect(names(ear.states)).toEqual(["connecting", "open", "waiting", "connecting", "open"]);
    expect(levels(ear).filter((level) => level >= WARN)).toEqual([]);
  });

  it("comes back after a cut, with a warning and no error", async () => {
    const server = await serve();
    const ear = hear(server.url);
    (await server.next()).terminate();
    await server.next();
    expect((await ear.comes("waiting")).reason).toBe("the socket was cut (1006)");
    expect(levels(ear)).toContain(WARN);
    expect(levels(ear)).not.toContain(ERROR);
  });

  it("comes back from a silent gateway", async () => {
    const server = await serve({ autoPong: false });
    const ear = hear(server.url, { limits: { pingEveryMs: 30, patienceMs: 20 } });
    await server.next();
    await server.next();
    expect((await ear.comes("waiting")).reason).toBe("the socket fell silent (1006)");
    expect(ear.listener.counts().ended.dead).toBeGreaterThanOrEqual(1);
  });

  it("comes back after a frame that was too large, and counts it", async () => {
    const server = await serve();
    const ear = hear(server.url);
    (await server.next()).send("x".repeat(5 * 1024 * 1024));
    const peer = await server.next();
    peer.send("next");
    expect(await ear.frames.shift()).toBe("next");
    expect(ear.listener.counts()).toMatchObject({ frames: 1, opened: 2, ended: { oversized: 1 } });
  });

  it("keeps exactly one socket through many losses of every kind", async () => {
    const server = await serve();
    const ear = hear(server.url);
    const losses: ((peer: WebSocket) => void)[] = [
      (peer) => peer.close(1001),
      (peer) => peer.terminate(),
      (peer) => peer.close(4000),
      (peer) => peer.send("x".repeat(2 * 1024 * 1024)),
    ];
    for (let round = 0; round < 12; round++) {
      const peer = await server.next();
      losses[round % losses.length]?.(peer);
    }
    (await server.next()).send("last");
    await ear.frames.shift();
    expect(server.upgrades).toHaveLength(13);
    expect(server.mostOpen()).toBe(1);
    expect(ear.listener.counts().opened).toBe(13);
  });

  it("waits as long as a refused upgrade asks for", async () => {
    const server = await serve();
    server.receive({ status: 503, headers: { "retry-after": "20" } });
    const { clock, time } = pausing();
    const ear = hear(server.url, { clock });
    const waiting = await ear.comes("waiting");
    expect(waiting.reason).toBe("the upgrade was answered with 503");
    expect(Number(waiting.until) - waiting.since).toBe(20_000);
    server.receive(null);
    await time.advance(19_999);
    expect(server.upgrades).toHaveLength(1);
    await time.advance(1);
    await server.next();
    await ear.comes("open");
  });

  it("waits longer each time that the gateway stays away", async () => {
    const server = await serve();
    server.receive({ status: 502 });
    const { clock, time } = pausing();
    const ear = hear(server.url, { clock });
    const pauses: number[] = [];
    for (let round = 0; round < 7; round++) {
      const { since, until } = await ear.comes("waiting");
      pauses.push(Number(until) - since);
      await time.advance(30_000);
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  });

  it("says what is wrong with an address that is none, and takes a better one", async () => {
    const server = await serve();
    const { clock } = pausing();
    const ear = hear("mg.test", { clock });
    expect((await ear.comes("waiting")).reason).toBe("The address of the gateway is not a web address");
    ear.listener.retry({ endpointUrl: server.url, token: TOKEN });
    await server.next();
    await ear.comes("open");
  });
});

describe("a frame's handler", () => {
  it("is told that the socket is open before it gets what comes over it", async () => {
    const server = await startTcpGateway("first words");
    ended.push(server.stop);
    const heard = createQueue<string>();
    hear(server.url, {
      onState: ({ name }) => heard.push(name),
      onFrame: (frame) => heard.push(String(frame)),
    });
    const order = [await heard.shift(), await heard.shift(), await heard.shift()];
    expect(order).toEqual(["connecting", "open", "first words"]);
  });

  it("that throws or rejects harms only its own frame", async () => {
    const server = await serve();
    const handled = createQueue<unknown>();
    const ear = hear(server.url, {
      onFrame(frame) {
        if (frame === "throws") throw new Error("thrown");
        if (frame === "rejects") return Promise.reject(new Error("rejected"));
        if (frame === "odd") throw { type: "no error at all" };
        handled.push(frame);
      },
    });
    const peer = await server.next();
    for (const frame of ["throws", "rejects", "odd", "fine"]) peer.send(frame);
    expect(await handled.shift()).toBe("fine");
    expect(ear.listener.counts()).toMatchObject({ frames: 4, handlerFailures: 3, opened: 1 });
    expect(ear.log.lines().filter(({ msg }) => msg === "a frame could not be handled")).toHaveLength(3);
  });

  it("and a listener to states that throws does not end the listening", async () => {
    const server = await serve();
    const ear = hear(server.url, {
      onState() {
        throw new Error("thrown");
      },
    });
    (await server.next()).send("one");
    expect(await ear.frames.shift()).toBe("one");
  });
});

describe("a token that is not accepted", () => {
  it.each([401, 403])(
    "fails without the stop at a refused token: (%i) is told once and not tried again until somebody says so",
    async (status) => {
      const server = await serve();
      server.receive({ status, body: JSON.stringify({ errors: [`unknown ${TOKEN}`] }) });
      const { clock, time } = pausing();
      const ear = hear(server.url, { clock });
      expect(await ear.refusals.shift()).toMatchObject({ status, errors: ["unknown [secret]"] });
      expect(ear.listener.state()).toMatchObject({ name: "refused", reason: `the token is not accepted (${status})` });
      server.receive(null);
      await time.advance(24 * 3_600_000);
      ear.listener.resubscribe(["message_new", "dialog_opened"]);
      await time.advance(24 * 3_600_000);
      expect(server.upgrades).toHaveLength(1);
      ear.listener.retry({ endpointUrl: server.url, token: "another" });
      await server.next();
      expect(server.upgrades[1]?.headers["x-bot-token"]).toBe("another");
      expect(server.upgrades[1]?.url).toBe("/api/bot/v1/ws?events=message_new,dialog_opened");
      await ear.comes("open");
    },
  );

  it("is no loss: after it the pauses begin anew", async () => {
    const server = await serve();
    server.receive({ status: 502 });
    const { clock, time } = pausing();
    const ear = hear(server.url, { clock });
    await ear.comes("waiting");
    await time.advance(500);
    await ear.comes("waiting");
    server.receive({ status: 401 });
    await time.advance(1_000);
    await ear.refusals.shift();
    server.receive({ status: 502 });
    ear.listener.retry();
    const { since, until: end } = await ear.comes("waiting");
    expect(Number(end) - since).toBe(500);
  });

  it("can be answered with another one at once", async () => {
    const server = await serve();
    server.receive({ status: 401 });
    const ear: Ear = hear(server.url, {
      onRefused() {
        server.receive(null);
        ear.listener.retry({ endpointUrl: server.url, token: "another" });
      },
    });
    await server.next();
    await ear.comes("open");
    expect(server.upgrades.map(({ headers }) => headers["x-bot-token"])).toEqual([TOKEN, "another"]);
  });
});

describe("other events", () => {
  it("come over a new socket that is open before the old one closes, and nothing falls between", async () => {
    const server = await serve();
    const ear = hear(server.url);
    const old = await server.next();
    const closed = once(old, "close");
    old.send("before");
    ear.listener.resubscribe(["message_new", "dialog_opened"]);
    const fresh = await server.next();
    old.send("on the old one");
    fresh.send("on the new one");
    const frames = [await ear.frames.shift(), await ear.frames.shift(), await ear.frames.shift()];
    expect(new Set(frames)).toEqual(new Set(["before", "on the old one", "on the new one"]));
    expect((await closed)[0]).toBe(1000);
    expect(server.mostOpen()).toBe(2);
    expect(server.open()).toEqual([fresh]);
    expect(server.upgrades[1]?.url).toBe("/api/bot/v1/ws?events=message_new,dialog_opened");
    expect(ear.listener.events()).toEqual(["message_new", "dialog_opened"]);
    expect(names(ear.states)).toEqual(["connecting", "open"]);
  });

  it("that are the same ones in another order change nothing", async () => {
    const server = await serve();
    const dials = createQueue<string>();
    const ear = hear(server.url, {
      target: { endpointUrl: server.url, token: TOKEN, events: ["message_new", "dialog_opened"] },
      gate: { pass: async (host) => dials.push(host) },
    });
    const peer = await server.next();
    await dials.shift();
    ear.listener.resubscribe(["dialog_opened", "message_new"]);
    peer.send("one");
    expect(await Promise.race([ear.frames.shift(), dials.shift()])).toBe("one");
  });

  it("are asked for again and again while the old socket goes on", async () => {
    const server = await serve();
    const { clock, time } = pausing();
    const ear = hear(server.url, { clock });
    const old = await server.next();
    await ear.comes("open");
    server.receive({ status: 503 });
    ear.listener.resubscribe(["dialog_opened"]);
    await server.upgraded(2);
    old.send("still here");
    expect(await ear.frames.shift()).toBe("still here");
    server.receive(null);
    await time.advance(500);
    const fresh = await server.next();
    await once(old, "close");
    fresh.send("new");
    expect(await ear.frames.shift()).toBe("new");
    expect(names(ear.states)).toEqual(["connecting", "open"]);
  });

  it("are what the next socket brings when the old one ends before the new one opens", async () => {
    const server = await serve();
    const ear = hear(server.url, { limits: { handshakeMs: 50 } });
    const old = await server.next();
    server.receive("hang");
    ear.listener.resubscribe(["dialog_opened"]);
    await server.upgraded(2);
    old.terminate();
    server.receive(null);
    await server.next();
    expect(server.upgrades.at(-1)?.url).toBe("/api/bot/v1/ws?events=dialog_opened");
    await ear.comes("open");
    await ear.comes("open");
    expect(server.mostOpen()).toBe(1);
  });

  it("come with a gap when the old socket ends while the new one is being opened: that is an opening like any other", async () => {
    const server = await serve();
    const ear = hear(server.url);
    const old = await server.next();
    await ear.comes("open");
    server.receive("hang");
    ear.listener.resubscribe(["dialog_opened"]);
    await server.upgraded(2);
    // The cut has to be noticed first.
    const { ended: before } = ear.listener.counts();
    old.terminate();
    await until(() => ear.listener.counts().ended.lost > before.lost);
    server.release();
    await ear.comes("open");
    expect(names(ear.states)).toEqual(["connecting", "open", "open"]);
    expect(server.upgrades).toHaveLength(2);
  });

  it("come with a token that is no longer accepted: that is told, and the old socket goes on", async () => {
    const server = await serve();
    const ear = hear(server.url);
    const old = await server.next();
    server.receive({ status: 401 });
    ear.listener.resubscribe(["dialog_opened"]);
    await ear.refusals.shift();
    old.send("still here");
    expect(await ear.frames.shift()).toBe("still here");
    server.receive(null);
    ear.listener.retry({ endpointUrl: server.url, token: "another" });
    await server.next();
    await once(old, "close");
    expect(server.upgrades).toHaveLength(3);
    expect(server.upgrades[2]?.headers["x-bot-token"]).toBe("another");
  });

  it("are changed twice in a row, and the last wish counts", async () => {
    const server = await serve();
    const ear = hear(server.url);
    await server.next();
    ear.listener.resubscribe(["dialog_opened"]);
    await server.upgraded(2);
    ear.listener.resubscribe(["dialog_closed"]);
    await server.upgraded(3);
    await server.next();
    const last = await server.next();
    last.send("one");
    await ear.frames.shift();
    expect(ear.listener.events()).toEqual(["dialog_closed"]);
  });
});

describe("another address", () => {
  it("is taken over to without a gap", async () => {
    const [first, second] = [await serve(), await serve()];
    const ear = hear(first.url);
    const old = await first.next();
    await ear.comes("open");
    ear.listener.retry({ endpointUrl: second.url, token: "another" });
    const fresh = await second.next();
    await once(old, "close");
    fresh.send("from there");
    expect(await ear.frames.shift()).toBe("from there");
    expect(second.upgrades[0]?.headers["x-bot-token"]).toBe("another");
    expect(names(ear.states)).toEqual(["connecting", "open"]);
  });

  it("that is the same one leaves the open socket alone", async () => {
    const server = await serve();
    const dials = createQueue<string>();
    const ear = hear(server.url, { gate: { pass: async (host) => dials.push(host) } });
    const peer = await server.next();
    await dials.shift();
    await ear.comes("open");
    ear.listener.retry({ endpointUrl: server.url, token: TOKEN });
    ear.listener.retry();
    peer.send("one");
    expect(await Promise.race([ear.frames.shift(), dials.shift()])).toBe("one");
  });

  it("ends a pause", async () => {
    const server = await serve();
    server.receive({ status: 502 });
    const { clock } = pausing();
    const ear = hear(server.url, { clock });
    await ear.comes("waiting");
    server.receive(null);
    ear.listener.retry();
    await server.next();
    await ear.comes("open");
  });
});

describe("stopping", () => {
  const quiet = async (server: SocketServer, time: VirtualClock, upgrades: number) => {
    expect(time.pending()).toBe(0);
    server.receive(null);
    await time.advance(3_600_000);
    expect(server.upgrades).toHaveLength(upgrades);
    expect(server.open()).toEqual([]);
  };

  it("closes the open socket and opens no other", async () => {
    const server = await serve();
    const { clock, time } = pausing();
    const ear = hear(server.url, { clock });
    const peer = await server.next();
    await ear.comes("open");
    const closed = once(peer, "close");
    await ear.listener.stop();
    expect((await closed)[0]).toBe(1000);
    expect(names(ear.states)).toEqual(["connecting", "open", "stopped"]);
    await quiet(server, time, 1);
  });

  it("in the middle of a handshake leaves no socket", async () => {
    const server = await serve();
    server.receive("hang");
    const { clock, time } = pausing();
    const ear = hear(server.url, { clock });
    await server.upgraded(1);
    await ear.listener.stop();
    expect(ear.listener.state().name).toBe("stopped");
    await quiet(server, time, 1);
  });

  it("during a pause leaves no timer", async () => {
    const server = await serve();
    server.receive({ status: 502 });
    const { clock, time } = pausing();
    const ear = hear(server.url, { clock });
    await ear.comes("waiting");
    await ear.listener.stop();
    await quiet(server, time, 1);
  });

  it("while waiting for its turn at the host opens nothing", async () => {
    const server = await serve();
    const { clock, time } = pausing();
    const gate = createConnectGate(clock);
    await gate.pass(new URL(server.url).host);
    const ear = hear(server.url, { clock, gate });
    await ear.comes("connecting");
    await ear.listener.stop();
    await quiet(server, time, 0);
  });

  it("in the moment when its turn comes opens nothing", async () => {
    const server = await serve();
    const { clock, time } = pausing();
    const turn = Promise.withResolvers<void>();
    const ear = hear(server.url, { clock, gate: { pass: () => turn.promise } });
    await ear.comes("connecting");
    turn.resolve();
    await ear.listener.stop();
    await quiet(server, time, 0);
  });

  it("after a refusal ends the wait", async () => {
    const server = await serve();
    server.receive({ status: 401 });
    const { clock, time } = pausing();
    const ear = hear(server.url, { clock });
    await ear.refusals.shift();
    await ear.listener.stop();
    await quiet(server, time, 1);
  });

  it("while one socket takes over from another closes both", async () => {
    const server = await serve();
    const { clock, time } = pausing();
    const ear = hear(server.url, { clock });
    await server.next();
    await ear.comes("open");
    server.receive("hang");
    ear.listener.resubscribe(["dialog_opened"]);
    await server.upgraded(2);
    await ear.listener.stop();
    expect(levels(ear).filter((level) => level >= WARN)).toEqual([]);
    await quiet(server, time, 2);
  });

  it("at once, before anything has begun, and twice", async () => {
    const server = await serve();
    const { clock, time } = pausing();
    const ear = hear(server.url, { clock });
    await Promise.all([ear.listener.stop(), ear.listener.stop()]);
    expect(ear.listener.state().name).toBe("stopped");
    await quiet(server, time, 0);
    ear.listener.retry();
    ear.listener.resubscribe(["dialog_opened"]);
    await quiet(server, time, 0);
  });

  it("is possible from within the listener's own calls", async () => {
    const server = await serve();
    const done = createQueue<string>();
    const ear: Ear = hear(server.url, {
      onState({ name }) {
        if (name === "open") ear.listener.stop().then(() => done.push("stopped"));
      },
    });
    expect(await done.shift()).toBe("stopped");
    expect(server.upgrades).toHaveLength(1);
  });
});

it("the log shows no token, whatever the gateway says", async () => {
  const server = await serve();
  const ear = hear(server.url);
  (await server.next()).close(1011, `bad ${TOKEN}`);
  (await server.next()).terminate();
  (await server.next()).send("x".repeat(2 * 1024 * 1024));
  await server.next();
  server.receive({ status: 502, body: JSON.stringify({ errors: [TOKEN] }) });
  server.open()[0]?.close(1001);
  await server.upgraded(5);
  server.receive({ status: 401, body: JSON.stringify({ errors: [TOKEN] }) });
  await ear.refusals.shift();
  await ear.listener.stop();
  expect(ear.log.lines().length).toBeGreaterThan(5);
  expect(ear.log.text()).not.toContain(TOKEN);
  expect(JSON.stringify(ear.states)).not.toContain(TOKEN);
});

/** A gateway that sends its first frame in one go with its consent to the upgrade. */
async function startTcpGateway(text: string) {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (head) => {
      const key = /sec-websocket-key: (\S+)/i.exec(head.toString())?.[1];
      const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
      const lines = [
        "HTTP/1.1 101 Yes",
        "Upgrade: websocket",
        "Connection: Upgrade",
        `Sec-WebSocket-Accept: ${accept}`,
      ];
      const frame = Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)]);
      socket.write(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), frame]));
    });
    socket.on("end", () => socket.end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, stop: () => void server.close() };
}

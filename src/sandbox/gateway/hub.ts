import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Frame, RequestRecord } from "../changes.ts";
import { type Fault, type Faults, isApplied } from "../http/faults.ts";
import type { Stage } from "../stage.ts";
import { isServed, moduleOfToken } from "../world/modules.ts";
import { answerPlain, type Entry, enter, type Plain, plainFault } from "./doorway.ts";
import { createProof, type Proof } from "./proof.ts";

/** All event sockets of the gateway. Several of one token each get every event they asked for. */
export interface Hub {
  /** Answers one upgrade of a server. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  send(frame: Frame): void;
  /** Writes this to every open socket as one frame as it is, valid or not; bytes as a binary one. */
  sendRaw(frame: string | Uint8Array): void;
  /** What becomes of each frame on its way: the texts that are written instead, in order. Null: nothing does. */
  mangle(change: Mangle | null): void;
  /** Closes every open socket with a code, or cuts them without a word. */
  disconnect(how: { readonly code: number } | { readonly abrupt: true }): void;
  /** From now on the open sockets answer no ping and hear no event, but stay open. */
  deafen(): void;
  /** Closes the sockets whose token is refused by now. */
  checkTokens(): void;
  count(): number;
  stop(): void;
}

/** The text of one frame -> the texts that go out instead: none, another one, several. */
export type Mangle = (text: string) => readonly string[];

interface Line {
  readonly id: number;
  readonly socket: WebSocket;
  readonly token: string;
  readonly events: ReadonlySet<string>;
  readonly mass: boolean;
  readonly proof: Proof;
  deaf: boolean;
}

function cut(socket: Duplex): void {
  if ("resetAndDestroy" in socket && typeof socket.resetAndDestroy === "function") socket.resetAndDestroy();
  else socket.destroy();
}

export function createHub(stage: Stage, faults: Faults): Hub {
  const wss = new WebSocketServer({ noServer: true, autoPong: false, perMessageDeflate: false });
  const lines = new Set<Line>();
  /** Connections in the middle of a handshake, hanging ones included. */
  const pending = new Set<Duplex>();
  let lastId = 0;
  let stopped = false;
  let mangle: Mangle | null = null;

  function open(socket: WebSocket, entry: Entry & { ok: true }): void {
    lastId += 1;
    const { token, mass, botId } = entry;
    const events = new Set(entry.events);
    const line: Line = { id: lastId, socket, token, events, mass, proof: createProof(), deaf: false };
    lines.add(line);
    socket.on("pong", (mark) => {
      const messageIds = line.proof.proven(String(mark));
      if (messageIds.length > 0) stage.report({ kind: "reached", socketId: line.id, messageIds });
    });
    socket.on("ping", (data) => {
      if (!line.deaf) socket.pong(data);
    });
    socket.on("error", () => {});
    const stopPings = keepPinging(line);
    socket.on("close", (code) => {
      stopPings();
      lines.delete(line);
      stage.report({ kind: "socket_closed", socketId: line.id, code });
    });
    stage.report({ kind: "socket_opened", socketId: line.id, botId, events: entry.events });
  }

  function keepPinging(line: Line): () => void {
    const everyMs = stage.world.behaviour.pingMs;
    if (everyMs === null) return () => {};
    let cancel = () => {};
    const next = () => {
      cancel = stage.clock.after(everyMs, () => {
        if (!line.deaf) line.socket.ping(line.proof.mark());
        next();
      });
    };
    next();
    return () => cancel();
  }

  function record(request: IncomingMessage): RequestRecord {
    const [path = "/", query = ""] = (request.url ?? "/").split("?");
    const at = stage.clock.now();
    const method = request.method ?? "GET";
    return { server: "gateway", method, path, query, at, keyInQuery: false, body: null, status: null };
  }

  function refuseWith(socket: Duplex, plain: Plain): void {
    stage.report({ kind: "socket_refused", status: plain.status });
    answerPlain(socket, plain);
  }

  /** True when the handshake goes on. */
  async function struck(fault: Fault | null, socket: Duplex): Promise<boolean> {
    if (fault === null || isApplied(fault)) return true;
    if (fault.kind === "hang") return false;
    if (fault.kind === "slow") await stage.clock.sleep(fault.ms ?? 0);
    if (fault.kind === "slow") return true;
    if (fault.kind === "reset_before") cut(socket);
    else if (fault.kind === "close_before") socket.end();
    else refuseWith(socket, plainFault(fault));
    return false;
  }

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    pending.add(socket);
    socket.on("close", () => pending.delete(socket));
    socket.on("error", () => {});
    const asked = record(request);
    stage.report({ kind: "request", request: asked });
    const { server, method, path } = asked;
    const fault = faults.take({ server, method, path });
    if (fault !== null) stage.report({ kind: "fault", fault: fault.kind, path });
    if (!(await struck(fault, socket)) || stopped || socket.destroyed) return;
    const entry = enter(stage, request);
    asked.status = entry.ok ? 101 : entry.status;
    if (!entry.ok) {
      return refuseWith(socket, { status: entry.status, headers: {}, text: JSON.stringify({ errors: [entry.error] }) });
    }
    wss.handleUpgrade(request, socket, head, (opened) => {
      pending.delete(socket);
      open(opened, entry);
      if (fault?.kind === "reset_after") cut(socket);
      if (fault?.kind === "close_after") socket.end();
    });
  }

  return {
    upgrade: (request, socket, head) => void upgrade(request, socket, head),
    send({ mass, ...frame }) {
      const text = JSON.stringify(frame);
      const texts = mangle === null ? [text] : mangle(text);
      for (const line of lines) {
        if (line.deaf || !line.events.has(frame.type) || (mass && !line.mass)) continue;
        for (const one of texts) line.socket.send(one);
        if (texts.includes(text)) line.proof.note(frame);
      }
    },
    sendRaw(raw) {
      for (const line of lines) if (!line.deaf) line.socket.send(raw);
    },
    mangle(change) {
      mangle = change;
    },
    disconnect(how) {
      for (const line of lines) {
        if ("code" in how) line.socket.close(how.code);
        else line.socket.terminate();
      }
    },
    deafen() {
      for (const line of lines) line.deaf = true;
    },
    checkTokens() {
      for (const line of lines) {
        const module = moduleOfToken(stage.world, line.token);
        if (module === undefined || !isServed(stage.world, module)) line.socket.close(1000);
      }
    },
    count: () => [...lines].filter(({ socket }) => socket.readyState === socket.OPEN).length,
    stop() {
      stopped = true;
      for (const socket of pending) socket.destroy();
      for (const line of lines) line.socket.terminate();
      wss.close();
    },
  };
}

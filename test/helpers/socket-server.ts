import { createServer, type IncomingMessage, STATUS_CODES } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";

/** How an upgrade is met: null accepts it, `hang` leaves it waiting for `release`, otherwise plain HTTP. */
export type Reception = null | "hang" | { status: number; body?: string; headers?: Record<string, string> };

export interface SocketServer {
  /** Its `http:` address, as a registration gives it. */
  readonly url: string;
  readonly upgrades: readonly IncomingMessage[];
  /** Sockets that are open at the moment. */
  open(): readonly WebSocket[];
  /** The most that were ever open at once. */
  mostOpen(): number;
  receive(reception: Reception): void;
  /** Accepts the upgrades that were left waiting. */
  release(): void;
  /** The next socket to be accepted, or the first that nobody has asked for. */
  next(): Promise<WebSocket>;
  /** Resolves when as many upgrades have been asked for. */
  upgraded(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** A real gateway socket on a free port of this machine. `autoPong: false` makes it deaf to pings. */
export async function startSocketServer({ autoPong = true } = {}): Promise<SocketServer> {
  const sockets = new WebSocketServer({ noServer: true, autoPong, perMessageDeflate: true });
  const upgrades: IncomingMessage[] = [];
  const raw = new Set<Duplex>();
  const accepted = createQueue<WebSocket>();
  const hanging: (() => void)[] = [];
  const watchers = new Set<() => void>();
  let reception: Reception = null;
  let mostOpen = 0;
  const open = () => [...sockets.clients].filter(({ readyState, OPEN }) => readyState === OPEN);

  const server = createServer((_request, response) => response.writeHead(426).end());
  // Once it is an upgrade, nobody else listens to what becomes of the connection.
  server.on("connection", (socket) => raw.add(socket.on("error", () => {})));
  server.on("upgrade", (request, socket, head) => {
    upgrades.push(request);
    for (const watch of watchers) watch();
    const accept = () =>
      sockets.handleUpgrade(request, socket, head, (opened) => {
        mostOpen = Math.max(mostOpen, open().length);
        accepted.push(opened);
      });
    if (reception === "hang") hanging.push(accept);
    else if (reception === null) accept();
    else refuse(socket, reception);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    upgrades,
    open,
    mostOpen: () => mostOpen,
    receive(next) {
      reception = next;
    },
    release() {
      for (const accept of hanging.splice(0)) accept();
    },
    next: accepted.shift,
    upgraded: (count) =>
      new Promise((resolve) => {
        const watch = () => {
          if (upgrades.length < count) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
        watch();
      }),
    stop() {
      for (const socket of raw) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function refuse(socket: Duplex, { status, body = "", headers = {} }: Exclude<Reception, null | "hang">): void {
  const all = { connection: "close", "content-length": String(Buffer.byteLength(body)), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`, ...lines, "", body].join("\r\n"));
}

/** Values that are asked for before or after they come. */
export function createQueue<T>() {
  const values: T[] = [];
  const waiting: ((value: T) => void)[] = [];
  return {
    push(value: T) {
      const next = waiting.shift();
      if (next) next(value);
      else values.push(value);
    },
    shift(): Promise<T> {
      const [value] = values.splice(0, 1);
      return value === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(value);
    },
  };
}

import type { Server as HttpServer } from "node:http";
import { createServer, type Server as NetServer, type Socket } from "node:net";

/** One address that leads to a server; a server may have many. Each can be closed and opened again on its own. */
export interface Door {
  /** Root address. */
  readonly url: string;
  readonly port: number;
  /** Refuses connections and cuts those there are. */
  close(): Promise<void>;
  /** Does nothing when it is open. Rejects when the port has been taken meanwhile. */
  open(): Promise<void>;
}

export interface Address {
  readonly host: string;
  /** 0: a free one, which is kept through `close` and `open`. */
  readonly port: number;
}

const listen = (server: NetServer, address: Address): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(address, () => {
      server.off("error", reject);
      resolve();
    });
  });

function portOf(server: NetServer): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the sandbox has no port");
  return address.port;
}

function urlOf({ host, port }: Address): string {
  const shown = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${shown.includes(":") ? `[${shown}]` : shown}:${port}`;
}

/** Hands every connection to `http`, as a listening HTTP server would take it. */
function createDoorway(http: HttpServer, inside: Set<Socket>): NetServer {
  return createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    inside.add(socket);
    socket.once("close", () => inside.delete(socket));
    http.emit("connection", socket);
  });
}

/** Resolves when the address is open. Rejects when the port is taken. `http` itself need not listen. */
export async function openDoor(http: HttpServer, { host, port: wanted }: Address): Promise<Door> {
  const inside = new Set<Socket>();
  let doorway: NetServer | null = createDoorway(http, inside);
  await listen(doorway, { host, port: wanted });
  const port = portOf(doorway);
  return {
    url: urlOf({ host, port }),
    port,
    async close() {
      const closing = doorway;
      doorway = null;
      if (closing === null) return;
      const closed = new Promise<void>((resolve) => closing.close(() => resolve()));
      for (const socket of inside) socket.destroy();
      await closed;
    },
    async open() {
      if (doorway !== null) return;
      doorway = createDoorway(http, inside);
      await listen(doorway, { host, port });
    },
  };
}

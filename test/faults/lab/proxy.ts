import { createServer, connect as dial, type Server, type Socket } from "node:net";
import { join, type Passage, type Way } from "./passage.ts";

/** What becomes of connections that are asked for from now on: they pass, are reset at once, are taken but never
 *  answered, or open with a direction that loses everything. */
export type Newcomers = "pass" | "reset" | "hang" | Way | "both";

/** A TCP proxy on the loopback that can be made to behave as badly as a network does. */
export interface TcpProxy {
  readonly port: number;
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  /** Connections whose client is still there, oldest first. */
  passages(): readonly Passage[];
  /** Those of them that are event sockets. */
  sockets(): readonly Passage[];
  /** When each connection was asked for, refused ones included (Unix ms). */
  readonly arrivals: readonly number[];
  newcomers(fate: Newcomers): void;
  /** Nobody listens at the port any more: connections are refused, those that are open stay. They are not counted. */
  close(): Promise<void>;
  /** Listens again at the same port. */
  reopen(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a proxy before a port of this machine. */
export async function startProxy(targetPort: number): Promise<TcpProxy> {
  const passages = new Set<Passage>();
  const ends = new Set<Socket>();
  const arrivals: number[] = [];
  let fate: Newcomers = "pass";

  const keep = (end: Socket) => {
    ends.add(end);
    end.once("close", () => ends.delete(end));
    end.on("error", () => {});
    end.setNoDelay(true);
  };
  const take = (client: Socket) => {
    arrivals.push(Date.now());
    keep(client);
    if (fate === "reset") return void client.resetAndDestroy();
    if (fate === "hang") return void client.resume();
    const upstream = dial({ port: targetPort, host: "127.0.0.1", allowHalfOpen: true });
    keep(upstream);
    const passage: Passage = join(client, upstream, () => passages.delete(passage));
    passages.add(passage);
    if (fate !== "pass") passage.drop(fate);
  };
  let server = createServer({ allowHalfOpen: true }, take);
  const port = await listening(server, 0);
  const open = () => [...passages];
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    passages: open,
    sockets: () => open().filter((passage) => passage.isSocket()),
    arrivals,
    newcomers(next) {
      fate = next;
    },
    // `close` of the server ends only when its connections have: nobody waits for that here.
    async close() {
      server.close();
    },
    async reopen() {
      if (server.listening) return;
      server = createServer({ allowHalfOpen: true }, take);
      await listening(server, port);
    },
    async stop() {
      for (const end of ends) end.destroy();
      if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function listening(server: Server, wanted: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(wanted, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  return address.port;
}

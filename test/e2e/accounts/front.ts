import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** What stands before the programs, as a load balancer does: browsers and the CRM know its address only. It passes bytes on. */
export interface Front {
  readonly url: string;
  /** From now on new connections go to the program at this address. */
  to(url: string): void;
  close(): Promise<void>;
}

export async function openFront(): Promise<Front> {
  let target = 0;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const there = connect(target, "127.0.0.1");
    for (const [one, other] of [
      [socket, there],
      [there, socket],
    ] as const) {
      open.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => open.delete(one));
      one.pipe(other);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a server has a port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    to(url) {
      target = Number(new URL(url).port);
      // Browsers keep connections: those to another program must not be used again.
      for (const socket of open) socket.destroy();
    },
    async close() {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, "close");
    },
  };
}

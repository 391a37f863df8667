import { once } from "node:events";
import { createServer } from "node:net";
import type { Lab } from "./scenario.ts";

/** A listener on this machine that nobody should ever reach. */
export interface Trap {
  readonly port: number;
  /** How many have come. */
  connections(): number;
}

/** Listens on all addresses of this machine. */
export async function startTrap(lab: Lab): Promise<Trap> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on("error", () => {}).destroy();
  }).listen(0);
  await once(server, "listening");
  lab.onTestFinished(async () => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a server has a port");
  return { port: address.port, connections: () => connections };
}

import { afterEach } from "vitest";
import { type SocketServer, startSocketServer } from "../helpers/socket-server.ts";

/** A token that must never be seen again. */
export const TOKEN = "canary-5b1e9c77d0";

/** What has to be ended after a test, the last first. */
export const ended: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

/** A gateway's socket until the test is over. */
export async function serve(options?: { autoPong?: boolean }): Promise<SocketServer> {
  const server = await startSocketServer(options);
  ended.push(server.stop);
  return server;
}

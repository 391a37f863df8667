import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openPool } from "../../../src/store/postgres/pool.ts";
import { wasCommitted } from "../../../src/store/postgres/receipts.ts";

const sockets = new Set<Socket>();
let server: Server;
beforeEach(async () => {
  // Takes connections and never says a word.
  server = createServer((socket) => void sockets.add(socket.on("error", () => {})));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  server.close();
  await once(server, "close");
});

it("fails without the limit of asking for a receipt: a server that swallows everything is not asked beyond the time for it", async () => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a server has a port");
  const pool = openPool(`postgres://rulebot:secret@127.0.0.1:${address.port}/rulebot`, 1);
  const lost = new Error("the connection broke at COMMIT");
  await expect(wasCommitted(pool, { client: "c", number: 1 }, lost, 50)).rejects.toBe(lost);
  void pool.end();
}, 8_000);

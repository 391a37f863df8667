import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { accountOf, connected, sandboxFor, startBot } from "../e2e/bot.ts";
import { type PostgresServer, startPostgres } from "../helpers/postgres.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const RULES = "- rule: Hello\n  when: {message: any}\n  do: [{reply: Hello!}]";
const cleaner = { onTestFinished };

const WAITS = "can't be reached (ECONNREFUSED). Check storage: and whether the database is running. Waiting for it.";

/** The program, started before its database, once it waits. */
async function waiting() {
  const DATABASE_URL = await server.fresh();
  await server.crash();
  const sandbox = await sandboxFor(cleaner);
  const files = { "bot.config.yaml": connected(RULES) };
  const bot = await startBot(cleaner, { files, env: { ...accountOf(sandbox), DATABASE_URL } });
  await bot.logged(({ msg }) => String(msg).endsWith(WAITS));
  return { bot, sandbox };
}

describe("a program that is started before its database", () => {
  it("waits for it, and answers then", async () => {
    const { bot, sandbox } = await waiting();
    const listens = sandbox.waitFor(({ kind }) => kind === "socket_opened", 15_000);
    await server.start();
    await listens;
    sandbox.newCustomer({ name: "Pablo Soto", channel: "whatsapp" });
    sandbox.customerSays("hello", { customer: "Pablo Soto" });
    await sandbox.until(({ messages }) => [...messages.values()].some(({ content }) => content === "Hello!"));
    expect(await bot.stop("SIGTERM")).toBe(0);
  });

  it("ends in good order when it is asked to while it waits", async () => {
    const { bot } = await waiting();
    expect(await bot.stop("SIGTERM")).toBe(0);
    expect(bot.errors()).toBe("");
    await server.start();
  });
});

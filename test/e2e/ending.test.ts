import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { accountOf, connected, heard, listeningBot, sandboxFor, spoken, startBot } from "./bot.ts";

/** Spec section 9: everything has ended by then. */
const DRAINED_MS = 8_000;
const FILES = {
  "bot.config.yaml": connected(`
- rule: Answer
  when: {message: any}
  do:
    - reply: "Language: {{ customer.language or 'not known' }}"
`),
};

it("ends in time while a look-up hangs, and decides the event at the next start with all its facts", async (test) => {
  const sandbox = await sandboxFor(test);
  const folder = await mkdtemp(join(tmpdir(), "rulebot-"));
  test.onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const first = await listeningBot(test, sandbox, { files: FILES, folder });
  const recover = sandbox.faults.add({ kind: "hang", match: { path: "/api/bot/v1/customers" }, times: null });
  const struck = sandbox.waitFor(({ kind }) => kind === "fault");
  sandbox.customerSays("hello");
  await struck;
  expect(await Promise.race([first.stop(), late(DRAINED_MS)])).toBe(0);
  expect(first.errors()).toBe("");
  expect(spoken(sandbox)).toEqual([]);
  recover();
  await listeningBot(test, sandbox, { files: FILES, folder });
  expect(await heard(sandbox, 1)).toEqual(["public: Language: en"]);
});

it.each([
  { when: "the CRM hangs", match: { server: "crm" as const } },
  { when: "the gateway hangs", match: { server: "gateway" as const } },
])("ends in time at SIGTERM while $when at the start", async ({ match }) => {
  const cleaner = { onTestFinished };
  const sandbox = await sandboxFor(cleaner);
  sandbox.faults.add({ kind: "hang", match, times: null });
  const struck = sandbox.waitFor(({ kind }) => kind === "fault", 15_000);
  const bot = await startBot(cleaner, { files: FILES, env: accountOf(sandbox) });
  await struck;
  expect(await Promise.race([bot.stop(), late(DRAINED_MS)])).toBe(0);
  expect(bot.errors()).not.toMatch(/\n\s+at /);
});

it.each([{ signal: "SIGTERM" as const }, { signal: "SIGINT" as const }])(
  "ends with 0 at $signal while it is still starting",
  async ({ signal }) => {
    const cleaner = { onTestFinished };
    const sandbox = await sandboxFor(cleaner);
    const asked = sandbox.waitFor(({ kind }) => kind === "request", 15_000);
    const bot = await startBot(cleaner, { files: FILES, env: accountOf(sandbox) });
    await asked;
    expect(await Promise.race([bot.stop(signal), late(DRAINED_MS)])).toBe(0);
  },
);

/** Sends the process a signal when the program's files begin to be read. */
const SIGNAL_EARLY = `data:text/javascript,
  import { registerHooks } from "node:module";
  registerHooks({
    load(url, context, next) {
      if (url.endsWith("/cli/program.ts")) process.kill(process.pid, "SIGTERM");
      return next(url, context);
    },
  });`;

it("ends with 0 at SIGTERM while its own files are still being read", async () => {
  const cleaner = { onTestFinished };
  const sandbox = await sandboxFor(cleaner);
  const nodeArgs = ["--import", SIGNAL_EARLY];
  const bot = await startBot(cleaner, { files: FILES, env: accountOf(sandbox), nodeArgs });
  expect(await bot.ended).toBe(0);
  expect(bot.errors()).toBe("");
});

async function late(ms: number): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve(`not within ${ms} ms`), ms);
  timer.unref();
  return promise;
}

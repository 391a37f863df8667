import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { accountOf, type Bot, connected, heard, listeningBot, sandboxFor, spoken, startBot } from "./bot.ts";

const FILES = {
  "bot.config.yaml": connected(`
- rule: Answer
  when: {message: any}
  do:
    - reply: Here.
`),
};
const EDIT = "/api/v5/integration-modules/rulebot/edit";

/** Every log line that a refusal causes, as the operator sees it: none has a stack trace. */
function expectClear(bot: Bot, sandbox: Sandbox): void {
  const all = bot.output() + bot.errors();
  expect(all).not.toMatch(/\n\s+at /);
  expect(all).not.toContain('"stack"');
  expect(all).not.toContain(sandbox.apiKey);
}

it.each([
  {
    why: "a page that is no CRM's",
    fault: { kind: "html" as const },
    says: /^There is no CRM account at http:\S+\. Check the address\.\n$/,
  },
  {
    why: "an account that does not exist",
    fault: { kind: "status" as const, status: 400, body: { success: false, errorMsg: "Account does not exist." } },
    says: /^There is no CRM account at http:\S+\. Check the address\.\n$/,
  },
  {
    why: "an address that points elsewhere",
    fault: { kind: "status" as const, status: 301, headers: { location: "https://shop.example/login?a=b" } },
    says: /^The CRM is not at http:\S+ \(.+ answered 301 and points to https:\/\/shop\.example; redirects are not followed\)\. Check the address\.\n$/,
  },
])("ends with 3 and one sentence at $why", async ({ fault, says }) => {
  const test = { onTestFinished };
  const sandbox = await sandboxFor(test);
  sandbox.faults.add({ ...fault, match: { server: "crm" }, times: null });
  const bot = await startBot(test, { files: FILES, env: accountOf(sandbox) });
  expect(await bot.ended).toBe(3);
  expect(bot.errors()).toMatch(says);
  expectClear(bot, sandbox);
});

it.each([
  {
    why: "a file in place of the folder",
    storage: "./bot.config.yaml/rulebot.db",
    says: / is not a folder\. Change storage:\.\n$/,
  },
  {
    why: "a file that is no database",
    storage: "./notes.db",
    says: /notes\.db is not a Rulebot database\..+left as it is\.\n$/,
  },
])(
  "ends with 1 and one sentence at $why where its SQLite file should be, and leaves it alone",
  async ({ storage, says }) => {
    const test = { onTestFinished };
    const sandbox = await sandboxFor(test);
    const notes = "These are notes. ".repeat(500);
    const files = { "bot.config.yaml": `${FILES["bot.config.yaml"]}\nstorage: ${storage}\n`, "notes.db": notes };
    const bot = await startBot(test, { files, env: accountOf(sandbox) });
    expect(await bot.ended).toBe(1);
    expect(bot.errors()).toMatch(says);
    expect(bot.errors().trim().split("\n")).toHaveLength(1);
    expect(await readFile(join(bot.folder, "notes.db"), "utf8")).toBe(notes);
    expect(sandbox.requests).toEqual([]);
  },
);

it.each([
  {
    why: "disabled chats",
    prepare: (sandbox: Sandbox) => sandbox.setChats(false),
    says: "Chats are not enabled in this CRM account: Failed to activate module; Chats are disabled in the account. Enable them",
  },
  {
    why: "an answer without address and token",
    prepare(sandbox: Sandbox) {
      const body = { success: true, info: {} };
      sandbox.faults.add({ kind: "status", status: 201, body, match: { path: EDIT }, times: null });
    },
    says: "The CRM accepted the module but gave no chat address or token.",
  },
  {
    why: "a chat address that is none",
    prepare(sandbox: Sandbox) {
      const body = { success: true, info: { mgBot: { endpointUrl: "file:///etc/passwd", token: "t".repeat(40) } } };
      sandbox.faults.add({ kind: "status", status: 201, body, match: { path: EDIT }, times: null });
    },
    says: "The CRM gave a chat address that is not a web address. The token was not sent there.",
  },
])("is ready, says so in one sentence and waits at $why", async ({ prepare, says }) => {
  const test = { onTestFinished };
  const sandbox = await sandboxFor(test);
  prepare(sandbox);
  const bot = await startBot(test, { files: FILES, env: accountOf(sandbox) });
  await bot.says(says);
  await bot.says("Rulebot is ready");
  expect((await fetch(`${bot.url()}/readyz`)).status).toBe(200);
  expect(bot.errors().trim().split("\n")).toHaveLength(1);
  expect(await bot.stop()).toBe(0);
  expectClear(bot, sandbox);
});

it("says at once that the CRM does not answer, says it once, and goes to work when it does", async (test) => {
  const sandbox = await sandboxFor(test);
  await sandbox.down("crm");
  const bot = await startBot(test, { files: FILES, env: accountOf(sandbox) });
  await bot.says(`The CRM ${sandbox.crmUrl} cannot be reached`);
  const open = sandbox.waitFor(({ kind }) => kind === "socket_opened", 15_000);
  await sandbox.up("crm");
  await open;
  sandbox.customerSays("hello");
  expect(await heard(sandbox, 1)).toEqual(["public: Here."]);
  expect(bot.errors()).toMatch(
    /^The CRM http:\S+ cannot be reached \(GET http:\S+ failed: nobody answers at this address \(ECONNREFUSED\)\)\.\nThe module is registered\.\n$/,
  );
  expectClear(bot, sandbox);
});

it("waits for a gateway that does not answer yet", async (test) => {
  const sandbox = await sandboxFor(test);
  await sandbox.down("gateway");
  const bot = await startBot(test, { files: FILES, env: accountOf(sandbox) });
  const line = await bot.logged(({ msg }) => msg === "the gateway does not tell the bot who it is; asking again");
  expect(line.reason).toMatch(/failed: nobody answers at this address \(ECONNREFUSED\)$/);
  const open = sandbox.waitFor(({ kind }) => kind === "socket_opened", 15_000);
  await sandbox.up("gateway");
  await open;
  sandbox.customerSays("hello");
  expect(await heard(sandbox, 1)).toEqual(["public: Here."]);
  expectClear(bot, sandbox);
});

it("says that the gateway refuses a token which the CRM still gives, and does not hammer it", async (test) => {
  const sandbox = await sandboxFor(test);
  const bot = await listeningBot(test, sandbox, { files: FILES });
  const refusal = { kind: "status" as const, status: 401, body: { errors: ["Token is not valid."] }, times: null };
  sandbox.faults.add({ ...refusal, match: { server: "gateway" } });
  const asked = sandbox.waitFor(
    (change) => change.kind === "answered" && change.request.path === "/api/v5/integration-modules/rulebot",
    15_000,
  );
  sandbox.disconnectSockets({ abrupt: true });
  await asked;
  await bot.says("The chat gateway does not accept the bot's token, although the CRM still gives the same one.");
  const tries = () => sandbox.requests.filter(({ server }) => server === "gateway").length;
  const before = tries();
  sandbox.customerSays("hello");
  expect((await fetch(`${bot.url()}/readyz`)).status).toBe(200);
  expect(await bot.stop()).toBe(0);
  expect(tries()).toBe(before);
  expect(spoken(sandbox)).toEqual([]);
  expectClear(bot, sandbox);
});

it("stops acting when the CRM switches the module off, and goes on when it is switched on", async (test) => {
  const sandbox = await sandboxFor(test);
  const head = `module: {code: rulebot, name: Helper, public_url: "\${PUBLIC_URL}"}`;
  const port = await freePort();
  const file = connected("- rule: Answer\n  when: {message: any}\n  do:\n    - reply: Here.\n", head);
  const bot = await listeningBot(test, sandbox, {
    files: { "bot.config.yaml": file.replace("port: 0", `port: ${port}`) },
    env: { PUBLIC_URL: `http://127.0.0.1:${port}` },
  });
  const edits = () => sandbox.requests.filter(({ path }) => path === EDIT).length;
  const before = edits();
  await sandbox.setModule("rulebot", { active: false });
  await bot.says("The module is switched off in the CRM.");
  expect(sandbox.socketCount()).toBe(0);
  const open = sandbox.waitFor(({ kind }) => kind === "socket_opened", 15_000);
  await sandbox.setModule("rulebot", { active: true });
  await open;
  sandbox.customerSays("hello");
  expect(await heard(sandbox, 1)).toEqual(["public: Here."]);
  expect(edits()).toBe(before);
});

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

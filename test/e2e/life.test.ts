import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { connected, heard, listeningBot, sandboxFor, spoken, startBot } from "./bot.ts";

const answer = (text: string) => `
- rule: Answer
  when: {message: any}
  do:
    - reply: ${text}
`;
const COMMANDS = "commands: {help: What the bot can do}";
const withCommand = `${answer("One.")}- rule: Help
  when: {command: help}
  do:
    - reply: Help yourself.
`;

it("registers the module once, declares its commands, and is the same module after a restart", async (test) => {
  const sandbox = await sandboxFor(test);
  const folder = await mkdtemp(join(tmpdir(), "rulebot-"));
  test.onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const files = { "bot.config.yaml": connected(withCommand, COMMANDS) };
  const first = await listeningBot(test, sandbox, { files, folder });
  await sandbox.until(({ commands }) => [...commands.values()].some(({ name }) => name === "help"));
  const module = sandbox.world.modules.get("rulebot");
  expect(module?.fields).toMatchObject({ code: "rulebot", integrations: { mgBot: {} } });
  expect(String(module?.fields.clientId)).toMatch(/^[0-9a-f]{64}$/);
  expect(await first.stop()).toBe(0);

  const second = await listeningBot(test, sandbox, { files: { "bot.config.yaml": connected(answer("Two.")) }, folder });
  await sandbox.until(({ commands }) => commands.size === 0);
  const again = sandbox.world.modules.get("rulebot");
  expect(again).toMatchObject({ token: module?.token, fields: { clientId: module?.fields.clientId } });
  expect(sandbox.world.modules.size).toBe(1);
  expect(sandbox.requests.some(({ body }) => JSON.stringify(body ?? "").includes("refreshToken"))).toBe(false);
  expect(sandbox.requests.some(({ keyInQuery }) => keyInQuery)).toBe(false);
  expect(await second.stop()).toBe(0);
});

it("does not switch on a module that is switched off, says so, and goes on when it is on again", async (test) => {
  const sandbox = await sandboxFor(test);
  const folder = await mkdtemp(join(tmpdir(), "rulebot-"));
  test.onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const files = { "bot.config.yaml": connected(answer("One.")) };
  const first = await listeningBot(test, sandbox, { files, folder });
  await first.stop();
  await sandbox.setModule("rulebot", { active: false });
  const edits = () => sandbox.requests.filter(({ path }) => path.endsWith("/edit")).length;
  const before = edits();
  const second = await startBot(test, { files, folder, env: { CRM_URL: sandbox.crmUrl, CRM_API_KEY: sandbox.apiKey } });
  await second.says("switched off");
  expect(edits()).toBe(before);
  expect(sandbox.socketCount()).toBe(0);
  expect(await second.stop()).toBe(0);
});

it("fails without the last good rules: takes over a saved file, and keeps the last good rules when the file has a fault", async (test) => {
  const sandbox = await sandboxFor(test);
  const bot = await listeningBot(test, sandbox, { files: { "bot.config.yaml": connected(answer("One.")) } });
  sandbox.customerSays("a");
  expect(await heard(sandbox, 1)).toEqual(["public: One."]);

  await bot.save("bot.config.yaml", connected(answer("Two.")));
  await bot.logged(({ msg }) => msg === "the files were read again");
  sandbox.customerSays("b");
  expect((await heard(sandbox, 2)).at(-1)).toBe("public: Two.");

  await bot.save("bot.config.yaml", connected(answer("Three.")).replace("message: any", "mesage: any"));
  await bot.says('I do not know "mesage"');
  const ready = await fetch(`${bot.url()}/readyz`);
  expect([ready.status, JSON.stringify(await ready.json())]).toEqual([
    200,
    expect.stringMatching(/bot\.config\.yaml:\d+/),
  ]);
  sandbox.customerSays("c");
  expect((await heard(sandbox, 3)).at(-1)).toBe("public: Two.");

  await bot.save("bot.config.yaml", connected(answer("Four.")));
  await bot.logged(
    ({ msg, rules }) =>
      msg === "the files were read again" && rules === 1 && bot.logs.filter((line) => line.msg === msg).length === 2,
  );
  sandbox.customerSays("d");
  expect((await heard(sandbox, 4)).at(-1)).toBe("public: Four.");
});

it("opens a second socket for a reload that needs other events, and closes the first only then", async (test) => {
  const sandbox = await sandboxFor(test);
  const bot = await listeningBot(test, sandbox, { files: { "bot.config.yaml": connected(answer("One.")) } });
  const sockets: string[] = [];
  sandbox.on(({ kind }) => {
    if (kind.startsWith("socket_")) sockets.push(kind);
  });
  const raw = `${answer("One.")}- rule: Deleted\n  when: {event: message_deleted}\n  do:\n    - note: A message was deleted.\n`;
  const closed = sandbox.waitFor(({ kind }) => kind === "socket_closed", 15_000);
  await bot.save("bot.config.yaml", connected(raw));
  await closed;
  expect(sockets).toEqual(["socket_opened", "socket_closed"]);
  const message = sandbox.customerSays("a");
  await heard(sandbox, 1);
  sandbox.customerDeletes(message.id);
  expect((await heard(sandbox, 2)).at(-1)).toBe("private: A message was deleted.");
});

it.each([{ how: { code: 1000 } }, { how: { abrupt: true as const } }])(
  "comes back after the gateway closes the socket with $how",
  async ({ how }) => {
    const test = { onTestFinished };
    const sandbox = await sandboxFor(test);
    await listeningBot(test, sandbox, { files: { "bot.config.yaml": connected(answer("Here.")) } });
    const back = sandbox.waitFor(({ kind }) => kind === "socket_opened", 15_000);
    sandbox.disconnectSockets(how);
    await back;
    sandbox.customerSays("hello?");
    expect(await heard(sandbox, 1)).toEqual(["public: Here."]);
  },
);

it("ends at SIGTERM with the work under way done, and exit code 0", async (test) => {
  const sandbox = await sandboxFor(test);
  const bot = await listeningBot(test, sandbox, { files: { "bot.config.yaml": connected(answer("Done.")) } });
  sandbox.faults.add({ kind: "slow", ms: 500, match: { method: "POST", path: "/api/bot/v1/messages" } });
  const asked = sandbox.waitFor(
    (change) =>
      change.kind === "request" && change.request.method === "POST" && change.request.path === "/api/bot/v1/messages",
  );
  sandbox.customerSays("hello");
  await asked;
  expect(await bot.stop("SIGTERM")).toBe(0);
  expect(spoken(sandbox)).toEqual(["public: Done."]);
  expect(bot.errors()).toBe("");
});

it("tells by exit code 3 and one sentence that the key is refused, and never prints it", async (test) => {
  const sandbox = await sandboxFor(test);
  const key = "canary-0123456789abcdef";
  const bot = await startBot(test, {
    files: { "bot.config.yaml": connected(answer("x")) },
    env: { CRM_URL: sandbox.crmUrl, CRM_API_KEY: key },
  });
  expect(await bot.ended).toBe(3);
  expect(bot.errors()).toMatch(/key/i);
  expect(bot.output() + bot.errors()).not.toContain(key);
  expect(bot.output() + bot.errors()).not.toMatch(/\n\s+at /);
});

it("shows no secret and no customer's words in its log, whatever the level", async (test) => {
  const sandbox = await sandboxFor(test);
  const bot = await listeningBot(test, sandbox, {
    files: { "bot.config.yaml": connected(answer("Hi.")).replace("level: debug", "level: trace") },
  });
  sandbox.customerSays("my secret words are xylophone");
  await heard(sandbox, 1);
  sandbox.faults.add({ kind: "html", match: { path: "/api/bot/v1/messages", method: "POST" } });
  sandbox.customerSays("xylophone again");
  await bot.logged(({ level, chat }) => Number(level) >= 40 && chat !== undefined);
  await bot.stop();
  const token = [...sandbox.world.modules.values()][0]?.token ?? "no token";
  const everything = bot.output() + bot.errors();
  for (const secret of [sandbox.apiKey, token, "xylophone"]) expect(everything).not.toContain(secret);
}, 30_000);

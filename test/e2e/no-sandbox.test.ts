import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { accountOf, connected, listeningBot, sandboxFor, startBot } from "./bot.ts";

const MAIN = new URL("../../src/main.ts", import.meta.url).pathname;
const RULES = "- rule: Answer\n  when: {message: any}\n  do:\n    - reply: Here.\n";
// Without the variables nothing is named: then there is a sandbox.
const FILES = {
  "bot.config.yaml": connected(RULES).replace(/\$\{(CRM_\w+)\}/gu, (_all, name: string) => `\${${name}:-}`),
};

it("does not start the sandbox while accounts are stored, says what to do, and starts it once they are removed", async () => {
  const test = { onTestFinished };
  const folder = await mkdtemp(join(tmpdir(), "rulebot-no-sandbox-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const sandbox = await sandboxFor(test);
  const bot = await listeningBot(test, sandbox, { folder, files: FILES });
  await bot.says("Rulebot is ready");
  await bot.stop();

  const again = await startBot(test, { folder, files: {} });
  expect(await again.ended).toBe(2);
  expect(again.output()).toBe("");
  expect(again.errors()).toMatch(
    /^The storage holds connected accounts \(1\), but neither crm: nor service: is set, .+ Set CRM_URL and CRM_API_KEY /,
  );

  // With the account named it goes on, as before.
  const back = await listeningBot(test, sandbox, { folder, files: {}, env: accountOf(sandbox) });
  await back.says("Rulebot is ready");
  await back.stop();
  const { host } = new URL(sandbox.crmUrl);
  const env = { PATH: process.env.PATH ?? "", DATABASE_URL: bot.storage };
  const args = [MAIN, "remove", host, "--config", join(folder, "bot.config.yaml")];
  const said = await new Promise<string>((resolve) =>
    execFile(process.execPath, args, { env }, (_error, stdout, stderr) => resolve(stdout + stderr)),
  );
  expect(said).toContain(`Removed: ${host}/rulebot`);
  const free = await startBot(test, { folder, files: {} });
  await free.says("(sandbox)");
  expect(await free.stop()).toBe(0);
}, 90_000);

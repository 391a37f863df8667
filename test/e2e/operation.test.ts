import { afterEach, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { type Folder, makeFolder, type Program, run, start } from "../cli/program.ts";
import { botTexts } from "../connection/account.ts";
import { STORE } from "../helpers/test-store.ts";

const CONFIG = `version: 1
module: {code: rulebot, name: Helper}
crm: {url: "\${CRM_URL}", api_key: "\${CRM_API_KEY}"}
http: {metrics_token: "\${METRICS_TOKEN}"}
rules:
  - rule: Echo
    when: {message: any}
    do:
      - reply: "{{ message.text }}"
`;
const TOKEN = "a-token-for-metrics";

let folder: Folder;
let sandbox: Sandbox;
let program: Program;
afterEach(async () => {
  program.child.kill("SIGKILL");
  await program.ended;
  await sandbox.stop();
  await folder.remove();
});

const env = () => ({ CRM_URL: sandbox.crmUrl, CRM_API_KEY: sandbox.apiKey, METRICS_TOKEN: TOKEN });
const command = (...args: readonly string[]) => run(args, { folder, env: env() });
const READY = /Rulebot is ready: (http:\/\/[^\s"]+)/;

it("the running program is paused, resumed, saved, asked for numbers, and forgets", async () => {
  sandbox = await startSandbox();
  folder = await makeFolder({ "bot.config.yaml": CONFIG });
  program = start(["start"], { folder, env: env() });
  const address = READY.exec(await program.printed(READY))?.[1] ?? "";
  await sandbox.until(() => sandbox.socketCount() === 1, 15_000);
  const { from } = sandbox.customerSays("one");
  await sandbox.until(() => botTexts(sandbox).length === 1);

  const id = `${new URL(sandbox.crmUrl).host}/rulebot`;
  expect(await command("pause", "127.0.0.1")).toMatchObject({ code: 0, stdout: expect.stringContaining(id) });
  await sandbox.until(() => sandbox.socketCount() === 0, 5_000);
  sandbox.customerSays("two");
  // PostgreSQL has its own tool for it, which the command names.
  const backup = STORE === "SQLite" ? { code: 0 } : { code: 2, stderr: expect.stringContaining("pg_dump") };
  expect(await command("backup", "copy.db")).toMatchObject(backup);
  expect(await command("resume")).toMatchObject({ code: 0, stdout: `Resumed: ${id}.\n` });
  await sandbox.until(() => botTexts(sandbox).length === 2, 15_000);
  expect(botTexts(sandbox)).toEqual(["one", "two"]);

  // The door of the commands is there for a file alone: PostgreSQL they reach by themselves.
  const door = await fetch(`${address}/operation/pause`, {
    method: "POST",
    headers: { authorization: "Bearer guess" },
  });
  expect(door.status).toBe(STORE === "SQLite" ? 401 : 404);
  expect((await fetch(`${address}/metrics`)).status).toBe(401);
  const metrics = async () =>
    await (await fetch(`${address}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })).text();
  const labels = `{connection="${id}"`;
  await expect.poll(metrics).toContain(`rulebot_socket_up${labels}} 1`);
  const text = await metrics();
  for (const row of [
    `rulebot_decisions_total${labels},rule="Echo",verdict="fired"} 2`,
    `rulebot_api_requests_total${labels},api="crm"}`,
    `rulebot_api_requests_total${labels},api="bot"}`,
    "rulebot_connections 1",
    "rulebot_store_up 1",
    "rulebot_config_last_reload_success 1",
  ])
    expect(text).toContain(row);
  for (const secret of [sandbox.apiKey, sandbox.world.modules.get("rulebot")?.token ?? "-", TOKEN])
    expect(text).not.toContain(secret);

  await folder.write("bot.config.yaml", `${CONFIG}nonsense: yes\n`);
  await expect.poll(metrics, { timeout: 10_000 }).toContain('rulebot_config_reloads_total{result="refused"} 1');
  expect(await metrics()).toContain("rulebot_config_last_reload_success 0");

  await folder.write("bot.config.yaml", CONFIG);
  const customer = String(from?.id ?? 0);
  expect((await command("forget", "--customer", customer)).stdout).toContain(`${id}: removed profiles: 1, chats: 1`);
  expect((await command("forget", "--customer", customer)).stdout).not.toContain("removed");
  // With a file the running program is asked; PostgreSQL is reached by the command itself.
  if (STORE === "SQLite") expect(program.stdout()).toContain('"msg":"a customer was forgotten"');
});

import { execFile } from "node:child_process";
import { request } from "node:http";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openStore } from "../../src/store/open.ts";
import { DATABASE_PASSWORD } from "../helpers/postgres.ts";
import { accountOf, connected, heard, listeningBot, sandboxFor } from "./bot.ts";

const MAIN = new URL("../../src/main.ts", import.meta.url).pathname;
const WORDS = "xylophone";
const RULES = `
- rule: Answer
  when: {message: any}
  do:
    - reply: Hi.
    - assign: Nobody Known
`;
const TRACE = connected(RULES, "commands: {help: What the bot can do}").replace("level: debug", "level: trace");

it("shows no key, no token and no customer's words: in its log, its pages, its commands, whatever goes wrong", async (test) => {
  const sandbox = await sandboxFor(test, { seed: { apiKey: "canary-key-0123456789abcdef" } });
  const bot = await listeningBot(test, sandbox, { files: { "bot.config.yaml": TRACE } });
  const said: string[] = [];

  // What the services answer repeats what they were sent, as careless servers do.
  const token = sandbox.world.modules.get("rulebot")?.token ?? "no token";
  const echo = { errors: [`Token ${token} of key ${sandbox.apiKey} may not do that`] };
  const sending = { method: "POST", path: "/api/bot/v1/messages" };
  sandbox.faults.add({ kind: "status", status: 400, body: echo, match: sending });
  sandbox.customerSays(`my ${WORDS}`);
  await bot.logged(({ msg }) => msg === "call failed");
  for (const fault of [{ kind: "html" as const, status: 502 }, { kind: "reset_before" as const }]) {
    sandbox.faults.add({ ...fault, match: { ...sending } });
    sandbox.newCustomer({ name: fault.kind, channel: "telegram" });
    const lost = bot.logs.length;
    sandbox.customerSays(WORDS, { customer: fault.kind });
    await bot.logged((line) => bot.logs.indexOf(line) >= lost && String(line.msg).startsWith("the answer to a call"));
  }
  sandbox.sendFrame(`${WORDS} ${token}`);
  sandbox.newCustomer({ name: "Last", channel: "telegram" });
  sandbox.customerSays("hello", { customer: "Last" });
  await heard(sandbox, 1);

  // Its pages.
  const store = await openStore(bot.storage, { readOnly: true });
  const statusToken = String(await store.fact("", "status_token"));
  await store.close();
  expect(statusToken).toMatch(/^[0-9a-f]{64}$/);
  const authorization = `Bearer ${statusToken}`;
  for (const [path, headers] of [
    ["/healthz", {}],
    ["/readyz", {}],
    ["/status", {}],
    ["/status", { authorization: `${authorization}0` }],
    ["/status", { authorization }],
    [`/nowhere?token=${token}`, {}],
    ["/actions/activity", {}],
  ] as const) {
    const answer = await fetch(bot.url() + path, { headers });
    said.push(`${path.split("?")[0]} ${answer.status} ${await answer.text()}`);
  }
  said.push(await posted(`${bot.url()}/actions/activity`, `{"clientId": "${token}`));
  said.push(await posted(`${bot.url()}/actions/activity`, "x".repeat(70_000)));
  expect(said.filter((text) => /^\/status 200/.test(text)).length).toBe(1);

  // Its commands, once with the right key and once with a wrong one.
  const right = { ...accountOf(sandbox), PATH: process.env.PATH ?? "", DATABASE_URL: bot.storage };
  const wrong = { ...right, CRM_API_KEY: "canary-wrong-0123456789" };
  const config = ["--config", join(bot.folder, "bot.config.yaml")];
  said.push(await ran(["check", "--online", ...config], right), await ran(["status", ...config], right));
  expect(said.at(-1)).toMatch(/\nprogram +running\n/);
  said.push(await ran(["status", ...config], wrong));
  const body = { success: false, errorMsg: `Key ${sandbox.apiKey} may not do that` };
  sandbox.faults.add({ kind: "status", status: 403, body, match: { server: "crm" } });
  const refused = await ran(["register", ...config], right);
  expect(refused).toContain("refuses the API key");
  said.push(refused);
  expect(await bot.stop()).toBe(0);

  const everything = [bot.output(), bot.errors(), ...said].join("\n");
  const secrets = [sandbox.apiKey, "canary-wrong-0123456789", token, statusToken, WORDS, DATABASE_PASSWORD];
  const shown = secrets.flatMap((secret) => everything.split("\n").filter((line) => line.includes(secret)));
  expect(shown).toEqual([]);
}, 60_000);

/** Everything a command prints. */
function ran(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { env }, (_error, stdout, stderr) =>
      resolve(`${args[0]}: ${stdout}${stderr}`),
    );
  });
}

/** Status and body of a POST of JSON, as raw as it came. */
function posted(url: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: "POST", headers: { "content-type": "application/json" } }, (answer) => {
      let text = "";
      answer.on("data", (chunk) => {
        text += chunk;
      });
      answer.on("end", () => resolve(`${answer.statusCode} ${text}`));
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

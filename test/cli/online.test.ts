import { afterEach, describe, expect, it } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/index.ts";
import { botTexts } from "../connection/account.ts";
import { freePort } from "../helpers/http-server.ts";
import { type Folder, makeFolder, type Program, run, start } from "./program.ts";

const CONFIG = `version: 1
module: {code: rulebot, name: Helper}
crm: {url: "\${CRM_URL}", api_key: "\${CRM_API_KEY}"}
commands: {delivery: Ways of delivery}
include: rules/*.yaml
`;
const RULES = `rules:
  - rule: Delivery
    when: {message_has: delivery}
    do:
      - reply: We deliver in 1-3 days.
  - rule: Command
    when: {command: delivery}
    do:
      - note: By courier.
`;

let folder: Folder;
let sandbox: Sandbox;
const programs: Program[] = [];

afterEach(async () => {
  for (const { child } of programs) child.kill("SIGKILL");
  await Promise.all(programs.splice(0).map(({ ended }) => ended));
  await sandbox?.stop();
  await folder.remove();
});

async function prepare(options: SandboxOptions = {}): Promise<void> {
  sandbox = await startSandbox(options);
  folder = await makeFolder({ "bot.config.yaml": CONFIG, "rules/faq.yaml": RULES });
}

const account = () => ({ CRM_URL: sandbox.crmUrl, CRM_API_KEY: sandbox.apiKey });

function begin(args: readonly string[] = ["start"], env: Readonly<Record<string, string>> = account()): Program {
  const program = start(args, { folder, env });
  programs.push(program);
  return program;
}

const command = (args: readonly string[], env: Readonly<Record<string, string>> = account()) =>
  run(args, { folder, env });

const READY = /Rulebot is ready: (http:\/\/[^\s"]+)/;

/** Waits for the ready line and gives the address in it. */
async function addressOf(program: Program): Promise<string> {
  return READY.exec(await program.printed(READY))?.[1] ?? "";
}

const listening = () => sandbox.until(() => sandbox.socketCount() > 0, 15_000);
const answers = (count: number) => sandbox.until(() => botTexts(sandbox).length >= count);

async function listen(program: Program): Promise<string> {
  const address = await addressOf(program);
  await listening();
  return address;
}

describe("rulebot start", () => {
  it("answers, is ready, drains on SIGTERM and exits with 0", async () => {
    await prepare();
    const program = begin();
    const address = await listen(program);
    sandbox.customerSays("delivery?");
    await answers(1);
    const ready = await fetch(`${address}/readyz`);
    expect({ status: ready.status, body: await ready.json() }).toMatchObject({
      status: 200,
      body: { ready: true, config_last_reload_success: 1 },
    });
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    program.child.kill("SIGTERM");
    const { code, stdout, stderr } = await program.ended;
    expect(code).toBe(0);
    expect(stdout.match(/Rulebot is ready/g)?.length).toBe(1);
    expect(stderr).toBe("");
    expect(sandbox.socketCount()).toBe(0);
  });

  it("writes its log as JSON lines without customers' words or secrets", async () => {
    await prepare();
    const program = begin();
    const address = await listen(program);
    sandbox.customerSays("a private word about delivery");
    await answers(1);
    program.child.kill("SIGINT");
    const { stdout } = await program.ended;
    const lines = stdout.split("\n").filter((line) => line !== "");
    const logged = lines.map((line) => JSON.parse(line));
    expect(logged.find(({ url }) => url === address)).toMatchObject({ level: 30, msg: `Rulebot is ready: ${address}` });
    const fired = logged.find(({ msg }) => msg === "rule fired");
    expect(fired).toMatchObject({ rule: "Delivery", calls: 1 });
    expect(Object.keys(fired)).toEqual(expect.arrayContaining(["connection", "event", "chat", "dialog"]));
    const token = sandbox.world.modules.get("rulebot")?.token ?? "no token";
    for (const secret of ["a private word", sandbox.apiKey, token]) expect(stdout).not.toContain(secret);
  });

  it.each([
    { log: "{level: silent}", line: /^\{.*"msg":"Rulebot is ready: http:\/\/localhost:\d+"\}\n$/ },
    { log: "{level: silent, format: pretty}", line: /^Rulebot is ready: http:\/\/localhost:\d+\n$/ },
  ])("says that it is ready whatever the log says, with log: $log", async ({ log, line }) => {
    await prepare();
    await folder.write("bot.config.yaml", `${CONFIG}log: ${log}\n`);
    const program = begin();
    await listen(program);
    program.child.kill("SIGTERM");
    expect((await program.ended).stdout).toMatch(line);
  });

  it("takes over changed files, keeps the last good ones, and says what is wrong", async () => {
    await prepare();
    const program = begin();
    const address = await listen(program);
    await folder.write("rules/faq.yaml", RULES.replace("We deliver in 1-3 days.", "We deliver at once."));
    await program.printed("the files were read again");
    await folder.write("rules/faq.yaml", RULES.replace("message_has", "mesage_has"));
    await program.printed('rules/faq.yaml:3:12  I do not know "mesage_has".');
    const ready = await fetch(`${address}/readyz`);
    expect(await ready.json()).toMatchObject({
      ready: true,
      config_last_reload_success: 0,
      config_errors: ['rules/faq.yaml:3:12  I do not know "mesage_has".'],
    });
    sandbox.customerSays("delivery?");
    await answers(1);
    expect(botTexts(sandbox)).toEqual(["We deliver at once."]);
  });

  it("with --no-watch reloads on SIGHUP only", async () => {
    await prepare();
    const program = begin(["start", "--no-watch"]);
    await listen(program);
    await folder.write("rules/faq.yaml", RULES.replace("We deliver in 1-3 days.", "We deliver at once."));
    program.child.kill("SIGHUP");
    await program.printed("the files were read again");
    sandbox.customerSays("delivery?");
    await answers(1);
    expect(botTexts(sandbox)).toEqual(["We deliver at once."]);
  });

  it("publishes the declared commands", async () => {
    await prepare();
    begin();
    await sandbox.until(({ commands }) => [...commands.values()].some(({ name }) => name === "delivery"), 15_000);
  });

  it("ends at once on a second signal", async () => {
    await prepare();
    const program = begin();
    await listen(program);
    sandbox.faults.add({ kind: "hang", match: { method: "POST", path: "/api/bot/v1/messages" } });
    sandbox.customerSays("delivery?");
    await sandbox.waitFor((change) => change.kind === "fault");
    program.child.kill("SIGTERM");
    await expect.poll(() => sandbox.socketCount()).toBe(0);
    program.child.kill("SIGTERM");
    expect((await program.ended).code).toBe(1);
  });

  it("waits for a CRM that cannot be reached, and is ready all the same", async () => {
    await prepare();
    const url = `http://127.0.0.1:${await freePort()}`;
    const program = begin(["start"], { ...account(), CRM_URL: url });
    const address = await addressOf(program);
    await program.printed(`The CRM ${url} cannot be reached`);
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
  });

  it.each([
    {
      why: "a wrong key",
      seed: {},
      key: "wrong-key-of-a-test",
      says: 'refuses the API key: Wrong "apiKey" value. Check the API key.',
    },
    {
      why: "a key without rights",
      seed: { scopes: ["integration_read"] },
      key: null,
      says: "The API key lacks these rights: integration_write.",
    },
  ])("exits with 3 at the first start with $why", async ({ seed, key, says }) => {
    await prepare({ seed });
    const { code, stderr } = await command(["start"], { ...account(), ...(key === null ? {} : { CRM_API_KEY: key }) });
    expect(code).toBe(3);
    expect(stderr).toContain(says);
    expect(stderr).not.toContain("    at ");
    if (key !== null) expect(stderr).not.toContain(key);
  });

  it("exits with 1 and shows the faults of its files", async () => {
    await prepare();
    await folder.write("rules/faq.yaml", RULES.replace("message_has", "mesage_has"));
    const { code, stderr } = await command(["start"]);
    expect(code).toBe(1);
    expect(stderr).toContain('rules/faq.yaml:3:12  I do not know "mesage_has".');
  });

  it("says in one sentence that another one uses its SQLite file, and that a port is taken", async () => {
    await prepare();
    await folder.write("bot.config.yaml", `${CONFIG}storage: ./own.db\n`);
    const first = begin();
    const address = await listen(first);
    const second = await command(["start"]);
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(
      /^Another Rulebot is using .+\. Stop it first, or name another file in storage:\.\n$/,
    );
    const { port } = new URL(address);
    await folder.write("other.yaml", `${CONFIG}storage: ./other.db\nhttp: {port: ${port}}\n`);
    const third = await command(["start", "--config", "other.yaml"]);
    expect(third.code).toBe(1);
    expect(third.stderr).toBe(
      `Port ${port} is taken by another program. Stop it, or choose another port: http.port, or PORT in the environment.\n`,
    );
  });
});

describe("rulebot start without a CRM", () => {
  const NO_CRM = { CRM_URL: "", CRM_API_KEY: "" };

  it("starts the sandbox, in which one types as the customer", async () => {
    await prepare();
    const program = begin(["start"], NO_CRM);
    await program.printed(/Rulebot is ready: http:\/\/localhost:\d+ \(sandbox\)/);
    program.type("How much is delivery?");
    await program.printed("We deliver in 1-3 days.");
    await program.printed("rule: Delivery");
    program.type("/manager I am here");
    program.type("Delivery again?");
    await program.printed(
      "reply (line 5) not done: one of your people has written, so the bot is silent (bot.quiet_after_manager)",
    );
    program.type("What else?");
    await program.printed("  no rule fits this\n");
    await folder.write("rules/faq.yaml", RULES.replace("We deliver in 1-3 days.", "We deliver at once."));
    await program.printed("The files were read again. Rules: 2.\n");
    await folder.write("rules/faq.yaml", RULES.replace("message_has", "mesage_has"));
    await program.printed('rules/faq.yaml:3:12  I do not know "mesage_has".');
    await program.printed("The files have faults; the rules before go on.\n");
    program.type("/delivery express");
    await program.printed("By courier.");
    expect(program.stdout()).not.toContain('"level"');
    program.child.stdin?.end();
    program.child.kill("SIGTERM");
    expect((await program.ended).code).toBe(0);
  });

  it("says in production what to set, and exits with 2", async () => {
    await prepare();
    const { code, stderr } = await command(["start"], { ...NO_CRM, NODE_ENV: "production" });
    expect(code).toBe(2);
    expect(stderr).toBe(
      "No CRM is configured. Set CRM_URL and CRM_API_KEY (crm.url and crm.api_key). The sandbox is not started in production.\n",
    );
  });
});

describe("rulebot register and unregister", () => {
  it("switch the module on and off by hand", async () => {
    await prepare();
    const first = await command(["register"]);
    expect(first).toEqual({ code: 0, stdout: "The module is registered.\n", stderr: "" });
    const second = await command(["unregister"]);
    expect(second.code).toBe(0);
    expect(second.stdout).toBe("The module is switched off. `rulebot register` switches it on again.\n");
    expect(sandbox.world.modules.get("rulebot")?.active).toBe(false);
    const third = await command(["register"]);
    expect(third).toEqual({ code: 0, stdout: "The module is switched on again.\n", stderr: "" });
    expect(sandbox.world.modules.get("rulebot")?.active).toBe(true);
    expect(sandbox.world.modules.size).toBe(1);
  });

  it("leave a running bot its store", async () => {
    await prepare();
    const program = begin();
    await listen(program);
    const clientId = sandbox.world.modules.get("rulebot")?.fields.clientId;
    expect((await command(["register"])).code).toBe(0);
    expect(sandbox.world.modules.get("rulebot")?.fields.clientId).toBe(clientId);
  });

  it.each([{ name: "register" }, { name: "unregister" }, { name: "status" }])(
    "$name exits with 3 for a wrong key",
    async ({ name }) => {
      await prepare();
      const { code, stdout, stderr } = await command([name], { ...account(), CRM_API_KEY: "wrong-key-of-a-test" });
      expect(code).toBe(3);
      expect(stdout + stderr).toContain('refuses the API key: Wrong "apiKey" value.');
      expect(stdout + stderr).not.toContain("wrong-key-of-a-test");
    },
  );

  it("have nothing to switch off where there is no module", async () => {
    await prepare();
    expect(await command(["unregister"])).toEqual({
      code: 0,
      stdout: 'The account has no module "rulebot".\n',
      stderr: "",
    });
  });
});

describe("rulebot status", () => {
  it("tells of a running bot", async () => {
    await prepare();
    const program = begin();
    await listen(program);
    await sandbox.until(({ commands }) => commands.size === 1);
    const { code, stdout } = await command(["status"]);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines[0]).toBe("module      rulebot: The module is registered and switched on.");
    expect(lines[1]).toBe("commands    /delivery");
    expect(lines[2]).toBe("program     running");
    expect(lines[3]).toMatch(/^bot {9}Helper \(#\d+\)$/);
    expect(lines[4]).toMatch(/^socket {6}open since \d{4}-/);
    expect(lines[5]).toBe("gaps        none since the start");
    expect(lines[6]).toBe(
      "queues      0 events to decide, 0 calls to send, 0 sent without a sure answer, 0 rules that wait",
    );
  });

  it("tells of names in the rules that the account does not have", async () => {
    await prepare();
    await folder.write("rules/faq.yaml", RULES.replace("- note: By courier.", "- assign: Ana Petrova"));
    const program = begin();
    await listen(program);
    const { stdout } = await command(["status"]);
    expect(stdout).toContain("\nnames       not in the account: Ana Petrova (rules/faq.yaml:9)\n");
    expect(program.stdout()).toContain('"msg":"the rules use a name that the account does not have"');
  });

  it.each([
    {
      language: "es",
      rows: [
        'módulo      rulebot: La cuenta no tiene ningún módulo "rulebot".',
        "comandos    no se sabe",
        "programa    no está en marcha",
        "colas       no se sabe",
      ],
    },
    {
      language: "ru",
      rows: [
        'модуль      rulebot: В аккаунте нет модуля "rulebot".',
        "команды     неизвестно",
        "программа   не запущена",
        "очереди     неизвестно",
      ],
    },
  ])("speaks the language of the file: $language", async ({ language, rows }) => {
    await prepare();
    await folder.write("bot.config.yaml", `${CONFIG}language: ${language}\n`);
    expect((await command(["status"])).stdout.trimEnd().split("\n")).toEqual(rows);
  });

  it("tells of commands that are not ours", async () => {
    await prepare();
    await command(["register"]);
    const program = begin();
    await listen(program);
    await sandbox.until(({ commands }) => commands.size === 1);
    program.child.kill("SIGTERM");
    await program.ended;
    const token = sandbox.world.modules.get("rulebot")?.token ?? "";
    await fetch(`${sandbox.gatewayUrl}/api/bot/v1/my/commands/foreign`, {
      method: "PUT",
      headers: { "X-Bot-Token": token, "content-type": "application/json" },
      body: JSON.stringify({ description: "Of another program" }),
    });
    const { stdout } = await command(["status"]);
    expect(stdout).toContain("commands    /delivery; not ours: /foreign\n");
    expect(stdout).toContain("program     not running\n");
  });

  it("tells of a bot that never ran, and makes nothing", async () => {
    await prepare();
    const { code, stdout } = await command(["status"]);
    expect({ code, lines: stdout.trimEnd().split("\n") }).toEqual({
      code: 0,
      lines: [
        'module      rulebot: The account has no module "rulebot".',
        "commands    not known",
        "program     not running",
        "queues      not known",
      ],
    });
    expect(sandbox.world.modules.size).toBe(0);
  });
});

describe("rulebot check --online", () => {
  const NAMES = `
teams:
  sales: {people: [Anna Petrov, ivan@shop.example]}
  leads: {crm_group: team-lead}
`;
  const USING = `rules:
  - rule: One
    when: {message_has: one, channel: "@shop_bott"}
    do:
      - assign: sales
  - rule: Two
    when: {message_has: two}
    do:
      - assign: Autorespondr
        nobody:
          - assign: leads
`;

  it("warns of names that the account does not have, and suggests those it has", async () => {
    await prepare();
    await command(["register"]);
    await folder.write("bot.config.yaml", CONFIG + NAMES);
    await folder.write("rules/names.yaml", USING);
    const { code, stdout } = await command(["check", "--online", "--format", "json"]);
    expect(code).toBe(0);
    const said = JSON.parse(stdout).map(({ cause, fix }: Record<string, string>) => `${cause} ${fix}`);
    expect(said).toEqual([
      'The account has no person "Anna Petrov". did you mean Anna Petrova?',
      'Nobody in the account is in the group "team-lead". did you mean team-leads?',
      'The account has no channel "@shop_bott". did you mean @shop_bot?',
      'The account has no person or bot "Autorespondr". did you mean Autoresponder?',
    ]);
  });

  const LOOKING = `rules:
  - rule: One
    when: {message_has: one}
    do:
      - look_up: order
        not_found:
          - look_up: product
            by: {name: Kettle}
`;

  it("warns of look-ups for which the key lacks rights, each with those it lacks", async () => {
    await prepare({ seed: { scopes: ["integration_read", "integration_write", "order_read", "reference_read"] } });
    await command(["register"]);
    await folder.write("rules/looking.yaml", LOOKING);
    const { code, stdout } = await command(["check", "--online", "--format", "json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).map(({ cause }: { cause: string }) => cause)).toEqual([
      'The API key lacks the rights that look_up: order needs in "One": customer_read.',
      'The API key lacks the rights that look_up: product needs in "One": store_read.',
    ]);
  });

  it("says nothing of look-ups when the key has their rights", async () => {
    await prepare();
    await command(["register"]);
    await folder.write("rules/looking.yaml", LOOKING);
    const { stdout } = await command(["check", "--online", "--format", "json"]);
    expect(JSON.parse(stdout)).toEqual([]);
  });

  it("warns of account hours and order statuses that the account does not have", async () => {
    await prepare();
    await command(["register"]);
    sandbox.faults.add({ kind: "status", status: 403, match: { method: "GET", path: "/api/v5/settings" } });
    await folder.write("bot.config.yaml", `${CONFIG}hours: {office: crm}\n`);
    await folder.write(
      "rules/asking.yaml",
      `rules:
  - rule: One
    when: {message_has: one}
    if: {open: office}
    do:
      - look_up: order
        found:
          - note: On its way.
            if: {is: {order.status.code: send-to-delivry}}
`,
    );
    const { code, stdout } = await command(["check", "--online", "--format", "json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).map(({ line, cause }: { line: number; cause: string }) => `${line}: ${cause}`)).toEqual([
      '2: The hours "office" are those of the account, and the CRM does not tell them: they count as neither open nor closed.',
      '8: The account has no order status with the code "send-to-delivry".',
    ]);
  });

  it("checks people by the CRM alone while the module is not there", async () => {
    await prepare();
    await folder.write("bot.config.yaml", CONFIG + NAMES);
    await folder.write("rules/names.yaml", USING);
    const { code, stdout, stderr } = await command(["check", "--online"]);
    expect(code).toBe(0);
    expect(stdout).toContain('The account has no person "Anna Petrov".');
    expect(stdout).not.toContain('@shop_bott" is');
    expect(stderr).toBe(
      "The module is not active in the account, so names of bots and channels could not be checked.\n",
    );
    expect(sandbox.world.modules.size).toBe(0);
  });

  it("exits with 3 when the CRM cannot be reached", async () => {
    await prepare();
    const url = `http://127.0.0.1:${await freePort()}`;
    const { code, stderr } = await command(["check", "--online"], { ...account(), CRM_URL: url });
    expect(code).toBe(3);
    expect(stderr).toContain(`The CRM ${url} cannot be reached`);
  });
});

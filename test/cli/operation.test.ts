import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createOperation } from "../../src/accounts/operating/operation.ts";
import { createRemoving } from "../../src/accounts/operating/removing.ts";
import { systemClock } from "../../src/clock.ts";
import { type Service, startService } from "../../src/service/server.ts";
import { STATUS_ADDRESS, STATUS_TOKEN } from "../../src/service/status-facts.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { WHOLE_PROGRAM } from "../../src/store/whole-program.ts";
import { type PostgresServer, startPostgres } from "../helpers/postgres.ts";
import { createTestLog } from "../helpers/test-log.ts";
import { serviceOptions } from "../service/visitor.ts";
import { chat, connectionRecord, customer, decided, OURS, THEIRS } from "../store/builders.ts";
import { type Folder, makeFolder, run } from "./program.ts";

const CONFIG = `version: 1
module: {code: rulebot, name: Helper}

storage: "\${STORAGE:-./data/rulebot.db}"
`;

let folder: Folder;
const running: { readonly service: Service; readonly store: Store }[] = [];
beforeEach(async () => {
  folder = await makeFolder({ "bot.config.yaml": CONFIG });
});
afterEach(async () => {
  for (const { service, store } of running.splice(0)) {
    await service.close();
    await store.close();
  }
  await folder.remove();
});

const storage = () => join(folder.path, "data/rulebot.db");
const command = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => run(args, { folder, env });

/** Fills a store, and leaves it to whoever comes. */
async function fill(address = storage()): Promise<void> {
  const store = await openStore(address);
  await store.addConnection(connectionRecord(OURS));
  await store.addConnection(connectionRecord(THEIRS));
  await decided(store, { chat: chat(7), customer: customer(5) });
  await store.close();
}

async function look<T>(see: (store: Store) => Promise<T>, address = storage()): Promise<T> {
  const store = await openStore(address, { readOnly: true });
  try {
    return await see(store);
  } finally {
    await store.close();
  }
}

const pausedIn = (store: Store) => store.connections().then((all) => all.map(({ paused }) => paused));

const removing = (store: Store): ReturnType<typeof createRemoving> =>
  createRemoving({
    store,
    ownId: null,
    module: { code: "rulebot", name: "Helper", publicUrl: "https://bot.example" },
    crmOf() {
      throw new Error("nobody has a key");
    },
    look() {},
    clock: systemClock,
    log: createTestLog().log,
  });

/** The part of a running program that these commands meet: the store is locked, and the service answers. */
async function program(): Promise<{ readonly asked: string[] }> {
  const asked: string[] = [];
  const store = await openStore(storage());
  const operation = createOperation({ store, look: () => asked.push("look"), at: () => null, remove: removing(store) });
  const token = "a-token-of-the-test";
  const service = await startService({ ...serviceOptions({ many: null }).options, operation, statusToken: token });
  await store.saveFact(WHOLE_PROGRAM, STATUS_TOKEN, token);
  await store.saveFact(WHOLE_PROGRAM, STATUS_ADDRESS, `http://127.0.0.1:${service.port}`);
  running.push({ service, store });
  return { asked };
}

describe("rulebot pause and resume", () => {
  it("change the store when no program runs", async () => {
    await fill();
    expect(await command(["pause", "crm-1"])).toEqual({
      code: 0,
      stdout: "Paused: crm-1. The bot is silent there until `rulebot resume`.\n",
      stderr: "",
    });
    expect(await look(pausedIn)).toEqual([true, false]);
    expect((await command(["pause"])).stdout).toBe(
      "Paused: crm-2. The bot is silent there until `rulebot resume`.\nPaused already: crm-1.\n",
    );
    expect((await command(["resume"])).stdout).toBe("Resumed: crm-1, crm-2.\n");
    expect((await command(["resume", "crm-2"])).stdout).toBe("Not paused: crm-2.\n");
    expect(await look(pausedIn)).toEqual([false, false]);
  });

  it("ask the running program, which has the store for itself", async () => {
    await fill();
    const { asked } = await program();
    expect((await command(["pause", "crm-2"])).stdout).toContain("Paused: crm-2.");
    expect(await look(pausedIn)).toEqual([false, true]);
    expect((await command(["resume"])).stdout).toBe("Resumed: crm-2.\nNot paused: crm-1.\n");
    expect(asked).toEqual(["look", "look"]);
  });

  it("say which connections there are when none or several are meant, and change nothing", async () => {
    await fill();
    expect(await command(["pause", "crm-3"])).toEqual({
      code: 2,
      stdout: "",
      stderr: 'No connection is called "crm-3"; did you mean crm-1? There are: crm-1, crm-2.\n',
    });
    await program();
    const several = 'es: "crm" es parte de varias conexiones: crm-1, crm-2. Escriba algo más.\n';
    await folder.write("bot.config.yaml", `${CONFIG}language: es\n`);
    expect(await command(["resume", "crm"])).toEqual({ code: 2, stdout: "", stderr: several.slice("es: ".length) });
    expect(await look(pausedIn)).toEqual([false, false]);
  });

  it("say that there is no store yet, and make none", async () => {
    expect(await command(["pause"])).toEqual({
      code: 1,
      stdout: "",
      stderr: `There is no ${storage()} yet. Start the bot first, or check storage:.\n`,
    });
    expect(existsSync(storage())).toBe(false);
  });

  it("say so when a program has the store and can't be asked", async () => {
    await fill();
    await program();
    await running[0]?.service.close();
    expect(await command(["pause"])).toEqual({
      code: 1,
      stdout: "",
      stderr: `Another Rulebot is using ${storage()}. Stop it first, or name another file in storage:.\n`,
    });
  });

  it("say what is wrong with the files", async () => {
    await folder.write("bot.config.yaml", `${CONFIG}storrage: x\n`);
    expect(await command(["pause"])).toMatchObject({ code: 1, stderr: expect.stringContaining("storrage") });
  });
});

describe("rulebot forget", () => {
  const REMOVED =
    "crm-1: removed profiles: 1, chats: 1, dialogs: 0, events: 1, calls: 0, decisions: 1, waiting rules: 0, timers: 0.\n";

  it.each([
    { where: "in the store", begin: async () => {} },
    { where: "through the running program", begin: program },
  ])("removes a customer $where, and says how much that was", async ({ begin }) => {
    await fill();
    await begin();
    expect(await command(["forget", "--customer", "5"])).toEqual({ code: 0, stdout: REMOVED, stderr: "" });
    expect(await look((store) => store.customer(OURS, 5))).toBeNull();
    expect((await command(["forget", "--customer", "5"])).stdout).toBe("Nothing is known of customer 5.\n");
  });

  it("looks in one connection when that is named", async () => {
    await fill();
    const there = await command(["forget", "--customer", "5", "--connection", "crm-2"]);
    expect(there.stdout).toBe("Nothing is known of customer 5.\n");
    expect(await command(["forget", "--customer", "5", "--connection", "shop"])).toMatchObject({ code: 2 });
    expect(await look((store) => store.customer(OURS, 5))).toEqual(customer(5));
  });

  it.each(["Ana", "0", "-5", "5.5", "99999999999999999"])("refuses %j as a customer", async (given) => {
    await fill();
    expect(await command(["forget", `--customer=${given}`])).toEqual({
      code: 2,
      stdout: "",
      stderr: `"${given}" is not the number of a customer. It is the one that the chats give them, such as 8120.\n`,
    });
  });

  it("wants to know whom", async () => {
    expect(await command(["forget"])).toMatchObject({ code: 2, stderr: expect.stringContaining("--customer") });
  });
});

describe("rulebot remove", () => {
  const REMOVED = "Removed: crm-1, with all that was stored of it. The module could not be switched off in the CRM:";

  it.each([
    { where: "from the store", begin: async () => {} },
    { where: "through the running program", begin: program },
  ])("removes an account $where, and says what became of its module", async ({ begin }) => {
    await fill();
    await begin();
    expect(await command(["remove", "crm-1"])).toMatchObject({ code: 0, stdout: expect.stringContaining(REMOVED) });
    expect(await look((store) => store.customer(OURS, 5))).toBeNull();
    expect(await look((store) => store.connections())).toMatchObject([{ id: THEIRS }]);
    expect(await command(["remove", "crm-1"])).toMatchObject({
      code: 2,
      stderr: 'No connection is called "crm-1"; did you mean crm-2? There are: crm-2.\n',
    });
  });

  it.each([
    {
      named: "crm-1.ex",
      says: '"crm-1.ex" is only a part of crm-1. Removing can\'t be undone: write the whole name.\n',
    },
    { named: "crm", says: '"crm" is part of several connections: crm-1, crm-2. Write more of it.\n' },
  ])("removes nothing called $named", async ({ named, says }) => {
    await fill();
    expect(await command(["remove", named])).toEqual({ code: 2, stdout: "", stderr: says });
    expect(await look((store) => store.connections())).toHaveLength(2);
  });

  it("wants to know which", async () => {
    expect(await command(["remove"])).toMatchObject({ code: 2, stderr: expect.stringContaining("connection") });
  });

  it("does not remove the account of the file", async () => {
    const store = await openStore(storage());
    await store.addConnection(connectionRecord("crm-1.example/rulebot"));
    await store.close();
    await folder.write("bot.config.yaml", `${CONFIG}crm: {url: "https://crm-1.example", api_key: "\${KEY}"}\n`);
    expect(await command(["remove", "crm-1.example"], { KEY: "k" })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("is the account under crm: of the file"),
    });
    expect(await look((held) => held.connections())).toHaveLength(1);
  });
});

describe("rulebot backup", () => {
  const copy = () => join(folder.path, "copy.db");

  it.each([
    { how: "while no program runs", begin: async () => {} },
    { how: "beside a running program", begin: program },
  ])("saves a copy $how", async ({ begin }) => {
    await fill();
    await begin();
    const { code, stdout } = await command(["backup", "copy.db"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Saved and checked: \S+copy\.db \(\d+ KiB\)\. It holds customers' data/);
    expect(stdout).toContain(copy());
    expect(await look((store) => store.customer(OURS, 5), copy())).toEqual(customer(5));
  });

  it("replaces nothing without --force", async () => {
    await fill();
    await folder.write("copy.db", "my photos");
    expect(await command(["backup", "copy.db"])).toEqual({
      code: 2,
      stdout: "",
      stderr: "copy.db is there already. Name another file, or replace it with --force.\n",
    });
    expect(await command(["backup", "copy.db", "--force"])).toMatchObject({ code: 0 });
    expect(await command(["backup", "data/rulebot.db", "--force"])).toMatchObject({
      code: 2,
      stderr: "data/rulebot.db is the bot's own store. Name another file.\n",
    });
  });

  it("says what is wrong with the place", async () => {
    await fill();
    const { code, stderr } = await command(["backup", "nowhere/copy.db"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(join(folder.path, "nowhere"))]);
  });
});

describe("with PostgreSQL", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  it("pause, resume, forget and remove work from anywhere, while others use the database", async () => {
    const STORAGE = await server.fresh();
    await fill(STORAGE);
    const other = await openStore(STORAGE);
    expect((await command(["pause", "crm-1"], { STORAGE })).stdout).toContain("Paused: crm-1.");
    expect(await pausedIn(other)).toEqual([true, false]);
    expect((await command(["forget", "--customer", "5"], { STORAGE })).stdout).toContain("crm-1: removed profiles: 1");
    expect(await other.customer(OURS, 5)).toBeNull();
    expect((await other.leases.holdings()).map(({ revision }) => revision)).toEqual([2, 1]);
    expect((await command(["remove", "crm-1"], { STORAGE })).stdout).toContain("Removed: crm-1");
    expect(await other.connections()).toMatchObject([{ id: THEIRS }]);
    await other.close();
  });

  it("backup names the command that does it", async () => {
    const STORAGE = await server.fresh();
    expect(await command(["backup", "copy.dump"], { STORAGE })).toEqual({
      code: 2,
      stdout: "",
      stderr:
        'The data is in PostgreSQL, which saves itself: pg_dump --format=custom --file=copy.dump "$DATABASE_URL"\n',
    });
  });
});

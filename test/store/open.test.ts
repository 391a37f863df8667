import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../../src/store/open.ts";
import { folderFault, storeFault } from "../../src/store/sqlite/fault.ts";
import { openToWrite } from "../../src/store/sqlite/file.ts";
import { SCHEMA_VERSION } from "../../src/store/sqlite/schema.ts";
import { StoreError } from "../../src/store/store.ts";
import { commit, decided, event, OURS } from "./builders.ts";
import { type Child, startChild } from "./child.ts";

let folder = "";
let file = "";
let children: Child[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rulebot-open-"));
  file = join(folder, "rulebot.db");
});
afterEach(async () => {
  await Promise.all(children.map((child) => child.kill()));
  children = [];
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

function start(name: string, ...args: readonly string[]): Child {
  const child = startChild(name, ...args);
  children.push(child);
  return child;
}

const refusal = (message: string) => new StoreError(message);
const aFile =
  "Name a file in storage:, such as ./data/rulebot.db, or a database: postgres://user:password@host:5432/name.";

describe("opening a store", () => {
  it.each([
    ["mysql://bot:hush@db/rulebot", `I do not know the kind of storage "mysql". ${aFile}`],
    ["", `storage: is empty. ${aFile}`],
    ["  ", `storage: is empty. ${aFile}`],
  ])("at %j is refused without repeating a password", async (address, message) => {
    await expect(openStore(address)).rejects.toThrow(refusal(message));
    await expect(openStore(address, { readOnly: true })).rejects.toThrow(refusal(message));
  });

  it("makes the folders of the file, for their owner only", async () => {
    const deep = join(folder, "data", "deep", "rulebot.db");
    await (await openStore(deep)).close();

    expect(statSync(deep).isFile()).toBe(true);
    expect(statSync(join(folder, "data")).mode & 0o777).toBe(0o700);
  });

  it("writes ahead, and waits for the disk at every commit", async () => {
    await (await openStore(file)).close();
    const journal = new DatabaseSync(file, { readOnly: true });
    expect(journal.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
    journal.close();

    // `synchronous` belongs to a connection, so the one that the store uses is asked.
    const database = openToWrite(file);
    expect(database.first("PRAGMA synchronous")).toEqual({ synchronous: 2 });
    expect(database.first("PRAGMA journal_mode")).toEqual({ journal_mode: "wal" });
    database.close();
  });

  it("refuses a folder in place of the file", async () => {
    mkdirSync(file);
    const message = `${file} is a folder. Name a file in storage:, such as ${join(file, "rulebot.db")}.`;

    await expect(openStore(file)).rejects.toThrow(refusal(message));
    await expect(openStore(file, { readOnly: true })).rejects.toThrow(refusal(message));
  });

  it("refuses a file in place of the folder", async () => {
    writeFileSync(file, "");

    await expect(openStore(join(file, "rulebot.db"))).rejects.toThrow(
      refusal(`${file} is not a folder. Change storage:.`),
    );
  });

  it.each(["I am no database. ".repeat(500), "short"])(
    "refuses a file that is no database, and leaves it",
    async (text) => {
      writeFileSync(file, text);
      const message = `${file} is not a Rulebot database. Name another file in storage:. This one was left as it is.`;

      await expect(openStore(file)).rejects.toThrow(refusal(message));
      await expect(openStore(file, { readOnly: true })).rejects.toThrow(refusal(message));
      expect(readFileSync(file, "utf8")).toBe(text);
    },
  );

  it("refuses the database of another program, and leaves it", async () => {
    const other = new DatabaseSync(file);
    other.exec("CREATE TABLE shop (id INTEGER)");
    other.close();
    const before = readFileSync(file);

    await expect(openStore(file)).rejects.toThrow(
      refusal(`${file} is the database of another program. Name another file in storage:. This one was left as it is.`),
    );
    expect(readFileSync(file)).toEqual(before);
  });

  it("refuses a file of a newer version, and leaves it", async () => {
    await (await openStore(file)).close();
    setVersion(SCHEMA_VERSION + 1);
    const before = readFileSync(file);
    const message =
      `${file} was written by a newer Rulebot (schema ${SCHEMA_VERSION + 1}; this one knows ${SCHEMA_VERSION}). ` +
      "Start the newer version, or restore a backup. The file was left as it is.";

    await expect(openStore(file)).rejects.toThrow(refusal(message));
    await expect(openStore(file, { readOnly: true })).rejects.toThrow(refusal(message));
    expect(readFileSync(file)).toEqual(before);
  });

  it("can be tried again after a refusal: no lock stays behind", async () => {
    writeFileSync(file, "no database");
    await expect(openStore(file)).rejects.toThrow(StoreError);
    rmSync(file);

    await (await openStore(file)).close();
  });

  it.each([
    {
      what: "a folder without rights",
      prepare: () => chmodSync(folder, 0o555),
      says: () => `I may not write in ${folder}. Give the user that runs Rulebot the right to, or change storage:.`,
    },
    {
      what: "a folder that can't be made",
      prepare: () => {
        chmodSync(folder, 0o555);
        file = join(folder, "data", "rulebot.db");
      },
      says: () =>
        `I may not write in ${join(folder, "data")}. Give the user that runs Rulebot the right to, or change storage:.`,
    },
    {
      what: "a file that can only be read",
      prepare: async () => {
        await (await openStore(file)).close();
        chmodSync(file, 0o444);
        chmodSync(`${file}.lock`, 0o666);
        chmodSync(folder, 0o777);
      },
      says: () => `${file} can't be written. Check the rights of the file and whether its disk is read-only.`,
    },
    {
      what: "a file that can't be read",
      prepare: async () => {
        await (await openStore(file)).close();
        chmodSync(file, 0o000);
        chmodSync(`${file}.lock`, 0o666);
        chmodSync(folder, 0o777);
      },
      says: () => `${file} can't be opened. Check the rights of the file and of its folder.`,
    },
  ])("says what to do about $what", async ({ prepare, says }) => {
    await prepare();
    const child = start("try-to-open", file);

    expect((await child.lines.next()).value).toBe(`StoreError: ${says()}`);
  });

  function setVersion(version: number): void {
    const database = new DatabaseSync(file);
    database.exec(`PRAGMA user_version = ${version}`);
    database.close();
  }
});

describe("faults of the disk", () => {
  const failed = (code: string) => Object.assign(new Error(`${code}: told by the system`), { code });

  it.each([
    ["EACCES", "I may not write in /data. Give the user that runs Rulebot the right to, or change storage:."],
    ["EPERM", "I may not write in /data. Give the user that runs Rulebot the right to, or change storage:."],
    ["EROFS", "/data is on a read-only disk. Change storage:, or mount a volume there."],
    ["ENOSPC", "The disk that holds /data is full. Free some space."],
    ["ENOTDIR", "/data is not a folder. Change storage:."],
    ["ELOOP", "The folder /data can't be used: ELOOP: told by the system."],
  ])("%s of the folder becomes one sentence, its cause kept", (code, message) => {
    const cause = failed(code);
    const fault = folderFault(cause, "/data");

    expect(fault).toEqual(refusal(message));
    expect(fault.cause).toBe(cause);
  });

  it.each([
    [8, "/d.db can't be written. Check the rights of the file and whether its disk is read-only."],
    [10 | (3 << 8), "The disk failed while /d.db was read or written. Check the disk."],
    [11, "/d.db is damaged. Stop the bot, keep a copy of the file, and restore a backup."],
    [14, "/d.db can't be opened. Check the rights of the file and of its folder."],
    [19, "The store /d.db refused: told by SQLite."],
  ])("code %i of SQLite becomes one sentence, its cause kept", (errcode, message) => {
    const cause = Object.assign(new Error("told by SQLite"), { code: "ERR_SQLITE_ERROR", errcode });
    const fault = storeFault(cause, "/d.db");

    expect(fault).toEqual(refusal(message));
    expect(fault).toHaveProperty("cause", cause);
  });

  it("any other error stays what it is", () => {
    const bug = new TypeError("a bug");

    expect(storeFault(bug, "/d.db")).toBe(bug);
  });
});

describe("two processes on one file", () => {
  const message = () => `Another Rulebot is using ${file}. Stop it first, or name another file in storage:.`;

  it("fails without the lock of the file: are refused: the second one, until the first has closed", async () => {
    const first = await openStore(file);
    await expect(openStore(file)).rejects.toThrow(refusal(message()));
    expect(await first.receive(OURS, [event(1)], 1_500)).toHaveLength(1);
    await first.close();

    await (await openStore(file)).close();
  });

  it("are refused also by another name of the same file", async () => {
    const first = await openStore(file);
    const link = join(folder, "link.db");
    symlinkSync(file, link);

    await expect(openStore(link)).rejects.toThrow(refusal(message()));
    await first.close();
  });

  it("are refused across processes; the lock goes with a killed process", async () => {
    const holder = start("hold", file);
    expect((await holder.lines.next()).value).toBe("holding");

    await expect(openStore(file)).rejects.toThrow(refusal(message()));
    await holder.kill();
    const store = await openStore(file);
    expect(await store.decisions(OURS, { limit: 5 })).toHaveLength(1);
    await store.close();
  });
});

describe("reading beside a running bot", () => {
  it("sees what another process has committed", async () => {
    const holder = start("hold", file);
    await holder.lines.next();

    const reader = await openStore(file, { readOnly: true });
    expect(await reader.decisions(OURS, { limit: 5 })).toHaveLength(1);
    expect(await reader.directory(OURS)).toMatchObject({ people: [] });
    await reader.close();
  });

  it("sees later commits too, and hinders none", async () => {
    const writer = await openStore(file);
    const reader = await openStore(file, { readOnly: true });
    await decided(writer, {});
    expect(await reader.decisions(OURS, { limit: 5 })).toHaveLength(1);

    await writer.receive(OURS, [event(2)], 1_600);
    await writer.commit(OURS, commit({ eventKey: "message_new:2" }));
    expect(await reader.decisions(OURS, { limit: 5 })).toHaveLength(2);
    await reader.close();
    await writer.close();
  });

  it("reads a file whose bot is not running", async () => {
    const writer = await openStore(file);
    await decided(writer, {});
    await writer.close();

    const reader = await openStore(file, { readOnly: true });
    expect(await reader.decisions(OURS, { limit: 5 })).toHaveLength(1);
    await reader.close();
  });

  it("refuses to write", async () => {
    await (await openStore(file)).close();
    const reader = await openStore(file, { readOnly: true });
    const message = `${file} can't be written. Check the rights of the file and whether its disk is read-only.`;

    await expect(reader.receive(OURS, [event(1)], 1_500)).rejects.toThrow(refusal(message));
    await expect(reader.saveFact(OURS, "it", 1)).rejects.toThrow(refusal(message));
    expect(await reader.counts(OURS)).toMatchObject({ inbox: 0 });
    await reader.close();
  });

  it.each(["rulebot.db", "data/rulebot.db"])("makes no file where there is none: %s", async (name) => {
    const missing = join(folder, name);

    await expect(openStore(missing, { readOnly: true })).rejects.toThrow(
      refusal(`There is no ${missing} yet. Start the bot first, or check storage:.`),
    );
    expect(() => statSync(missing)).toThrow("ENOENT");
  });

  it("leaves a file of an older version to the bot", async () => {
    writeFileSync(file, "");

    await expect(openStore(file, { readOnly: true })).rejects.toThrow(
      refusal(`${file} was written by an older Rulebot. Start the bot once: it brings the file up to date.`),
    );
    expect(statSync(file).size).toBe(0);
  });
});

describe("a bot that is killed in the middle of its work", () => {
  it.each([3, 24, 61, 117])("has lost nothing of what it was promised (after %i steps)", async (steps) => {
    const child = start("commit-until-killed", file);
    const promised: string[] = [];
    for (let line = await child.lines.next(); line.done !== true; line = await child.lines.next()) {
      promised.push(line.value);
      if (promised.length === steps) await child.kill();
    }
    const upTo = (step: string) => promised.filter((line) => line.startsWith(`${step} `)).length;

    const store = await openStore(file);
    const limit = promised.length;
    const decisions = await store.decisions(OURS, { limit });
    const calls = await store.outbox(OURS, { limit });
    const waiting = await store.waitingRuns(OURS, 7);
    const dialog = await store.dialog(OURS, 70);
    const { inbox } = await store.counts(OURS);

    // At most the one step that was under way when the process died may be there beyond what was told.
    const within = (found: number, told: number) => expect([told, told + 1]).toContain(found);
    within(inbox + decisions.length, upTo("received"));
    within(decisions.length, upTo("decided"));
    within(calls.filter(({ state }) => state !== "pending").length, upTo("begun"));
    within(calls.filter(({ state }) => state === "sent").length, upTo("sent"));
    within(calls.length - waiting.length, upTo("ended"));
    // A commit is whole: its decision, its call and its document are all there, or none.
    expect(calls).toHaveLength(decisions.length);
    expect(dialog?.messages ?? 0).toBe(decisions.length);
    const known = Array.from({ length: upTo("received") }, (_, n) => event(n + 1));
    expect(await store.receive(OURS, known, 9_000)).toEqual([]);
    await store.close();
  });
});

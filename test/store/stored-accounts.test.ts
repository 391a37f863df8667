import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../../src/store/open.ts";
import { countStoredAccounts } from "../../src/store/stored-accounts.ts";
import { type PostgresServer, startPostgres } from "../helpers/postgres.ts";
import { connectionRecord, OURS, THEIRS } from "./builders.ts";

let folder = "";
let files = 0;
let server: PostgresServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rulebot-stored-"));
  server = await startPostgres();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.stop();
});
const freshFile = () => join(folder, `${files++}.db`);

describe.each([
  { name: "an SQLite file", address: async () => freshFile() },
  { name: "PostgreSQL", address: () => server.fresh() },
])("the accounts that are stored in $name", ({ address }) => {
  it("are counted, also while a program uses it", async () => {
    const place = await address();
    const store = await openStore(place);
    expect(await countStoredAccounts(place)).toBe(0);
    await store.addConnection(connectionRecord(OURS));
    await store.addConnection(connectionRecord(THEIRS));
    expect(await countStoredAccounts(place)).toBe(2);
    await store.close();
    expect(await countStoredAccounts(place)).toBe(2);
  });

  it("are none where there is no store yet, and none is made", async () => {
    const place = await address();
    expect(await countStoredAccounts(place)).toBe(0);
    expect(existsSync(place)).toBe(false);
    await expect(openStore(place, { readOnly: true })).rejects.toThrow("Start the bot");
  });
});

it("are counted in a file of an older version, and of a newer one", async () => {
  for (const version of [1, 999]) {
    const file = freshFile();
    const store = await openStore(file);
    await store.addConnection(connectionRecord(OURS));
    await store.close();
    const database = new DatabaseSync(file);
    database.exec(`PRAGMA user_version = ${version}`);
    database.close();
    expect(await countStoredAccounts(file)).toBe(1);
  }
});

it("are counted in tables of a newer version of PostgreSQL's schema", async () => {
  const place = await server.fresh();
  const store = await openStore(place);
  await store.addConnection(connectionRecord(OURS));
  await store.close();
  await server.ask(place, "INSERT INTO rulebot_schema (version) VALUES (999)");
  expect(await countStoredAccounts(place)).toBe(1);
});

it("are none in what is not ours, which keeps every byte", async () => {
  const notes = freshFile();
  writeFileSync(notes, "my notes");
  const other = freshFile();
  const database = new DatabaseSync(other);
  database.exec("CREATE TABLE connections (id); INSERT INTO connections VALUES (1)");
  database.close();
  for (const file of [notes, other]) {
    const before = readFileSync(file);
    expect(await countStoredAccounts(file)).toBe(0);
    expect(readFileSync(file)).toEqual(before);
  }
  const place = await server.fresh();
  await server.ask(place, "CREATE TABLE connections (id TEXT)");
  expect(await countStoredAccounts(place)).toBe(0);
});

it.each([":memory:", "/nowhere/at/all.db", tmpdir(), "mysql://host/name", "postgres://nobody@127.0.0.1:9/none"])(
  "are none where nobody answers: %s",
  async (address) => {
    expect(await countStoredAccounts(address)).toBe(0);
  },
);

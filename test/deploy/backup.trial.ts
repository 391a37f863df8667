import { execFile } from "node:child_process";
import { copyFile, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { askOnce, startPostgres } from "../helpers/postgres.ts";
import { type Fleet, openFleet } from "./lab/fleet.ts";
import { printed, shell } from "./lab/shell.ts";
import { CLEAN, startTalk } from "./lab/talk.ts";
import { connectAccount, createVisitor } from "./lab/visitor.ts";

const run = promisify(execFile);
const ACCOUNTS = 3;
const MAIN = new URL("../../src/main.ts", import.meta.url).pathname;
/** Those of Debian: `pg_dump` must not be older than the server. */
const PROGRAMS = "/usr/lib/postgresql/15/bin";

async function connectAll(fleet: Fleet): Promise<void> {
  for (const [at, { crmUrl, apiKey }] of fleet.accounts.entries()) {
    const visitor = createVisitor(`http://127.0.0.1:${fleet.ports[0]}`, { from: `127.0.6.${at + 1}` });
    await connectAccount(visitor, { address: crmUrl, apiKey });
  }
  await allListen(fleet);
}

const allListen = (fleet: Fleet) =>
  expect
    .poll(() => fleet.accounts.filter((account) => account.socketCount() === 1).length, { timeout: 60_000 })
    .toBe(ACCOUNTS);

/** Customers talk for a while before and after `moment`; everything is answered. */
async function talkAround(fleet: Fleet, moment: () => Promise<void>): Promise<void> {
  const talk = startTalk(fleet.accounts, { perSecond: 6 });
  await sleep(4_000);
  await moment();
  await sleep(4_000);
  expect(await talk.settled()).toMatchObject(CLEAN);
}

async function talkAgain(fleet: Fleet): Promise<void> {
  const talk = startTalk(fleet.accounts, { perSecond: 6, from: 1_000 });
  await sleep(5_000);
  const outcome = await talk.settled();
  console.log(JSON.stringify(outcome));
  expect(outcome).toMatchObject(CLEAN);
}

it("an SQLite file is saved beside the running program and restored: nothing is answered twice, and it goes on", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rulebot-backup-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [storage, backup, restored] = ["rulebot.db", "backup.db", "restored.db"].map((name) => join(folder, name));
  if (storage === undefined || backup === undefined || restored === undefined) throw new Error("three names");
  const options = { accounts: ACCOUNTS, replicas: 1, publicUrl: "http://localhost:8080" };
  const fleet = await openFleet({ onTestFinished }, { ...options, storage });
  const bot = await fleet.start(0);
  await connectAll(fleet);
  await talkAround(fleet, async () => {
    const env = { ...process.env, ...fleet.env(0) };
    const config = join(bot.folder, "bot.config.yaml");
    const saved = await run(process.execPath, [MAIN, "backup", backup, "--config", config], { env });
    console.log(saved.stdout.trim());
  });
  expect((await stat(backup)).mode & 0o777).toBe(0o600);
  expect(await bot.stop("SIGTERM")).toBe(0);

  await copyFile(backup, restored);
  await fleet.start(0, { DATABASE_URL: restored });
  await allListen(fleet);
  await talkAgain(fleet);
});

it("a dump of PostgreSQL that was taken beside running replicas is restored elsewhere: nothing is answered twice, and they go on", async () => {
  const postgres = await startPostgres({ programs: PROGRAMS });
  onTestFinished(() => postgres.stop());
  const folder = await mkdtemp(join(tmpdir(), "rulebot-dump-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const storage = postgres.address();
  const fleet = await openFleet(
    { onTestFinished },
    { accounts: ACCOUNTS, replicas: 2, storage, publicUrl: "http://localhost:8080" },
  );
  await Promise.all([fleet.start(0), fleet.start(1)]);
  await connectAll(fleet);
  await talkAround(fleet, async () => {
    await shell(await printed("pg_dump --format=custom --file"), { folder, env: { DATABASE_URL: storage } });
  });
  expect(await Promise.all([fleet.replica(0).stop("SIGTERM"), fleet.replica(1).stop("SIGTERM")])).toEqual([0, 0]);

  await askOnce(postgres.address({ database: "postgres" }), "CREATE DATABASE restored");
  const restored = postgres.address({ database: "restored" });
  const env = { DATABASE_URL: restored };
  await shell(await printed("pg_restore"), { folder, env });
  const settling = async () => shell(await printed('psql "$DATABASE_URL" --file'), { env });
  // The claims of the replicas are in the dump, and count for 15 s.
  await expect(settling()).rejects.toThrow(/A program may be using this database/u);
  await sleep(20_000);
  await settling();
  await Promise.all([0, 1].map((index) => fleet.start(index, { DATABASE_URL: restored })));
  await allListen(fleet);
  await talkAgain(fleet);
});

it("a database that was moved while all programs stood still goes on where it stopped", async () => {
  const postgres = await startPostgres({ programs: PROGRAMS });
  onTestFinished(() => postgres.stop());
  const folder = await mkdtemp(join(tmpdir(), "rulebot-move-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const storage = postgres.address();
  const fleet = await openFleet(
    { onTestFinished },
    { accounts: ACCOUNTS, replicas: 1, storage, publicUrl: "http://localhost:8080" },
  );
  await fleet.start(0);
  await connectAll(fleet);
  const talk = startTalk(fleet.accounts, { perSecond: 6 });
  await sleep(4_000);
  await fleet.replica(0).stop("SIGTERM");
  await shell(await printed("pg_dump --format=custom --file"), { folder, env: { DATABASE_URL: storage } });
  await askOnce(postgres.address({ database: "postgres" }), "CREATE DATABASE moved");
  const moved = postgres.address({ database: "moved" });
  await shell(await printed("pg_restore"), { folder, env: { DATABASE_URL: moved } });
  await fleet.start(0, { DATABASE_URL: moved });
  await allListen(fleet);
  const outcome = await talk.settled();
  console.log(JSON.stringify(outcome));
  expect(outcome).toMatchObject(CLEAN);
});

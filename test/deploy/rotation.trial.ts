import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { createVault } from "../../src/vault.ts";
import { askOnce, type PostgresServer, startPostgres } from "../helpers/postgres.ts";
import { openFleet, SECRETS } from "./lab/fleet.ts";
import { printed, shell } from "./lab/shell.ts";
import { CLEAN, startTalk } from "./lab/talk.ts";
import { connectAccount, createVisitor } from "./lab/visitor.ts";

const OLD_KEY = SECRETS.ENCRYPTION_KEY;
const NEW_KEY = "2".repeat(64);
const ACCOUNTS = 6;

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.stop());

it("the encryption key is changed in three rollouts of two replicas: everything goes on, and the old key is needed no more", async () => {
  const storage = await postgres.fresh();
  const fleet = await openFleet(
    { onTestFinished },
    { accounts: ACCOUNTS, replicas: 2, storage, publicUrl: "http://localhost:8080" },
  );
  await Promise.all([fleet.start(0), fleet.start(1)]);
  const homes = fleet.ports.map((port) => `http://127.0.0.1:${port}`);
  const [first = "", second = ""] = homes;
  const late = fleet.accounts.at(-1);
  const early = fleet.accounts.slice(0, -1);
  let settings = "";
  const owner = createVisitor(first, { from: "127.0.7.1" });
  for (const [at, { crmUrl, apiKey }] of early.entries()) {
    const visitor = at === 0 ? owner : createVisitor(second, { from: `127.0.7.${at + 1}` });
    const path = await connectAccount(visitor, { address: crmUrl, apiKey });
    if (at === 0) settings = path;
  }
  const listening = () => fleet.accounts.filter((account) => account.socketCount() === 1).length;
  await expect.poll(listening, { timeout: 20_000 }).toBe(early.length);
  /** Does the owner's browser still see the settings, without signing in? */
  const isSignedIn = async () => (await owner.get(settings)).body.includes('id="timezone"');
  const sealedWith = (key: string) => async () => {
    const [, , id] = createVault([key]).seal("", "").split(":");
    const rows = await askOnce<{ token: string; api_key: string }>(storage, "SELECT token, api_key FROM connections");
    const values = rows.flatMap(({ token, api_key }) => [token, api_key]);
    return { values: values.length, by: values.filter((value) => value.startsWith(`sealed:1:${id}:`)).length };
  };
  expect(await sealedWith(OLD_KEY)()).toEqual({ values: 10, by: 10 });
  expect(await isSignedIn()).toBe(true);
  const talk = startTalk(fleet.accounts.slice(0, -1), { perSecond: 5 });

  // 1. Every replica learns to open what the new key seals.
  await fleet.rollOut({ OLD_ENCRYPTION_KEY: NEW_KEY });
  expect(await isSignedIn()).toBe(true);

  // 2. The new key seals. Between the two, an account connects at the replica that still seals with the old one.
  const swapped = { ENCRYPTION_KEY: NEW_KEY, OLD_ENCRYPTION_KEY: OLD_KEY };
  await fleet.replica(0).stop("SIGTERM");
  await fleet.start(0, swapped);
  expect(await sealedWith(NEW_KEY)()).toEqual({ values: 10, by: 10 });
  if (late !== undefined)
    await connectAccount(createVisitor(second, { from: "127.0.7.9" }), { address: late.crmUrl, apiKey: late.apiKey });
  await expect.poll(listening, { timeout: 20_000 }).toBe(ACCOUNTS);
  expect(await sealedWith(NEW_KEY)()).toEqual({ values: 12, by: 10 });
  await fleet.replica(1).stop("SIGTERM");
  await fleet.start(1, swapped);
  expect(await sealedWith(NEW_KEY)()).toEqual({ values: 12, by: 12 });
  expect(await isSignedIn()).toBe(true);

  // 3. The old key goes, and with it the sessions that it has sealed.
  await fleet.rollOut({ ENCRYPTION_KEY: NEW_KEY });
  expect(await isSignedIn()).toBe(false);
  await expect.poll(listening, { timeout: 30_000 }).toBe(ACCOUNTS);
  const keys = await shell(await printed('psql "$DATABASE_URL" --command "SELECT split_part'), {
    env: { DATABASE_URL: storage },
  });
  expect(keys).toMatch(/^ [0-9a-f]{12} \| +6\n\(1 row\)$/mu);
  const outcome = await talk.settled();
  console.log(JSON.stringify(outcome));
  expect(outcome).toMatchObject(CLEAN);

  // The token of the commands is made anew, too.
  const token = async () =>
    (await askOnce<{ value: string }>(storage, "SELECT value FROM facts WHERE name = 'status_token'"))[0]?.value;
  const before = await token();
  await shell(await printed('psql "$DATABASE_URL" --command "DELETE'), { env: { DATABASE_URL: storage } });
  await fleet.rollOut({ ENCRYPTION_KEY: NEW_KEY });
  expect(await token()).toMatch(/^"sealed:1:[0-9a-f]{12}:/u);
  expect(await token()).not.toBe(before);

  const said = [0, 1].map((index) => fleet.replica(index).output()).join("\n");
  expect(said).not.toMatch(/cannot be decrypted/u);
});

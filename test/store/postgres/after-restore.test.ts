import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { openStore } from "../../../src/store/open.ts";
import { restoredFrom } from "../../../src/store/restored.ts";
import type { Store } from "../../../src/store/store.ts";
import { type PostgresServer, startPostgres } from "../../helpers/postgres.ts";
import { call, chat, customer, decided, dialog, event, OURS, run } from "../builders.ts";

/** deploy/after-restore.sql does to a restored dump what opening does to a copy of an SQLite file: ../backup.test.ts. */
let server: PostgresServer;
let script = "";
beforeAll(async () => {
  server = await startPostgres();
  // A line with a backslash is for psql alone.
  const lines = (await readFile("deploy/after-restore.sql", "utf8")).split("\n");
  script = lines.filter((line) => !line.startsWith("\\")).join("\n");
});
afterAll(() => server.stop());

let address = "";
beforeEach(async () => {
  address = await server.fresh();
  await using(busy);
});

async function using<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(address);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Everything that can wait in a store. */
async function busy(store: Store): Promise<void> {
  const gathering = { since: 1, until: 9, at: 1, first: false, answers: null, messages: [], event: {} };
  await decided(store, {
    chat: chat(7),
    customer: customer(5),
    dialogs: [dialog(70, { gathering, timers: { quiet: 9_000 }, tags: ["vip"] })],
    calls: [call("a#1"), call("b#1")],
    runs: [run("a"), run("b", { waitsFor: { kind: "time", until: 9_000 } })],
    timers: [{ key: "run:b", chatId: 7, dialogId: 70, at: 9_000 }],
  });
  await store.beginCall(OURS, "a#1", 2_500, null);
  await store.receive(OURS, [event(2)], 2_600);
  await store.receive(OURS, [event(3)], 2_700, { held: () => true });
  await store.saveFact(OURS, "seen", { messageId: 3, at: 2_600, since: 1 });
}

it("nothing is done again that waited when the dump was taken", async () => {
  await server.ask(address, script);
  await using(async (store) => {
    expect(await store.counts(OURS)).toMatchObject({ inbox: 0, outbox: 0, unknown: 0, waitingRuns: 0 });
    expect(await store.nextTimer(OURS)).toBeNull();
    expect(await store.fact(OURS, "seen")).toBeNull();
    expect((await store.outbox(OURS, { limit: 9 })).map(({ state, outcome }) => [state, outcome])).toEqual([
      ["dropped", { ok: false, reason: "restored" }],
      ["dropped", { ok: false, reason: "restored" }],
    ]);
    expect(await store.dialog(OURS, 70)).toMatchObject({ gathering: null, timers: {}, tags: ["vip"] });
    expect(await store.busyLanes(OURS)).toEqual([]);
    expect(await store.chat(OURS, 7)).toEqual(chat(7));
  });
});

it("the program is told when the newest of it was heard", async () => {
  await server.ask(address, script);
  expect(await using(restoredFrom)).toBe(2_700);
});

it("a document with a character that jsonb does not know keeps the script from nothing", async () => {
  address = await server.fresh();
  await using((store) => decided(store, { dialogs: [dialog(71, { tags: ["a\u0000b"] })], calls: [call("a#1")] }));
  await server.ask(address, script);
  expect(await using((store) => store.dialog(OURS, 71))).toMatchObject({ tags: ["a\u0000b"] });
  expect(await using((store) => store.counts(OURS))).toMatchObject({ outbox: 0 });
});

it("a database that a program may be using is left alone", async () => {
  await server.ask(
    address,
    `INSERT INTO leases (connection_id, owner, epoch, expires_at) VALUES ('${OURS}', 'x', 1, now() + interval '10 s')`,
  );
  await expect(server.ask(address, script)).rejects.toThrow("A program may be using this database.");
  expect(await using((store) => store.counts(OURS))).toMatchObject({ inbox: 2, outbox: 2 });
});

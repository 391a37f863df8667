import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LeaseLost } from "../../src/store/leases.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { everyTable, tablesWith } from "../helpers/every-table.ts";
import { type PostgresServer, startPostgres } from "../helpers/postgres.ts";
import {
  call,
  channel,
  chat,
  commit,
  connectionRecord,
  customer,
  dialog,
  event,
  OURS,
  person,
  rule,
  run,
  THEIRS,
  user,
} from "./builders.ts";

let folder = "";
let files = 0;
let server: PostgresServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rulebot-removed-"));
  server = await startPostgres();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.stop();
});

const places = [
  { name: "SQLite", address: async () => join(folder, `${files++}.db`) },
  { name: "PostgreSQL", address: () => server.fresh() },
];

const LONG_MS = 600_000;

/** Something of the connection in every table. */
async function fill(store: Store, id: string, owner = "a"): Promise<Store> {
  await store.addConnection(connectionRecord(id, { apiKey: `key of ${id}`, token: `token of ${id}` }));
  const lease = await store.leases.claim(id, owner, LONG_MS);
  if (lease === null) throw new Error("nobody holds it");
  const held = store.under(lease);
  await held.saveFact(id, "standing", { kind: "registered" });
  await held.receive(id, [event(1)], 1_500);
  await held.commit(
    id,
    commit({
      chat: chat(7),
      customer: customer(5),
      dialogs: [dialog(70, { responsible: user(1) })],
      calls: [call("r#1")],
      runs: [run("r")],
      timers: [{ key: "t", chatId: 7, dialogId: 70, at: 5_000 }],
    }),
  );
  await held.receive(id, [event(2), event(3, { chatId: null })], 1_500);
  await held.receive(id, [event(4, { chatId: 8 })], 1_500, { held: () => true });
  await held.savePeople(id, [person(1, "Anna")]);
  await held.saveChannels(id, [channel(3, "A")]);
  await held.saveBots(id, [{ id: 4, name: "Other" }]);
  return held;
}

/** Nothing in them is of one connection. */
const EVERYONES = ["rules", "replicas", "receipts", "rulebot_schema", "sqlite_sequence"];

describe.each(places)("a connection that is removed from $name", ({ address }) => {
  it("leaves no row in any table, and those of another as they were", async () => {
    const place = await address();
    const store = await openStore(place);
    await store.saveRules([rule("v1")]);
    await store.leases.present("replica", LONG_MS);
    await fill(store, OURS);
    await fill(store, THEIRS);
    const before = await everyTable(place);
    const ours = tablesWith(before, OURS);
    expect(ours).toEqual(
      Object.keys(before)
        .filter((name) => !EVERYONES.includes(name))
        .toSorted(),
    );
    await store.removeConnection(OURS);

    const after = await everyTable(place);
    expect(tablesWith(after, OURS)).toEqual([]);
    const ofTheirs = (rows: readonly object[] = []) => rows.filter((row) => JSON.stringify(row).includes(THEIRS));
    for (const [name, rows] of Object.entries(before)) expect(ofTheirs(after[name])).toEqual(ofTheirs(rows));
    await store.close();
  });

  it("gets nothing more from whoever works on it, even what is being stored at this moment", async () => {
    const place = await address();
    const store = await openStore(place);
    const held = await fill(store, OURS);
    const storing = Array.from({ length: 30 }, (_, n) => held.receive(OURS, [event(100 + n)], 2_000));
    const [removed, ...stored] = await Promise.allSettled([store.removeConnection(OURS), ...storing]);
    expect(removed.status).toBe("fulfilled");
    for (const one of stored) if (one.status === "rejected") expect(one.reason).toBeInstanceOf(LeaseLost);
    await expect(held.saveFact(OURS, "it", 1)).rejects.toThrow(LeaseLost);
    expect(await store.leases.renew([{ connectionId: OURS, owner: "x", epoch: 1, ttlMs: LONG_MS }])).toEqual([]);

    expect(tablesWith(await everyTable(place), OURS)).toEqual([]);
    await store.close();
  });

  it("can be there again, as one that was never there", async () => {
    const store = await openStore(await address());
    const stale = await fill(store, OURS);
    await store.removeConnection(OURS);
    const held = await fill(store, OURS, "b");
    expect((await held.counts(OURS)).inbox).toBe(3);
    await expect(stale.saveFact(OURS, "it", 1)).rejects.toThrow(LeaseLost);
    await store.close();
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import type { Event } from "../../src/types/event.ts";
import { type PostgresServer, startPostgres } from "../helpers/postgres.ts";
import { clockAt } from "./bench.ts";
import { call, chat, commit, customer, dialog, event, OURS, run, verdict } from "./builders.ts";

const NAME = "Anabel-Canaria";
const PHONE = "+34600123456";
const WORDS = "where is my parcel";
const TRACES = [NAME, PHONE, WORDS];

const said = (n: number, given: Partial<Event> = {}): Event =>
  event(n, {
    data: { message: { id: n, content: WORDS, from: { type: "customer", id: 5, first_name: NAME } } },
    ...given,
  });

/** A customer whose words and name have come into every table that can hold them; all of it is over at 3,000. */
async function fill(store: Store): Promise<void> {
  const profile = { key: "customer_updated:5", type: "customer_updated", chatId: null, at: 1_000 };
  await store.receive(OURS, [{ ...profile, data: { id: 5, first_name: NAME, phone: PHONE } }, said(1), said(2)], 1_500);
  const asks = { kind: "answer", until: null, question: { expect: PHONE, choices: [], wrong: 0 } } as const;
  const speaks = { operation: "sendMessage", path: {}, query: {}, body: { content: `Hello ${NAME}` } };
  await store.commit(OURS, commit({ eventKey: profile.key, eventState: "done" }));
  await store.commit(
    OURS,
    commit({
      eventState: "done",
      chat: chat(7, { unanswered: [`hello ${NAME}`] }),
      customer: customer(5, { firstName: NAME, phone: PHONE, marks: { welcome: 1_900 } }),
      dialogs: [dialog(70, { variables: { phone: PHONE }, closedAt: 2_500, tags: [PHONE] })],
      calls: [call("a#1", { call: speaks })],
      runs: [run("a", { scope: { said: WORDS }, waitsFor: asks })],
      verdicts: [{ ...verdict("Welcome"), error: NAME }],
    }),
  );
  await store.commit(OURS, commit({ eventKey: "message_new:2", eventState: "failed", failure: WORDS }));
  await store.beginCall(OURS, "a#1", 2_600, null);
  await store.endCall(OURS, "a#1", { state: "sent", outcome: { ok: true, body: { quote: WORDS } }, at: 2_700 });
}

interface Place {
  readonly name: string;
  open(): Promise<{ readonly store: Store; dump(): Promise<string> }>;
}

let folder = "";
let files = 0;
let server: PostgresServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rulebot-traces-"));
  server = await startPostgres();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.stop();
});

const places: readonly Place[] = [
  {
    name: "SQLite",
    async open() {
      files += 1;
      const file = join(folder, `${files}.db`);
      return { store: await openStore(file, { clock: clockAt(10_000) }), dump: async () => tablesOf(file) };
    },
  },
  {
    name: "PostgreSQL",
    async open() {
      const address = await server.fresh();
      return {
        store: await openStore(address, { clock: clockAt(10_000) }),
        async dump() {
          const tables = await server.ask<{ name: string }>(
            address,
            "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()",
          );
          const rows = await Promise.all(tables.map(({ name }) => server.ask(address, `SELECT * FROM ${name}`)));
          return JSON.stringify(rows);
        },
      };
    },
  },
];

function tablesOf(file: string): string {
  const database = new DatabaseSync(file, { readOnly: true });
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const rows = tables.map(({ name }) => database.prepare(`SELECT * FROM ${name}`).all());
  database.close();
  return JSON.stringify(rows);
}

const found = (dump: string) => TRACES.filter((trace) => dump.includes(trace));

describe.each(places)("a customer in $name", ({ open }) => {
  it("is found before, and nowhere in the database after the retention time", async () => {
    const { store, dump } = await open();
    await fill(store);
    expect(found(await dump())).toEqual(TRACES);
    await store.prune(2_000);
    expect(found(await dump())).toEqual(TRACES);
    await store.prune(5_000);
    await store.prune(5_000);

    expect(found(await dump())).toEqual([]);
    expect(await store.customer(OURS, 5)).toMatchObject({ firstName: null, marks: { welcome: 1_900 } });
    await store.close();
  });

  it("is nowhere in the database once forgotten", async () => {
    const { store, dump } = await open();
    await fill(store);
    expect(await store.forgetCustomer(OURS, 5)).toMatchObject({ customers: 1, chats: 1, events: 3, calls: 1, runs: 1 });

    expect(found(await dump())).toEqual([]);
    await store.close();
  });
});

describe("the file of SQLite", () => {
  it.each([
    { way: "forgotten", end: (store: Store) => store.forgetCustomer(OURS, 5) },
    { way: "old", end: (store: Store) => store.prune(5_000) },
  ])("has no byte left of a customer who is $way, once the bot has ended", async ({ end }) => {
    const here = mkdtempSync(join(folder, "bytes-"));
    const store = await openStore(join(here, "a.db"), { clock: clockAt(10_000) });
    await fill(store);
    await end(store);
    await end(store);
    await store.close();

    const bytes = readdirSync(here).map((name) => readFileSync(join(here, name), "latin1"));
    expect(found(bytes.join("\n"))).toEqual([]);
  });
});

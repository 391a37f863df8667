import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../../../src/store/open.ts";
import { openDatabase } from "../../../src/store/postgres/database.ts";
import { checkOrigin, SCHEMA_VERSION } from "../../../src/store/postgres/schema.ts";
import { type Store, StoreError } from "../../../src/store/store.ts";
import { type PostgresServer, startPostgres } from "../../helpers/postgres.ts";
import { createHastyClock } from "../../helpers/virtual-clock.ts";
import { commit, decided, event, OURS } from "../builders.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const refusal = (message: string) => new StoreError(message);
/** What the server is called in messages. */
const placeOf = (address: string) => {
  const { host, pathname } = new URL(address);
  return `${host}${pathname}`;
};

async function opened<T>(address: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(address);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

const tables = (address: string) =>
  server.ask(
    address,
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace",
  );

describe("a PostgreSQL server that is not there yet", () => {
  it("is waited for, and said so once", async () => {
    const address = await server.fresh();
    await server.crash();
    const waiting = Promise.withResolvers<StoreError>();
    let told = 0;
    const onWait = (fault: StoreError) => {
      told += 1;
      waiting.resolve(fault);
    };
    const opening = openStore(address, { patience: { forMs: 60_000, onWait } });
    expect((await waiting.promise).message).toContain("can't be reached (ECONNREFUSED)");
    await server.start();

    const store = await opening;
    expect(await store.receive(OURS, [event(1)], 1_500)).toHaveLength(1);
    expect(told).toBe(1);
    await store.close();
  });

  it("is given up after the time, with the sentence of any other start", async () => {
    const clock = createHastyClock();
    const began = clock.now();
    const waits: string[] = [];
    const address = server.address({ port: 1 });
    const patience = { forMs: 60_000, onWait: ({ message }: StoreError) => waits.push(message) };

    const says = `PostgreSQL at ${placeOf(address)} can't be reached (ECONNREFUSED). Check storage: and whether the database is running.`;
    await expect(openStore(address, { clock, patience })).rejects.toThrow(refusal(says));
    expect(waits).toEqual([says]);
    expect(clock.now() - began).toBeGreaterThanOrEqual(60_000);
    expect(clock.slept.slice(0, 6)).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000]);
  });

  it("is not waited for when the program is asked to end", async () => {
    const stop = new AbortController();
    const opening = openStore(server.address({ port: 1 }), {
      patience: { forMs: 60_000, signal: stop.signal, onWait: () => stop.abort() },
    });

    await expect(opening).rejects.toThrow(StoreError);
  });

  it.each([
    { what: "a wrong password", address: () => server.address({ password: "wrong-secret" }) },
    { what: "a database that is not there", address: () => server.address({ database: "nowhere" }) },
    { what: "an address that is none", address: () => "postgres://bot:hush#hush:x@[db/rulebot" },
  ])("is not waited for where waiting is of no use: $what", async ({ address }) => {
    const waits: string[] = [];
    const patience = { forMs: 60_000, onWait: ({ message }: StoreError) => waits.push(message) };

    await expect(openStore(address(), { patience })).rejects.toThrow(StoreError);
    expect(waits).toEqual([]);
  });
});

describe("opening a PostgreSQL store", () => {
  it.each(["postgres", "postgresql", "POSTGRES"])("is asked for by %s://", async (scheme) => {
    const address = (await server.fresh()).replace(/^postgres/, scheme);

    await opened(address, async (store) => expect(await store.receive(OURS, [event(1)], 1_500)).toHaveLength(1));
  });

  it.each([
    {
      what: "nobody listens",
      address: () => server.address({ port: 1 }),
      says: (place: string) =>
        `PostgreSQL at ${place} can't be reached (ECONNREFUSED). Check storage: and whether the database is running.`,
    },
    {
      what: "the password is wrong",
      address: () => server.address({ password: "wrong-secret" }),
      says: (place: string) =>
        `PostgreSQL at ${place} refused the user or the password. Check storage: (or DATABASE_URL).`,
    },
    {
      what: "the database is not there",
      address: () => server.address({ database: "nowhere" }),
      says: (place: string) => `There is no such database: ${place}. Make it, or check storage:.`,
    },
    {
      what: "its schema is not there",
      address: () => `${server.address()}?options=-csearch_path%3Dnowhere`,
      says: (place: string) =>
        `${place} has no schema that this user may use. Make one, or correct search_path in storage:.`,
    },
  ])("says what to do when $what, without the password", async ({ address, says }) => {
    const wanted = address();

    await expect(openStore(wanted)).rejects.toThrow(refusal(says(placeOf(wanted))));
    await expect(openStore(wanted, { readOnly: true })).rejects.toThrow(StoreError);
  });

  it("says what an address looks like when it is none, without repeating it", async () => {
    const message =
      "storage: is not an address of PostgreSQL that I can use. It looks like postgres://user:password@host:5432/database; " +
      "write special characters of the password as %40 and so on.";

    await expect(openStore("postgres://bot:hush#hush:x@[db/rulebot")).rejects.toThrow(refusal(message));
  });

  it("refuses a database that can't hold every language", async () => {
    await server.ask(server.address(), "CREATE DATABASE old ENCODING 'LATIN1' TEMPLATE template0");
    const address = server.address({ database: "old" });

    await expect(openStore(address)).rejects.toThrow(
      refusal(
        `${placeOf(address)} keeps texts in LATIN1, which can't hold every language. Make the database anew with ENCODING 'UTF8'.`,
      ),
    );
  });

  it("refuses a user that may not make tables, and says so", async () => {
    await server.ask(server.address(), "CREATE ROLE guest LOGIN PASSWORD 'hush-hush'");
    const address = server.address({ user: "guest" });

    await expect(openStore(address)).rejects.toThrow(
      refusal(
        `PostgreSQL at ${placeOf(address)} does not let this user do what is needed (permission denied for schema public). ` +
          "Make the user the owner of the database.",
      ),
    );
  });

  it("refuses the tables of another program, and leaves them", async () => {
    const address = await server.fresh();
    await server.ask(address, "CREATE TABLE shop (id integer)");

    await expect(openStore(address)).rejects.toThrow(
      refusal(
        `${placeOf(address)} holds tables of another program. Name another database in storage:, or give Rulebot a schema of ` +
          "its own there (?options=-csearch_path%3Drulebot at the end of the address). Nothing was changed.",
      ),
    );
    expect(await tables(address)).toEqual([{ relname: "shop" }]);
  });

  it("knows the tables of another replica that makes them at the same moment", async () => {
    const address = await server.fresh();
    const database = await openDatabase({ address, readOnly: false });
    const first: typeof database.first = async (sql, ...values) => {
      if (sql.includes("pg_depend")) await opened(address, async () => {});
      return await database.first(sql, ...values);
    };

    await expect(checkOrigin({ ...database, first })).resolves.toBe(SCHEMA_VERSION);
    await database.close();
  });

  it("refuses a database of a newer version, and leaves it", async () => {
    const address = await server.fresh();
    await opened(address, async () => {});
    await server.ask(address, `INSERT INTO rulebot_schema (version) VALUES (${SCHEMA_VERSION + 1})`);
    const message =
      `${placeOf(address)} was written by a newer Rulebot (schema ${SCHEMA_VERSION + 1}; this one knows ${SCHEMA_VERSION}). ` +
      "Start the newer version, or restore a backup. The database was left as it is.";

    await expect(openStore(address)).rejects.toThrow(refusal(message));
    await expect(openStore(address, { readOnly: true })).rejects.toThrow(refusal(message));
  });

  it("makes the tables once, however many replicas start at the same time", async () => {
    const address = await server.fresh();
    const stores = await Promise.all([1, 2, 3, 4].map(() => openStore(address)));
    for (const store of stores) expect(await store.counts(OURS)).toMatchObject({ inbox: 0 });
    await Promise.all(stores.map((store) => store.close()));

    const steps = await server.ask<{ version: number }>(address, "SELECT version FROM rulebot_schema ORDER BY version");
    expect(steps.map(({ version }) => version)).toEqual(Array.from({ length: SCHEMA_VERSION }, (_, n) => n + 1));
  });

  it("leaves nothing behind when a step of the schema fails", async () => {
    const address = await server.fresh();
    // A view is no table of another program; but its name is taken.
    await server.ask(address, "CREATE VIEW leases AS SELECT 1 AS one");

    await expect(openStore(address)).rejects.toThrow('relation "leases" already exists');
    expect(await tables(address)).toEqual([]);
  });

  it("finds everything again", async () => {
    const address = await server.fresh();
    await opened(address, (store) => decided(store, {}));

    await opened(address, async (store) => {
      expect(await store.receive(OURS, [event(1)], 9_000)).toEqual([]);
      expect(await store.decisions(OURS, { limit: 5 })).toHaveLength(1);
    });
  });

  it("waits for the disk at every commit, whatever the server's default, and never for ever", async () => {
    const address = await server.fresh();
    await server.ask(server.address(), "ALTER DATABASE rulebot SET synchronous_commit = off");
    const database = await openDatabase({ address });
    try {
      const settings = `SELECT name, setting FROM pg_settings WHERE name IN ('synchronous_commit', 'statement_timeout',
        'lock_timeout', 'idle_in_transaction_session_timeout') ORDER BY name`;
      expect(await database.all(settings)).toEqual([
        { name: "idle_in_transaction_session_timeout", setting: "10000" },
        { name: "lock_timeout", setting: "5000" },
        { name: "statement_timeout", setting: "15000" },
        { name: "synchronous_commit", setting: "on" },
      ]);
    } finally {
      await database.close();
      await server.ask(server.address(), "ALTER DATABASE rulebot RESET synchronous_commit");
    }
  });
});

describe("reading PostgreSQL beside a running bot", () => {
  it("sees what was committed, also later", async () => {
    const address = await server.fresh();
    await opened(address, async (writer) => {
      const reader = await openStore(address, { readOnly: true });
      await decided(writer, {});
      expect(await reader.decisions(OURS, { limit: 5 })).toHaveLength(1);

      await writer.receive(OURS, [event(2)], 1_600);
      await writer.commit(OURS, commit({ eventKey: "message_new:2" }));
      expect(await reader.decisions(OURS, { limit: 5 })).toHaveLength(2);
      await reader.close();
    });
  });

  it("refuses to write", async () => {
    const address = await server.fresh();
    await opened(address, async () => {});
    const reader = await openStore(address, { readOnly: true });
    const message = `${placeOf(address)} can only be read: it is a standby, or was set so. Name the main server in storage:.`;

    await expect(reader.receive(OURS, [event(1)], 1_500)).rejects.toThrow(refusal(message));
    await expect(reader.saveFact(OURS, "it", 1)).rejects.toThrow(refusal(message));
    await expect(reader.leases.claim(OURS, "a", 1_000)).rejects.toThrow(refusal(message));
    expect(await reader.counts(OURS)).toMatchObject({ inbox: 0 });
    await reader.close();
  });

  it("makes no tables where there are none", async () => {
    const address = await server.fresh();

    await expect(openStore(address, { readOnly: true })).rejects.toThrow(
      refusal(
        `${placeOf(address)} was written by an older Rulebot, or by none yet. Start the bot once: it brings the database up to date.`,
      ),
    );
    expect(await tables(address)).toEqual([]);
  });
});

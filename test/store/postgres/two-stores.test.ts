import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type Lease, LeaseLost } from "../../../src/store/leases.ts";
import { openStore } from "../../../src/store/open.ts";
import { type Database, openDatabase } from "../../../src/store/postgres/database.ts";
import { leases } from "../../../src/store/postgres/leases.ts";
import { MOST_CONNECTIONS } from "../../../src/store/postgres/pool.ts";
import type { Store } from "../../../src/store/store.ts";
import { type PostgresServer, startPostgres } from "../../helpers/postgres.ts";
import { clockAt } from "../bench.ts";
import { call, commit, decided, event, OURS, rule, run } from "../builders.ts";

/** Two replicas on one database: what must happen once happens once, whoever is first. */
let server: PostgresServer;
let address = "";
let one: Store;
let other: Store;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  address = await server.fresh();
  [one, other] = await Promise.all([openStore(address), openStore(address)]);
});
afterEach(async () => {
  await Promise.all([one.close(), other.close()]);
});

/** Both do it at the same time. */
const both = <T>(work: (store: Store) => Promise<T>) => Promise.all([work(one), work(other)]);
const look = <Row>(sql: string) => server.ask<Row>(address, sql);
/** Statements that wait for a lock. */
const waiting = async () =>
  (await look("SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'rulebot'"))
    .length;
const LONG_MS = 600_000;

describe("two stores on one PostgreSQL database", () => {
  it("take an event in once, whoever is told of it first, each in its own order", async () => {
    const events = Array.from({ length: 200 }, (_, n) => event(n));
    const fresh = await Promise.all([
      one.receive(OURS, events, 1_500),
      other.receive(OURS, events.toReversed(), 1_500),
      one.receive(OURS, events.slice(50), 1_500),
      other.receive(OURS, events.slice(0, 150).toReversed(), 1_500),
    ]);

    expect(fresh.flat().map(({ key }) => key)).toHaveLength(200);
    expect(new Set(fresh.flat().map(({ key }) => key)).size).toBe(200);
    expect((await one.counts(OURS)).inbox).toBe(200);
  });

  it("decide an event once", async () => {
    const events = Array.from({ length: 20 }, (_, n) => event(n));
    await one.receive(OURS, events, 1_500);
    for (const { key } of events) {
      const decisions = await both((store) => store.commit(OURS, commit({ eventKey: key, calls: [call(`${key}#1`)] })));
      expect(decisions.toSorted()).toEqual([false, true]);
    }

    expect(await one.decisions(OURS, { limit: 99 })).toHaveLength(20);
  });

  it("resume a run once when that ends it", async () => {
    const runs = Array.from({ length: 20 }, (_, n) => run(`r${n}`));
    await decided(one, { runs });
    for (const { id } of runs) {
      const resumed = await both((store) => store.commit(OURS, commit({ eventKey: null, endedRunIds: [id] })));
      expect(resumed.toSorted()).toEqual([false, true]);
    }
  });

  it("begin a call once", async () => {
    const calls = Array.from({ length: 20 }, (_, n) => call(`r#${n}`));
    await decided(one, { calls });
    for (const { key } of calls) {
      const begun = await both((store) => store.beginCall(OURS, key, 3_000, null));
      expect(begun.toSorted()).toEqual([false, true]);
    }
  });

  it("let a timer ring once", async () => {
    const timers = Array.from({ length: 50 }, (_, n) => ({ key: `t${n}`, chatId: 7, dialogId: null, at: 100 + n }));
    await one.commit(OURS, commit({ eventKey: null, timers }));
    const rung = await both((store) => store.fireTimers(OURS, 1_000, 99));

    expect(rung.flat()).toHaveLength(50);
    expect((await one.counts(OURS)).inbox).toBe(50);
  });

  it("let no timer ring that is being moved just now", async () => {
    await one.commit(OURS, commit({ eventKey: null, timers: [{ key: "t", chatId: 7, dialogId: null, at: 100 }] }));
    const database = await openDatabase({ address });
    let rung: Promise<unknown> | null = null;
    await database.transaction(async (session) => {
      await session.run("UPDATE timers SET due_at = 5000");
      rung = other.fireTimers(OURS, 1_000, 99);
      await vi.waitUntil(async () => (await waiting()) > 0);
    });

    expect(await rung).toEqual([]);
    expect(await one.nextTimer(OURS)).toBe(5_000);
    await database.close();
  });

  it("see an event done when they end its last two runs at the same time", async () => {
    for (let n = 0; n < 20; n += 1) {
      const key = `message_new:${n}`;
      await one.receive(OURS, [event(n)], 1_500);
      const [a, b] = [run(`a${n}`, { eventKey: key }), run(`b${n}`, { eventKey: key })];
      await one.commit(OURS, commit({ eventKey: key, runs: [a, b] }));
      await Promise.all([
        one.commit(OURS, commit({ eventKey: null, endedRunIds: [a.id] })),
        other.commit(OURS, commit({ eventKey: null, endedRunIds: [b.id] })),
      ]);
    }

    expect(await look("SELECT DISTINCT state FROM inbox")).toEqual([{ state: "done" }]);
  });

  it("renew their leases also while their work has taken every connection that there is for it", async () => {
    const database = await openDatabase({ address });
    const keeper = leases(database);
    const lease = await keeper.claim(OURS, "one", LONG_MS);
    const [full, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let begun = 0;
    const work = Array.from({ length: MOST_CONNECTIONS + 5 }, () =>
      database.transaction(async () => {
        begun += 1;
        if (begun === MOST_CONNECTIONS) full.resolve();
        await free.promise;
      }),
    );
    await full.promise;

    expect(await keeper.renew(lease === null ? [] : [lease])).toEqual([lease]);
    free.resolve();
    await Promise.all(work);
    await database.close();
  });

  it("do again what collided: a deadlock is nobody's failure", async () => {
    const databases = [await openDatabase({ address }), await openDatabase({ address })];
    await look("INSERT INTO facts (connection_id, name, value) VALUES ('crm', 'a', '0'), ('crm', 'b', '0')");
    const met = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let begun = 0;
    const turn = async (n: number, [first, second]: readonly [string, string]) => {
      await databases[n]?.transaction(async (session) => {
        begun += 1;
        await session.run("UPDATE facts SET value = value || '+' WHERE name = $1", first);
        met[n]?.resolve();
        await met[1 - n]?.promise;
        await session.run("UPDATE facts SET value = value || '+' WHERE name = $1", second);
      });
    };
    await Promise.all([turn(0, ["a", "b"]), turn(1, ["b", "a"])]);

    expect(begun).toBeGreaterThan(2);
    expect(await look("SELECT DISTINCT value FROM facts")).toEqual([{ value: "0++" }]);
    await Promise.all(databases.map((database) => database.close()));
  });

  it("prune together, and spare the rules in force at each other however old these are", async () => {
    const [old, young] = [
      await openStore(address, { clock: clockAt(1_000) }),
      await openStore(address, { clock: clockAt(2_000) }),
    ];
    await old.saveRules([rule("unused")]);
    await young.saveRules([rule("in force")]);
    await look("UPDATE rules SET saved_at = 1");
    // Each tells by the date what it needs, whenever it prunes.
    await young.prune(0);
    await one.prune(1_500);

    expect([await one.rule("in force"), await one.rule("unused")]).toEqual([rule("in force"), null]);
    await Promise.all([old.close(), young.close()]);
  });

  it("prune at the same time without a row too many or one left", async () => {
    const events = Array.from({ length: 1_200 }, (_, n) => event(n));
    await one.receive(OURS, events, 1_500);
    await look("UPDATE inbox SET state = 'done'");
    await both((store) => store.prune(9_000));
    await one.prune(9_000);

    expect(await look("SELECT count(*)::int AS rows FROM inbox")).toEqual([{ rows: 0 }]);
  });
});

describe("leases of two stores on one PostgreSQL database", () => {
  const claimed = async (store: Store, owner: string, ttlMs = LONG_MS): Promise<Lease> => {
    const lease = await store.leases.claim(OURS, owner, ttlMs);
    if (lease === null) throw new Error("the connection is taken");
    return lease;
  };
  /** As if its time had passed without a renewal. */
  const letExpire = () => look("UPDATE leases SET expires_at = clock_timestamp() - interval '1 second'");

  it("are one another's: the second store is refused until the first has given back or is silent", async () => {
    const lease = await claimed(one, "a");
    expect(await other.leases.claim(OURS, "b", LONG_MS)).toBeNull();
    await letExpire();
    expect(await other.leases.claim(OURS, "b", LONG_MS)).toMatchObject({ owner: "b", epoch: 2 });

    expect(await one.leases.renew([lease])).toEqual([]);
    await expect(one.under(lease).receive(OURS, [event(1)], 1_500)).rejects.toThrow(LeaseLost);
  });

  it("go to exactly one of many replicas that want to take over at once", async () => {
    const ids = Array.from({ length: 30 }, (_, n) => `crm-${n}`);
    await Promise.all(ids.map((id) => one.leases.claim(id, "dead", 0)));
    for (const id of ids) {
      const wanted = await Promise.all(
        ["a", "b", "c", "d"].map((owner, n) => (n % 2 === 0 ? one : other).leases.claim(id, owner, LONG_MS)),
      );
      expect(wanted.filter((lease) => lease !== null).length).toBeLessThanOrEqual(1);
    }
    const held = await look<{ epoch: string }>("SELECT DISTINCT epoch FROM leases WHERE owner <> 'dead'");
    expect(held).toEqual([{ epoch: "2" }]);
  });

  it("are renewed in one statement, a thousand of them", async () => {
    const ids = Array.from({ length: 1_000 }, (_, n) => `crm-${n}`);
    const leases = (await Promise.all(ids.map((id) => one.leases.claim(id, "a", 0)))).filter((lease) => lease !== null);
    await one.leases.renew(leases.map((lease) => ({ ...lease, ttlMs: LONG_MS })));

    // Rows changed in one transaction bear its number, and a single statement is one transaction.
    const found = await look("SELECT count(*)::int AS leases, count(DISTINCT xmin::text)::int AS changes FROM leases");
    expect(found).toEqual([{ leases: 1_000, changes: 1 }]);
    expect(await other.leases.claim("crm-7", "b", LONG_MS)).toBeNull();
  });

  describe("and a transaction that is under way when the lease runs out", () => {
    let database: Database;
    beforeEach(async () => {
      database = await openDatabase({ address });
    });
    afterEach(() => database.close());

    it("keep the connection from being taken over before it has ended", async () => {
      const lease = await claimed(one, "a");
      const entered = Promise.withResolvers<void>();
      const mayEnd = Promise.withResolvers<void>();
      const stored = database.under(lease).transaction(async (session) => {
        await session.run("INSERT INTO facts (connection_id, name, value) VALUES ($1, 'late', '1')", OURS);
        entered.resolve();
        await mayEnd.promise;
      });
      await entered.promise;
      await letExpire();

      expect(await other.leases.claim(OURS, "b", LONG_MS)).toBeNull();
      mayEnd.resolve();
      await stored;
      expect(await other.leases.claim(OURS, "b", LONG_MS)).toMatchObject({ epoch: 2 });
      expect(await other.fact(OURS, "late")).toBe(1);
    });

    it("do not keep other connections from being taken over", async () => {
      const lease = await claimed(one, "a");
      await one.leases.claim("crm-9", "a", 0);
      await database.under(lease).transaction(async () => {
        expect(await other.leases.claim("crm-9", "b", LONG_MS)).toMatchObject({ epoch: 2 });
      });
    });

    it("do not keep the lease from being renewed", async () => {
      const lease = await claimed(one, "a");
      await database.under(lease).transaction(async () => {
        expect(await one.leases.renew([lease])).toEqual([lease]);
      });
    });
  });

  it("change nothing by the clock of a replica that goes wrong", async () => {
    const wrong = await openStore(address, { clock: clockAt(9_999_999_999_999) });
    await claimed(one, "a");

    expect(await wrong.leases.claim(OURS, "b", LONG_MS)).toBeNull();
    await wrong.close();
  });
});

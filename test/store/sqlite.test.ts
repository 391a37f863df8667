import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../../src/store/open.ts";
import { agingSql } from "../../src/store/sqlite/aging.ts";
import { commitSql } from "../../src/store/sqlite/commit.ts";
import { openDatabase } from "../../src/store/sqlite/database.ts";
import { decisionsSql } from "../../src/store/sqlite/decisions.ts";
import { documentsSql } from "../../src/store/sqlite/documents.ts";
import { forgetSql } from "../../src/store/sqlite/forget.ts";
import { forgetCustomerSql } from "../../src/store/sqlite/forget-customer.ts";
import { inboxSql } from "../../src/store/sqlite/inbox.ts";
import { measuresSql } from "../../src/store/sqlite/measures.ts";
import { outboxSql } from "../../src/store/sqlite/outbox.ts";
import { runsSql } from "../../src/store/sqlite/runs.ts";
import { timersSql } from "../../src/store/sqlite/timers.ts";
import { upkeepSql } from "../../src/store/sqlite/upkeep.ts";
import { sqliteStore } from "../../src/store/sqlite.ts";
import { type Store, StoreError } from "../../src/store/store.ts";
import { clockAt } from "./bench.ts";
import { call, commit, decided, event, OURS, rule, run } from "./builders.ts";
import { describeStore } from "./contract.ts";

let folder = "";
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rulebot-store-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
const freshFile = () => {
  files += 1;
  return join(folder, `${files}.db`);
};

describeStore("SQLite on a file", (clock) => openStore(freshFile(), { clock }));
describeStore("SQLite in memory", (clock) => openStore(":memory:", { clock }));

it("writes nothing to the disk for what is as it was: a thousand connections that start again would", async () => {
  const file = freshFile();
  const store = await openStore(file);
  const person = {
    ...{ id: 1, externalId: null, name: "Anna", email: null, groups: [] },
    ...{ active: true, online: true, available: true, technical: false },
  };
  const save = async (name: string) => {
    await store.savePeople(OURS, [{ ...person, name }]);
    await store.saveFact(OURS, "standing", { kind: name });
    return statSync(`${file}-wal`).size;
  };
  const first = await save("Anna");
  expect(await save("Anna")).toBe(first);
  expect(await save("Berta")).toBeGreaterThan(first);
  await store.close();
});

/** What the file itself says, past the store. */
function look(file: string, sql: string): unknown {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  } finally {
    database.close();
  }
}

describe("the states of an event", () => {
  const states = (file: string) => look(file, "SELECT state, failure FROM inbox ORDER BY seq");

  async function withStore(work: (store: Store, file: string) => Promise<void>): Promise<void> {
    const file = freshFile();
    const store = await openStore(file);
    try {
      await work(store, file);
    } finally {
      await store.close();
    }
  }

  it("go from new to decided while runs wait, and to done with the last of them", () =>
    withStore(async (store, file) => {
      await store.receive(OURS, [event(1)], 1_500);
      expect(states(file)).toEqual([{ state: "new", failure: null }]);

      await store.commit(OURS, commit({ calls: [call("a#1"), call("b#1")], runs: [run("a"), run("b")] }));
      expect(states(file)).toEqual([{ state: "decided", failure: null }]);

      await store.commit(OURS, commit({ eventKey: null, endedRunIds: ["a"] }));
      expect(states(file)).toEqual([{ state: "decided", failure: null }]);

      await store.commit(OURS, commit({ eventKey: null, endedRunIds: ["b"] }));
      expect(states(file)).toEqual([{ state: "done", failure: null }]);
    }));

  it("reach done when the last run goes on waiting for something else than a call", () =>
    withStore(async (store, file) => {
      await decided(store, { calls: [call("a#1")], runs: [run("a")] });
      await store.commit(OURS, commit({ eventKey: null, runs: [run("a", { waitsFor: null })] }));

      expect(states(file)).toEqual([{ state: "done", failure: null }]);
    }));

  it("keep why an event failed, also when a run of it ends later", () =>
    withStore(async (store, file) => {
      await decided(store, { eventState: "failed", failure: "three crashes", runs: [run("a")] });
      await store.commit(OURS, commit({ eventKey: null, endedRunIds: ["a"] }));

      expect(states(file)).toEqual([{ state: "failed", failure: "three crashes" }]);
    }));
});

describe("an SQLite store that is opened again", () => {
  it("still has everything", async () => {
    const file = freshFile();
    const first = await openStore(file);
    await decided(first, { calls: [call("r#1")], runs: [run("r")] });
    await first.close();

    const second = await openStore(file);
    expect(await second.receive(OURS, [event(1)], 9_000)).toEqual([]);
    expect(await second.nextCall(OURS, 7)).toMatchObject({ key: "r#1", state: "pending" });
    expect(await second.waitingRuns(OURS, 7)).toHaveLength(1);
    await second.close();
  });

  it("prunes old rules that neither a run nor this process needs", async () => {
    const file = freshFile();
    const first = await openStore(file, { clock: clockAt(1_000) });
    await first.saveRules([rule("unused"), rule("kept"), rule("v1")]);
    await decided(first, { calls: [call("r#1")], runs: [run("r", { ruleVersion: "v1" })] });
    await first.close();

    const second = await openStore(file, { clock: clockAt(2_000) });
    await second.saveRules([rule("kept"), rule("young")]);
    await second.prune(1_000);
    expect(await second.rule("unused")).toEqual(rule("unused"));
    await second.prune(1_001);
    expect(await second.rule("unused")).toBeNull();
    expect(await second.rule("v1")).toEqual(rule("v1"));
    await second.close();

    const third = await openStore(file, { clock: clockAt(3_000) });
    await third.prune(2_000);
    expect(await third.rule("kept")).toEqual(rule("kept"));
    await third.prune(2_001);
    expect([await third.rule("kept"), await third.rule("young")]).toEqual([null, null]);
    await third.close();
  });
});

describe("an SQLite store that prunes much", () => {
  it("gives way to others between its transactions", async () => {
    const store = await openStore(":memory:");
    const events = Array.from({ length: 600 }, (_, n) => event(n));
    await store.receive(OURS, events, 1_500);
    for (const { key } of events) await store.commit(OURS, commit({ eventKey: key }));
    const order: string[] = [];
    const pruned = store.prune(9_000).then(() => order.push("pruned"));
    const received = store.receive(OURS, [event(9_999)], 1_500).then(() => order.push("received"));
    await Promise.all([pruned, received]);

    expect(order).toEqual(["received", "pruned"]);
    await store.close();
  });
});

describe("an SQLite store in trouble", () => {
  it("says that the disk is full, changes nothing, and goes on once there is room", async () => {
    const file = freshFile();
    await (await openStore(file)).close();
    const database = openDatabase(file);
    const store = sqliteStore(database, clockAt(0));
    await store.receive(OURS, [event(1)], 1_500);
    const pages = database.first<{ page_count: number }>("PRAGMA page_count")?.page_count ?? 0;
    database.script(`PRAGMA max_page_count = ${pages}`);
    const big = event(3, { data: { text: "x".repeat(100_000) } });

    const received = store.receive(OURS, [event(2), big], 1_600);
    await expect(received).rejects.toThrow(new StoreError(`The disk that holds ${file} is full. Free some space.`));
    await expect(received).rejects.toHaveProperty("cause.code", "ERR_SQLITE_ERROR");
    expect(await store.counts(OURS)).toMatchObject({ inbox: 1 });

    database.script("PRAGMA max_page_count = 100000");
    expect(await store.receive(OURS, [event(2), big], 1_700)).toHaveLength(2);
    await store.close();
  });

  it("lets a bug of ours through as it is, changes nothing, and goes on", async () => {
    const store = await openStore(":memory:");
    const round: Record<string, never> = {};
    Object.assign(round, { round });

    await expect(store.receive(OURS, [event(1), event(2, { data: round })], 1_500)).rejects.toThrow(TypeError);
    expect(await store.receive(OURS, [event(1)], 1_600)).toHaveLength(1);
    await store.close();
  });

  it("says that another program holds the file when that takes too long", async () => {
    const file = freshFile();
    await (await openStore(file)).close();
    const store = sqliteStore(openDatabase(file, { lockWaitMs: 0 }), clockAt(0));
    const other = new DatabaseSync(file);
    other.exec("BEGIN IMMEDIATE");

    await expect(store.receive(OURS, [event(1)], 1_500)).rejects.toThrow(
      new StoreError(`${file} is in use by another program. Close that program and try again.`),
    );
    other.exec("ROLLBACK");
    expect(await store.receive(OURS, [event(1)], 1_500)).toHaveLength(1);
    other.close();
    await store.close();
  });
});

it("waits so short a time for another program that four waits in a row still close the socket within 10 s", () => {
  const database = openDatabase(":memory:");
  expect(database.first<{ timeout: number }>("PRAGMA busy_timeout")?.timeout).toBeLessThanOrEqual(10_000 / 5);
  database.close();
});

describe("the plan that SQLite makes", () => {
  /** A search by connection alone reads all its rows: right only where the index or the list is short. */
  const plan = async (sql: string) => {
    const file = freshFile();
    await (await openStore(file)).close();
    return JSON.stringify(look(file, `EXPLAIN QUERY PLAN ${sql}`));
  };
  // Whole events and calls are looked through in windows of their numbers.
  const { naming, events, calls, ...customersRows } = forgetCustomerSql;
  const wasteful = /SCAN (?!CONSTANT ROW|json_each|\d)|USE TEMP B-TREE FOR ORDER BY|AUTOMATIC/;
  const wholeConnection = /\(connection_id=\?\)/;

  it.each(
    Object.entries({
      ...commitSql,
      ...runsSql,
      ...forgetSql,
      nextEvent: inboxSql.next,
      peekEvent: inboxSql.peek,
      takeHeld: inboxSql.takeHeld,
      expireHeld: inboxSql.expireHeld,
      expireNew: inboxSql.expireNew,
      nextCall: outboxSql.next,
      beginCall: outboxSql.begin,
      endCall: outboxSql.end,
      callsOfState: outboxSql.listOfState,
      decisionsOfChat: decisionsSql.ofChat,
      decisionsOfEvent: decisionsSql.ofEvent,
      latestDialog: documentsSql.latestDialog,
      dialog: documentsSql.one("dialogs"),
      dialogs: documentsSql.dialogs,
      pruneInbox: upkeepSql.pruneInbox,
      pruneOutbox: upkeepSql.pruneOutbox,
      pruneDecisions: upkeepSql.pruneDecisions,
      ...customersRows,
      timersOfChat: timersSql.removeOfChat,
      ageChats: agingSql.chats,
      ageCustomers: agingSql.customers,
      ageDialogs: agingSql.dialogs,
      keepChat: agingSql.keepChat,
      keepCustomer: agingSql.keepCustomer,
    }),
  )("for %s touches only the rows it is about, however many there are", async (_, sql) => {
    const made = await plan(sql);

    expect(made).not.toMatch(wasteful);
    expect(made).not.toMatch(wholeConnection);
  });

  it.each(
    Object.entries({
      busyLanes: inboxSql.busyLanes,
      heldLanes: inboxSql.heldLanes,
      counts: upkeepSql.counts,
      people: documentsSql.many("people"),
      otherBots: documentsSql.otherBots,
      openDialogs: documentsSql.openDialogs,
      queued: documentsSql.queued,
      deafNew: agingSql.deafNew,
      deafHeld: agingSql.deafHeld,
      deafCalls: agingSql.deafCalls,
      deafRuns: agingSql.deafRuns,
      deafTimers: agingSql.deafTimers,
    }),
  )("for %s reads one connection by an index and sorts nothing", async (_, sql) => {
    expect(await plan(sql)).not.toMatch(wasteful);
  });

  it.each(Object.entries({ naming, events, calls }))("for %s of a customer reads a window of rows", async (_, sql) => {
    expect(await plan(sql)).toMatch(/SEARCH (inbox|outbox) USING INTEGER PRIMARY KEY \(rowid>\? AND rowid<\?\)/);
  });

  it.each(Object.entries({ ...measuresSql, undecided: measuresSql.undecided.join(" UNION ALL ") }))(
    "for measuring what is %s reads rows that wait, by an index",
    async (_, sql) => {
      const made = await plan(sql);
      const indexes = [...made.matchAll(/INDEX (\w+)/g)].map(([, name]) => name);

      expect(made).not.toMatch(/TEMP B-TREE/);
      expect(indexes.length).toBe((made.match(/SCAN/g) ?? []).length);
      expect(indexes).not.toContain("outbox_by_state");
    },
  );

  it("for busy lanes reads unfinished rows only", async () => {
    const indexes = [...(await plan(inboxSql.busyLanes)).matchAll(/INDEX (\w+)/g)].map(([, name]) => name);

    expect(indexes).toEqual(["inbox_new", "outbox_open", "runs_waiting", "runs_requesting"]);
  });

  it("for old rules looks up their runs by version", async () => {
    expect(await plan(upkeepSql.oldRules)).toContain("SEARCH runs USING COVERING INDEX runs_by_rule (rule_version=?)");
  });

  it.each([outboxSql.list, decisionsSql.list])("for the newest rows starts at the end: %s", async (sql) => {
    expect(await plan(sql)).not.toMatch(/TEMP B-TREE/);
  });
});

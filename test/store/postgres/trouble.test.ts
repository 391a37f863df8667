import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../../../src/store/open.ts";
import { openDatabase } from "../../../src/store/postgres/database.ts";
import { type Store, StoreError } from "../../../src/store/store.ts";
import { type PostgresServer, startPostgres } from "../../helpers/postgres.ts";
import { call, chat, commit, decided, event, OURS, run } from "../builders.ts";
import { type Child, startChild } from "../child.ts";

let server: PostgresServer;
let address = "";
let store: Store;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  address = await server.fresh();
  store = await openStore(address);
});
afterEach(() => store.close());

const look = <Row>(sql: string) => server.ask<Row>(address, sql);

describe("a PostgreSQL server that comes and goes", () => {
  it("is told of with one sentence while it is away, and used again when it is back: nothing is lost", async () => {
    await decided(store, { calls: [call("r#1")], runs: [run("r")] });
    await server.crash();
    const place = `${new URL(address).host}/rulebot`;
    const away = store.receive(OURS, [event(2)], 1_600);
    await expect(away).rejects.toThrow(StoreError);
    await expect(store.counts(OURS)).rejects.toThrow(
      `PostgreSQL at ${place} can't be reached (ECONNREFUSED). Check storage: and whether the database is running.`,
    );

    await server.start();
    expect(await store.receive(OURS, [event(1), event(2)], 1_700)).toMatchObject([{ key: "message_new:2" }]);
    expect(await store.waitingRuns(OURS, 7)).toHaveLength(1);
  });

  it("may end connections that nobody uses: the next statement has a new one", async () => {
    await store.receive(OURS, [event(1)], 1_500);
    const end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rulebot'";
    await look(end);
    expect(await store.receive(OURS, [event(1)], 1_600)).toEqual([]);
    await look(end);

    expect(await store.counts(OURS)).toMatchObject({ inbox: 1 });
  });

  it("may end a connection in the middle of a transaction: nothing of that was done", async () => {
    const database = await openDatabase({ address });
    const broken = database.transaction(async (session) => {
      await session.run("INSERT INTO facts (connection_id, name, value) VALUES ($1, 'half', '1')", OURS);
      const [row] = await session.all<{ pid: number }>("SELECT pg_backend_pid() AS pid");
      await look(`SELECT pg_terminate_backend(${row?.pid}, 5000)`);
      await session.run("INSERT INTO facts (connection_id, name, value) VALUES ($1, 'other half', '1')", OURS);
    });

    await expect(broken).rejects.toThrow(StoreError);
    expect([await store.fact(OURS, "half"), await store.fact(OURS, "other half")]).toEqual([null, null]);
    await database.close();
  });

  it("gets no straggler of a transaction that has ended", async () => {
    const database = await openDatabase({ address });
    const ended = Promise.withResolvers<void>();
    let straggler: Promise<unknown> | null = null;
    const broken = database.transaction(async (session) => {
      straggler = ended.promise.then(() => session.run("INSERT INTO facts VALUES ('crm', 'late', '1')"));
      throw new RangeError("a bug");
    });
    await expect(broken).rejects.toThrow(new RangeError("a bug"));
    ended.resolve();

    await expect(straggler).rejects.toThrow("the transaction has ended");
    expect(await store.fact("crm", "late")).toBeNull();
    await database.close();
  });

  it("loses and half-does nothing of what was promised when it crashes under work, again and again", async () => {
    const promised: number[] = [];
    let isOver = false;
    const refusedWith: unknown[] = [];
    const lane = async (chatId: number) => {
      for (let n = chatId * 1_000; !isOver; n += 1) {
        const key = `message_new:${n}`;
        const decision = { calls: [call(`${key}#1`, { chatId })], dialogs: [], chat: chat(chatId, { mutedUntil: n }) };
        try {
          await store.receive(OURS, [event(n, { chatId })], 1_500);
          if (await store.commit(OURS, commit({ eventKey: key, ...decision }))) promised.push(n);
        } catch (error) {
          refusedWith.push(error);
        }
      }
    };
    const lanes = [1, 2, 3, 4].map(lane);
    for (let crash = 0; crash < 3; crash += 1) {
      const goal = promised.length + 40;
      while (promised.length < goal) await new Promise(setImmediate);
      await server.crash();
      await server.start();
    }
    isOver = true;
    await Promise.all(lanes);

    expect(refusedWith.filter((error) => !(error instanceof StoreError))).toEqual([]);
    const kept = await store.decisions(OURS, { limit: 100_000 });
    const keys = kept.map(({ eventKey }) => eventKey);
    // Exactly those: a promise was kept, a refusal changed nothing.
    expect(keys.toSorted()).toEqual(promised.map((n) => `message_new:${n}`).toSorted());
    expect(await store.outbox(OURS, { limit: 100_000 })).toHaveLength(promised.length);
  });
});

describe("a way to PostgreSQL that breaks", () => {
  let proxy: Proxy;
  let through: Store;
  beforeEach(async () => {
    proxy = await startProxy(Number(new URL(address).port));
    through = await openStore(proxied(address, proxy.port));
  });
  afterEach(async () => {
    await through.close();
    await proxy.stop();
  });

  it.each([
    ["a transaction is to begin", "BEGIN", () => through.receive(OURS, [event(1)], 1_500)],
    ["something is to be read", "FROM inbox", () => through.busyLanes(OURS)],
  ])("is no failure when %s: another connection is taken", async (_, words, work) => {
    await through.receive(OURS, [event(2)], 1_500);
    proxy.cutAt(words, "before");

    expect(await work()).toHaveLength(1);
    expect(proxy.cuts()).toBe(1);
  });

  it("fails without the receipts: is no failure when the commit had reached the server", async () => {
    await through.receive(OURS, [event(1)], 1_500);
    proxy.cutAt("COMMIT\0", "after");

    expect(await through.commit(OURS, commit({ chat: chat(7) }))).toBe(true);
    expect(proxy.cuts()).toBe(1);
    expect(await store.chat(OURS, 7)).toEqual(chat(7));
    expect(await store.decisions(OURS, { limit: 9 })).toHaveLength(1);
  });

  it("is a failure that changed nothing when the commit had not reached the server", async () => {
    await through.receive(OURS, [event(1)], 1_500);
    proxy.cutAt("COMMIT\0", "before");

    await expect(through.commit(OURS, commit({ chat: chat(7) }))).rejects.toThrow(StoreError);
    expect(proxy.cuts()).toBe(1);
    expect(await store.chat(OURS, 7)).toBeNull();
    expect(await through.commit(OURS, commit({ chat: chat(7) }))).toBe(true);
  });

  it("names the new events of a batch all the same", async () => {
    proxy.cutAt("COMMIT\0", "after");

    expect(await through.receive(OURS, [event(1), event(2)], 1_500)).toHaveLength(2);
  });

  it("begins a call for the one who asked", async () => {
    await decided(through, { calls: [call("r#1")] });
    proxy.cutAt("COMMIT\0", "after");

    expect(await through.beginCall(OURS, "r#1", 3_000, null)).toBe(true);
  });
});

describe("a pooler that mixes connections and knows no prepared statements", () => {
  it("is noticed, and statements are sent whole from then on", async () => {
    const database = await openDatabase({ address });
    const ask = () => database.first("SELECT $1::int AS n", 1);
    await ask();
    await database.run("DEALLOCATE ALL");
    expect(await ask()).toEqual({ n: 1 });

    const prepared = "SELECT count(*)::int AS kept FROM pg_prepared_statements";
    await database.first("SELECT $1::int + 1 AS n", 1);
    expect(await database.first(prepared)).toEqual({ kept: 0 });
    await database.close();
  });
});

describe("what PostgreSQL can't keep", () => {
  it("is a NUL in a text: it becomes a sign that something was there", async () => {
    await decided(store, { eventState: "failed", failure: "bad \0 text" });

    expect(await look("SELECT failure FROM inbox")).toEqual([{ failure: "bad \uFFFD text" }]);
  });
});

describe("a bot on PostgreSQL that is killed in the middle of its work", () => {
  let child: Child | null = null;
  afterEach(() => child?.kill());

  it.each([3, 24, 61])("has lost nothing of what it was promised (after %i steps)", async (steps) => {
    child = startChild("commit-until-killed", address);
    const promised: string[] = [];
    for (let line = await child.lines.next(); line.done !== true; line = await child.lines.next()) {
      promised.push(line.value);
      if (promised.length === steps) await child.kill();
    }
    const upTo = (step: string) => promised.filter((line) => line.startsWith(`${step} `)).length;
    const decisions = await store.decisions(OURS, { limit: steps + 99 });
    const calls = await store.outbox(OURS, { limit: steps + 99 });
    const { inbox } = await store.counts(OURS);

    // At most the one step that was under way when the process died may be there beyond what was told.
    const within = (found: number, told: number) => expect([told, told + 1]).toContain(found);
    within(inbox + decisions.length, upTo("received"));
    within(decisions.length, upTo("decided"));
    within(calls.filter(({ state }) => state !== "pending").length, upTo("begun"));
    within(calls.filter(({ state }) => state === "sent").length, upTo("sent"));
    expect(calls).toHaveLength(decisions.length);
    expect((await store.dialog(OURS, 70))?.messages ?? 0).toBe(decisions.length);
  });
});

/** A way to the server that breaks when it is told to. */
interface Proxy {
  readonly port: number;
  /** Breaks the connection that next carries these words, `before` or `after` the server has got them. */
  cutAt(words: string, when: "before" | "after"): void;
  cuts(): number;
  stop(): Promise<void>;
}

const proxied = (given: string, port: number) => given.replace(/:\d+\//, `:${port}/`);

async function startProxy(target: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let trap: { words: string; when: "before" | "after" } | null = null;
  let cuts = 0;
  const server: Server = createServer((client) => {
    const upstream = connect(target, "127.0.0.1");
    for (const socket of [client, upstream]) sockets.add(socket.on("error", () => {}));
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    client.on("close", end);
    upstream.on("close", end);
    upstream.on("data", (data) => client.write(data));
    client.on("data", (data) => {
      if (trap === null || !data.includes(trap.words)) return upstream.write(data);
      const { when } = trap;
      trap = null;
      cuts += 1;
      if (when === "before") return end();
      // The server's answer tells that it has done it; it goes no further.
      upstream.removeAllListeners("data");
      upstream.on("data", end);
      return upstream.write(data);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const found = server.address();
  if (found === null || typeof found === "string") throw new Error("a server has a port");
  return {
    port: found.port,
    cutAt: (words, when) => {
      trap = { words, when };
    },
    cuts: () => cuts,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

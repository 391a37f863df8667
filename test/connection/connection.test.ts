import { afterEach, describe, expect, it, vi } from "vitest";
import { createCrmApi } from "../../src/api/crm.ts";
import { systemClock } from "../../src/clock.ts";
import type { Connection } from "../../src/connection/connection.ts";
import type { Change } from "../../src/sandbox/index.ts";
import { LeaseLost } from "../../src/store/leases.ts";
import type { Store } from "../../src/store/store.ts";
import { rulebook } from "../engine/world.ts";
import { type Account, botTexts, ECHO_RULES, openAccount } from "./account.ts";

let account: Account;
afterEach(() => account.stop());

/** A running connection on a fresh account. */
async function running(): Promise<Connection> {
  account = await openAccount();
  const connection = await account.connect();
  await connection.listening;
  return connection;
}

const says = () => botTexts(account.sandbox);

/** The next texts of the bot, up to so many in all. */
async function answered(count: number): Promise<readonly string[]> {
  await account.sandbox.until(() => says().length >= count);
  return says();
}

const socketOpened = () => account.sandbox.waitFor(({ kind }) => kind === "socket_opened");
const record = async (connection: Connection) => account.store.connection(connection.id);

describe("a connection at work", () => {
  it("registers, listens, answers a customer once and ignores its own echo", async () => {
    await running();
    account.sandbox.customerSays("How much is delivery?");
    await answered(1);
    account.sandbox.customerSays("thanks");
    expect(await answered(2)).toEqual(["We deliver in 1-3 days.", "You said thanks"]);
    const own = account.decided.filter(({ event }) => JSON.stringify(event.data).includes('"type":"bot"'));
    expect(own.every(({ verdicts }) => verdicts.every(({ outcome }) => outcome !== "fired"))).toBe(true);
  });

  it("knows its own id and the staff before it listens", async () => {
    account = await openAccount();
    const seen: string[] = [];
    account.sandbox.on((change: Change) => {
      if (change.kind === "answered") seen.push(change.request.path.replace("/api/bot/v1/", ""));
      if (change.kind === "socket_opened") seen.push("socket");
    });
    const connection = await account.connect();
    await connection.listening;
    const before = seen.slice(0, seen.indexOf("socket"));
    expect(before).toEqual(expect.arrayContaining(["bots", "users", "channels", "dialogs"]));
    expect((await record(connection))?.botId).toBe([...account.sandbox.world.bots.values()].at(-1)?.id);
  });

  it("writes its access to the store once, and not again when it starts anew", async () => {
    account = await openAccount();
    const saved = vi.spyOn(account.store, "saveAccess");
    const connection = await account.connect();
    await connection.listening;
    const times = saved.mock.calls.length;
    await connection.drain();
    await (await account.connect()).listening;
    expect([times, saved.mock.calls.length]).toEqual([2, 2]);
  });

  it("tells no secret to its log, however much it writes", async () => {
    const connection = await running();
    account.sandbox.customerSays("a very private question");
    await answered(1);
    account.sandbox.disconnectSockets({ abrupt: true });
    await socketOpened();
    const token = (await record(connection))?.token ?? "";
    expect(token.length).toBeGreaterThan(60);
    for (const secret of [token, account.sandbox.apiKey, "a very private question"])
      expect(account.log.text()).not.toContain(secret);
  });

  it("names the connection in every line of its log", async () => {
    const connection = await running();
    expect(account.log.lines().every((line) => line.connection === connection.id)).toBe(true);
  });

  it("sends no key in a query", async () => {
    await running();
    expect(account.sandbox.requests.filter(({ keyInQuery }) => keyInQuery)).toEqual([]);
  });

  it("is listed in its status without secrets", async () => {
    const connection = await running();
    const status = await connection.status();
    expect(status).toMatchObject({
      id: connection.id,
      module: { code: "rulebot", state: "registered", says: "The module is registered." },
      bot: { name: "Helper" },
      socket: { state: "open", opened: 1 },
      queues: { inbox: 0, outbox: 0, unknown: 0, waitingRuns: 0 },
      commands: { declared: [], foreign: [] },
      rules: { count: 2 },
    });
    expect(JSON.stringify(status)).not.toContain((await record(connection))?.token);
  });

  it("finds a colleague by the e-mail that only the CRM knows", async () => {
    account = await openAccount();
    account.sandbox.setOnline("Ivan Sidorov", true);
    const book = rulebook(
      "- rule: To sales\n  when: {message: any}\n  do:\n    - assign: sales\n",
      "teams: {sales: {people: [ivan@shop.example]}}",
    );
    const connection = await account.connect({ rulebook: book });
    await connection.listening;
    account.sandbox.customerSays("Hello");
    const assigned = await account.sandbox.waitFor(({ kind }) => kind === "assigned");
    const ivan = [...account.sandbox.world.people.values()].find(({ email }) => email === "ivan@shop.example");
    expect(assigned).toMatchObject({ dialog: { responsible: { id: ivan?.id } } });
  });
});

describe("a connection that starts again", () => {
  it("keeps its token and module, and answers nothing twice", async () => {
    const first = await running();
    account.sandbox.customerSays("delivery?");
    await answered(1);
    const before = await record(first);
    await first.drain();
    const edits = () =>
      account.sandbox.requests.filter(({ method, path }) => method === "POST" && path.endsWith("/edit"));
    const written = edits().length;
    const second = await account.connect();
    await second.listening;
    account.sandbox.customerSays("more");
    expect(await answered(2)).toEqual(["We deliver in 1-3 days.", "You said more"]);
    expect(await record(second)).toEqual(before);
    expect(edits().length).toBe(written);
  });

  it("sends what was planned before it ended", async () => {
    account = await openAccount();
    account.sandbox.faults.add({
      kind: "status",
      status: 429,
      match: { method: "POST", path: "/api/bot/v1/messages" },
    });
    const first = await account.connect();
    await first.listening;
    account.sandbox.customerSays("delivery?");
    await account.sandbox.waitFor((change) => change.kind === "answered" && change.request.status === 429);
    await first.drain();
    expect(says()).toEqual([]);
    const second = await account.connect();
    await second.listening;
    expect(await answered(1)).toEqual(["We deliver in 1-3 days."]);
  });

  it("starts with its old token while the CRM cannot be reached", async () => {
    const first = await running();
    await first.drain();
    await account.sandbox.down("crm");
    const second = await account.connect();
    await second.listening;
    account.sandbox.customerSays("delivery?");
    expect(await answered(1)).toEqual(["We deliver in 1-3 days."]);
    expect(account.registrations.at(-1)?.kind).toBe("unreachable");
  });
});

describe("a socket that is closed", () => {
  it.each([{ how: { code: 1001 } as const }, { how: { abrupt: true } as const }])(
    "by $how is opened again",
    async ({ how }) => {
      await running();
      const opened = socketOpened();
      account.sandbox.disconnectSockets(how);
      await opened;
      account.sandbox.customerSays("delivery?");
      expect(await answered(1)).toEqual(["We deliver in 1-3 days."]);
    },
  );
});

describe("a token", () => {
  it("that was renewed in the CRM is taken over", async () => {
    const connection = await running();
    const crm = createCrmApi({
      url: account.sandbox.crmUrl,
      apiKey: account.sandbox.apiKey,
      clock: systemClock,
      random: () => 0,
      log: account.log.log,
    });
    const before = await record(connection);
    const opened = socketOpened();
    const module = {
      code: "rulebot",
      name: "Helper",
      clientId: before?.clientId ?? "",
      baseUrl: "http://localhost:8080",
    };
    await crm.editModule({ ...module, integrations: { mgBot: { refreshToken: true } } });
    crm.close();
    await opened;
    account.sandbox.customerSays("delivery?");
    expect(await answered(1)).toEqual(["We deliver in 1-3 days."]);
    expect((await record(connection))?.token).not.toBe(before?.token);
  });
});

describe("a module that is switched off", () => {
  it("ends the work as soon as the CRM hints at it, and the work goes on when it is on again", async () => {
    const connection = await running();
    await account.sandbox.setModule("rulebot", { active: false });
    connection.look();
    await account.registered("inactive");
    expect(account.sandbox.socketCount()).toBe(0);
    const opened = socketOpened();
    await account.sandbox.setModule("rulebot", { active: true });
    connection.look();
    await opened;
    account.sandbox.customerSays("delivery?");
    expect(await answered(1)).toEqual(["We deliver in 1-3 days."]);
  });

  it("is not started at all", async () => {
    const first = await running();
    await first.drain();
    await account.sandbox.setModule("rulebot", { active: false });
    await account.connect();
    await account.registered("inactive");
    expect(account.sandbox.socketCount()).toBe(0);
  });
});

describe("a first start that the CRM refuses", () => {
  it("ends with the reason", async () => {
    account = await openAccount();
    const connection = await account.connect({ crm: { url: account.sandbox.crmUrl, apiKey: "wrong-key" } });
    expect((await connection.ended)?.en).toBe(
      `The CRM ${account.sandbox.crmUrl} refuses the API key: Wrong "apiKey" value. Check the API key.`,
    );
  });
});

describe("a connection that is withheld", () => {
  it.each(["by_owner", "paused"] as const)("asks nobody and stays silent: %s", async (why) => {
    account = await openAccount();
    let withheld: typeof why | null = why;
    const connection = await account.connect({ withheld: () => withheld });
    await account.registered("inactive");
    expect([...account.sandbox.world.modules]).toEqual([]);
    withheld = null;
    connection.look();
    await connection.listening;
    expect(account.registrations.map(({ kind }) => kind)).toEqual(["inactive", "registered"]);
  });

  it("closes its socket when that is wanted, and opens it again", async () => {
    account = await openAccount();
    let withheld: "paused" | null = null;
    const connection = await account.connect({ withheld: () => withheld });
    await connection.listening;
    withheld = "paused";
    connection.look();
    await account.registered("inactive");
    await expect.poll(async () => (await connection.status()).socket).toBeNull();
    withheld = null;
    connection.look();
    await account.registered("registered");
  });
});

describe("a CRM that does not answer", () => {
  it("is told of after the first request, before any other is made", async () => {
    account = await openAccount();
    const { sandbox } = account;
    const body = { success: false, errorMsg: "Too many requests" };
    sandbox.faults.add({
      kind: "status",
      status: 503,
      headers: { "retry-after": "60" },
      body,
      match: { server: "crm" },
    });
    const told = Promise.withResolvers<string>();
    await account.connect({ onRegistration: (_, { en }) => told.resolve(`${sandbox.requests.length}: ${en}`) });
    expect(await told.promise).toBe(
      `1: The CRM ${sandbox.crmUrl} cannot be reached (GET ${sandbox.crmUrl}/api/credentials answered 503: Too many requests).`,
    );
  });
});

describe("new rules", () => {
  it("answer from the next event on", async () => {
    const connection = await running();
    await connection.useRulebook(rulebook(ECHO_RULES.replace("We deliver in 1-3 days.", "We deliver at once.")));
    account.sandbox.customerSays("delivery?");
    expect(await answered(1)).toEqual(["We deliver at once."]);
  });

  it("change the published commands", async () => {
    account = await openAccount();
    const withCommands = (commands: string) => rulebook(ECHO_RULES, commands);
    const connection = await account.connect({
      rulebook: withCommands("commands: {delivery: Ways of delivery, payment: Ways to pay}"),
    });
    await account.sandbox.until(({ commands }) => commands.size === 2);
    await connection.listening;
    await connection.useRulebook(withCommands("commands: {payment: How to pay}"));
    await account.sandbox.until(({ commands }) => commands.size === 1);
    expect([...account.sandbox.world.commands.values()].map(({ name, description }) => [name, description])).toEqual([
      ["payment", "How to pay"],
    ]);
  });

  it("that listen to more events swap the socket without a gap", async () => {
    const connection = await running();
    const opened = socketOpened();
    const more = `${ECHO_RULES}\n- rule: Deleted\n  when: {event: message_deleted}\n  do:\n    - note: A message was deleted\n`;
    await connection.useRulebook(rulebook(more));
    expect(await opened).toMatchObject({ events: expect.arrayContaining(["message_deleted", "message_new"]) });
    await account.sandbox.waitFor(({ kind }) => kind === "socket_closed");
    expect(account.sandbox.socketCount()).toBe(1);
    account.sandbox.customerSays("delivery?");
    expect(await answered(1)).toEqual(["We deliver in 1-3 days."]);
  });
});

describe("draining", () => {
  it("waits for the request that is under way, and keeps the rest", async () => {
    const connection = await running();
    account.sandbox.faults.add({ kind: "slow", ms: 300, match: { method: "POST", path: "/api/bot/v1/messages" } });
    account.sandbox.customerSays("delivery?");
    await account.sandbox.waitFor(
      (change) =>
        change.kind === "request" && change.request.method === "POST" && change.request.path.endsWith("/messages"),
    );
    await connection.drain();
    expect(says()).toEqual(["We deliver in 1-3 days."]);
    expect(await account.store.counts(connection.id)).toMatchObject({ outbox: 0, unknown: 0 });
    expect(account.sandbox.socketCount()).toBe(0);
    expect(await connection.ended).toBe(null);
  });

  it("may come at any moment of the start", async () => {
    account = await openAccount();
    const connection = await account.connect();
    await connection.drain();
    expect(account.sandbox.socketCount()).toBe(0);
    expect(await connection.ended).toBe(null);
  });

  it.each([{ server: "crm" }, { server: "gateway" }] as const)(
    "does not wait for a $server that never answers",
    async ({ server }) => {
      account = await openAccount();
      account.sandbox.faults.add({ kind: "hang", match: { server }, times: null });
      const connection = await account.connect();
      await account.sandbox.waitFor((change) => change.kind === "fault");
      await connection.drain();
      expect(await connection.ended).toBe(null);
    },
    5_000,
  );

  it("fails without the limit of draining: ends although the store never answers a chat that is being decided", async () => {
    account = await openAccount();
    const asked = Promise.withResolvers<void>();
    const store: Store = {
      ...account.store,
      commit() {
        asked.resolve();
        return new Promise(() => {});
      },
    };
    // Twenty times as fast: nobody wants to wait for the five seconds that requests are given.
    const clock = { ...systemClock, sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms / 20, signal) };
    const connection = await account.connect({ store, clock });
    await connection.listening;
    account.sandbox.customerSays("delivery?");
    await asked.promise;
    await connection.drain();
    expect(account.sandbox.socketCount()).toBe(0);
    expect(await connection.ended).toBe(null);
  }, 10_000);
});

describe("a fault that only one account meets", () => {
  it("is told in the log, and its work begins anew: neither it nor the program has ended", async () => {
    account = await openAccount();
    let saves = 0;
    const store: Store = {
      ...account.store,
      async saveAccess(...access) {
        saves += 1;
        if (saves === 1) throw new TypeError("value.toWellFormed is not a function");
        await account.store.saveAccess(...access);
      },
    };
    const connection = await account.connect({ store });
    await expect.poll(() => account.log.text()).toContain("the work on this account has failed; it begins anew");
    // The pause of five minutes ends early when the CRM hints at a change.
    connection.look();
    await connection.listening;
    account.sandbox.customerSays("delivery?");
    await answered(1);
  });

  it("is no fault when another replica has taken the connection before its access was kept", async () => {
    account = await openAccount();
    const lost = async () => Promise.reject(new LeaseLost({ connectionId: "x", owner: "a", epoch: 1, ttlMs: 1 }));
    const connection = await account.connect({ store: { ...account.store, saveAccess: lost } });
    expect(await connection.ended).toBe(null);
    expect(account.sandbox.socketCount()).toBe(0);
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAlarms } from "../../../src/accounts/watching/alarms.ts";
import { createCrmApi } from "../../../src/api/crm.ts";
import { newRecord } from "../../../src/connection/registering/record.ts";
import type { Registration } from "../../../src/connection/registering/register.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/index.ts";
import { openStore } from "../../../src/store/open.ts";
import type { ConnectionRecord, Store } from "../../../src/store/store.ts";
import { createTestLog } from "../../helpers/test-log.ts";
import { createVirtualClock } from "../../helpers/virtual-clock.ts";

const HOUR = 3_600_000;
const REGISTERED: Registration = { kind: "registered", gatewayUrl: "x", token: "t", did: "nothing" };
const DISABLED: Registration = { kind: "chats_disabled", words: [] };

let sandbox: Sandbox;
let store: Store;
beforeEach(async () => {
  sandbox = await startSandbox();
  store = await openStore(":memory:");
});
afterEach(async () => {
  await sandbox.stop();
  await store.close();
});

function open({ isOwn = false } = {}) {
  const clock = createVirtualClock();
  const log = createTestLog();
  const made = newRecord({ crmUrl: sandbox.crmUrl, moduleCode: "rulebot" });
  const record: ConnectionRecord = { ...made, apiKey: isOwn ? null : sandbox.apiKey };
  const crm = { url: sandbox.crmUrl, apiKey: sandbox.apiKey };
  const start = () =>
    createAlarms({
      crmOf: (account) => createCrmApi({ ...account, clock, random: () => 0, log: log.log }),
      own: isOwn ? { id: record.id, crm } : null,
      language: "en",
      name: "Helper",
      clock,
      log: log.log,
    });
  let alarms = start();
  let present = record;
  const changes = (over: Partial<ConnectionRecord>) => {
    present = { ...present, ...over };
  };
  const stands = async (registration: Registration, over: Partial<ConnectionRecord> = {}) => {
    present = { ...record, ...over };
    alarms.standing({ present: () => present, registration, store });
    await alarms.settled();
  };
  const ask = async (good: number, bad: number, over: Partial<ConnectionRecord> = {}) => {
    const request = { connectionId: over.id ?? record.id, api: "bot", kind: "read", status: 200, ms: 1 } as const;
    for (let n = 0; n < bad; n++) alarms.requested({ ...request, error: "unavailable" });
    for (let n = 0; n < good; n++) alarms.requested({ ...request, error: null });
    await alarms.settled();
  };
  const restart = () => {
    alarms = start();
  };
  return { clock, log, record, stands, changes, ask, restart, alarms: () => alarms };
}

const told = () => sandbox.world.notifications.map(({ message }) => message);

describe("a connection whose requests fail", () => {
  it("is told to the account's admins once, with what happens and what to do", async () => {
    const { stands, ask } = open();
    await stands(REGISTERED);
    await ask(2, 9);
    await ask(0, 50);
    expect(sandbox.world.notifications).toMatchObject([
      {
        type: "api.error",
        userGroups: ["superadmins"],
        message:
          'The chat bot "Helper" has trouble: 9 of its last 10 requests to the CRM and the chats failed. Customers may get no answer from it. If this goes on, check the module and its API key, or ask the module\'s support.',
      },
    ]);
  });

  it("is told in the account's language", async () => {
    const { stands, ask } = open();
    await stands(REGISTERED, { language: "ru" });
    await ask(0, 10);
    expect(told()).toEqual([expect.stringContaining('У чат-бота "Helper" неполадки')]);
  });

  it("is told in the language that the owner has chosen meanwhile, and with the key of by then", async () => {
    const { stands, changes, ask } = open();
    await stands(REGISTERED, { language: "ru" });
    const apiKey = sandbox.newKey();
    sandbox.deleteKey(sandbox.apiKey);
    changes({ language: "es", apiKey });
    await ask(0, 10);
    expect(told()).toEqual([expect.stringContaining('El bot de chat "Helper" tiene problemas')]);
  });

  it("is told again the next day, also by another process", async () => {
    const { stands, ask, clock, restart } = open();
    await stands(REGISTERED);
    await ask(0, 10);
    restart();
    await stands(REGISTERED);
    await ask(0, 10);
    expect(told()).toHaveLength(1);
    await clock.advance(24 * HOUR);
    await ask(0, 10);
    expect(told()).toHaveLength(2);
  });

  it("is not told while most requests are good, or of one that nobody serves", async () => {
    const { stands, ask } = open();
    await ask(0, 20);
    await stands(REGISTERED);
    await ask(8, 2);
    await ask(0, 20, { id: "another.simla.com/rulebot" });
    expect(told()).toEqual([]);
  });

  it("is told of the file's own account as well", async () => {
    const { stands, ask } = open({ isOwn: true });
    await stands(REGISTERED);
    await ask(0, 10);
    expect(told()).toHaveLength(1);
  });

  it("is told later when the CRM could not be reached now", async () => {
    const { stands, ask, clock, log } = open();
    await stands(REGISTERED);
    const clear = sandbox.faults.add({ kind: "status", status: 400, times: null, match: { path: "/api/v5/notif" } });
    await ask(0, 10);
    expect(told()).toEqual([]);
    expect(log.text()).toContain("the account's admins could not be told of trouble");
    clear();
    await clock.advance(HOUR);
    await ask(0, 10);
    expect(told()).toHaveLength(1);
  });

  it("is not told twice when nobody knows whether it was told", async () => {
    const { stands, ask, clock } = open();
    await stands(REGISTERED);
    sandbox.faults.add({ kind: "reset_after", match: { path: "/api/v5/notif" } });
    await ask(0, 10);
    await clock.advance(HOUR);
    await ask(0, 10);
    expect(told()).toHaveLength(1);
  });
});

describe("a CRM that is slow to take what it is told", () => {
  it.each([
    { how: "asks for patience", fault: { kind: "status", status: 429, headers: { "retry-after": "300" } } },
    { how: "does not answer", fault: { kind: "hang" } },
  ] as const)("and $how holds back nobody else's admins, and is given up after half a minute", async ({ fault }) => {
    const { alarms, record, clock, log } = open();
    const slow = await startSandbox();
    try {
      slow.faults.add({ ...fault, times: null, match: { path: "/api/v5/notif" } });
      const other = { ...record, id: "slow", crmUrl: slow.crmUrl, apiKey: slow.apiKey };
      alarms().standing({ present: () => other, registration: DISABLED, store });
      await slow.waitFor(({ kind }) => kind === "request");
      alarms().standing({ present: () => record, registration: DISABLED, store });
      await expect.poll(told, { timeout: 15_000 }).toHaveLength(1);
      expect(log.text()).not.toContain("could not be told");
      await clock.advance(30_000);
      await alarms().settled();
      expect(log.lines().filter(({ connection }) => connection === "slow")).toMatchObject([
        { msg: "the account's admins could not be told of trouble" },
      ]);
    } finally {
      await slow.stop();
    }
  });
});

describe("a registration that can't be", () => {
  it("is told once while it lasts, whoever starts again meanwhile, and then anew", async () => {
    const { stands, clock, restart } = open();
    await stands(DISABLED);
    await stands(DISABLED);
    restart();
    await clock.advance(30 * 24 * HOUR);
    await stands(DISABLED);
    expect(told()).toEqual([
      'The chat bot "Helper" does not work. Chats are not enabled in this CRM account. Enable them in the CRM; the bot asks again every 5 minutes.',
    ]);
    await stands(REGISTERED);
    await stands(DISABLED);
    expect(told()).toHaveLength(2);
  });

  it("is told once a day at most when it comes and goes", async () => {
    const { stands, clock } = open();
    for (let n = 0; n < 20; n++) {
      await stands(DISABLED);
      await stands(REGISTERED);
      await clock.advance(HOUR);
    }
    expect(told()).toHaveLength(1);
  });

  it("names the rights that are missing, in the account's language", async () => {
    const { stands } = open();
    await stands({ kind: "refused", why: "scopes", missing: ["order_read"] }, { language: "es" });
    expect(told()).toEqual([expect.stringContaining("order_read")]);
    expect(told()[0]).toContain("no funciona");
  });

  it("is told as it is: a token that the chats refuse is no lack of access, and nobody has to connect again", async () => {
    const { stands } = open();
    await stands({ kind: "token_refused" });
    expect(told()).toEqual([expect.stringContaining("The chat gateway does not accept the bot's token")]);
    expect(told()[0]).not.toContain("connect again");
  });

  it("is nobody's affair when it is a wish, or when the account can't be asked", async () => {
    const { stands } = open();
    await stands({ kind: "inactive", why: "paused" });
    await stands({ kind: "refused", why: "key", words: [] });
    await stands({ kind: "unreachable", detail: "x" });
    expect(sandbox.requests.filter(({ path }) => path.includes("notif"))).toEqual([]);
  });
});

it("no key is ever in the log or in what the admins read", async () => {
  const { stands, ask, log } = open();
  await stands(DISABLED);
  await ask(0, 10);
  expect(`${log.text()}${told().join()}`).not.toContain(sandbox.apiKey);
});

import { afterEach, describe, expect, it } from "vitest";
import { RIGHTS_MISSING } from "../../../src/accounts/facts.ts";
import { readRights } from "../../../src/accounts/following/key-rights.ts";
import { neededRights } from "../../../src/accounts/following/needed-rights.ts";
import { createRights, type Rights } from "../../../src/accounts/following/rights.ts";
import { createCrmApi } from "../../../src/api/crm.ts";
import { systemClock } from "../../../src/clock.ts";
import { newRecord } from "../../../src/connection/registering/record.ts";
import { NEEDED_SCOPES } from "../../../src/connection/registering/scopes.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/index.ts";
import { USUAL_SCOPES } from "../../../src/sandbox/world/seed.ts";
import { openStore } from "../../../src/store/open.ts";
import type { ConnectionRecord, Store } from "../../../src/store/store.ts";
import { rulebook } from "../../engine/world.ts";
import { answer, startHttpServer } from "../../helpers/http-server.ts";
import { createTestLog } from "../../helpers/test-log.ts";
import { createVirtualClock } from "../../helpers/virtual-clock.ts";

const PLAIN = rulebook("- rule: Answer\n  when: {message: any}\n  do:\n    - reply: Hello.");
const ORDERS = rulebook(
  "- rule: Order\n  when: {message: any}\n  do:\n    - look_up: product\n      by: {name: tea}\n      found:\n        - look_up: customer",
);
const TEAMS = rulebook(
  "- rule: Away\n  when: {message: any}\n  do:\n    - assign: sales",
  'teams: {sales: {people: ["anna@shop.example"]}}',
);

it.each([
  { rules: PLAIN, needed: [] },
  { rules: ORDERS, needed: ["customer_read", "store_read"] },
  { rules: TEAMS, needed: ["user_read"] },
])("rules need $needed", ({ rules, needed }) => {
  expect(neededRights(rules)).toEqual(needed);
});

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

interface Bench {
  readonly sandbox: Sandbox;
  readonly store: Store;
  readonly record: ConnectionRecord;
  /** How often the CRM was asked what the key may do, and for more. */
  readonly asked: () => readonly [number, number];
  readonly looked: () => number;
  readonly log: ReturnType<typeof createTestLog>;
  follow(rules: typeof PLAIN): void;
  /** Somebody has shown the key. */
  examine(): Promise<void>;
}

/** An account, connected in one step or through the form, whose key has these rights. */
async function bench({ oneStep = true, scopes = [...NEEDED_SCOPES] as readonly string[] } = {}): Promise<Bench> {
  const [sandbox, store, log] = [await startSandbox(), await openStore(":memory:"), createTestLog()];
  stops.push(
    () => store.close(),
    () => sandbox.stop(),
  );
  const apiKey = oneStep ? await keyOfOneStep(sandbox) : sandbox.newKey();
  const crmOf = (account: { url: string; apiKey: string }) =>
    createCrmApi({ ...account, clock: systemClock, random: () => 0, log: log.log });
  const crm = crmOf({ url: sandbox.crmUrl, apiKey });
  const fields = { code: "rulebot", name: "Helper", clientId: "c", baseUrl: "https://bot.example" };
  await crm.editModule({ ...fields, active: true, integrations: { mgBot: {} } });
  crm.close();
  sandbox.changeKey(apiKey, { scopes });
  const made = newRecord({ crmUrl: sandbox.crmUrl, moduleCode: "rulebot" });
  const record = await store.addConnection({ ...made, apiKey });
  const [before, signal] = [sandbox.requests.length, new AbortController().signal];
  const count = (end: string) => sandbox.requests.slice(before).filter(({ path }) => path.endsWith(end)).length;
  let looked = 0;
  let rights: Rights | null = null;
  const account = { present: () => record, store };
  return {
    sandbox,
    store,
    record,
    log,
    asked: () => [count("/api/credentials"), count("/update-scopes")],
    looked: () => looked,
    follow(rules) {
      const look = () => {
        looked += 1;
      };
      const options = { crmOf, scopes: USUAL_SCOPES, look, clock: systemClock, log: log.log, signal };
      rights = createRights({ ...options, rulebookOf: () => rules });
      rights.onRules(account);
    },
    examine: async () => await rights?.examine(account),
  };
}

/** The CRM makes it and posts it to a module, which agrees to anything. */
async function keyOfOneStep(sandbox: Sandbox): Promise<string> {
  const module = await startHttpServer((response) =>
    answer(response, 200, {
      success: true,
      scopes: USUAL_SCOPES,
      registerUrl: `${module.url}/register`,
      accountUrl: module.url,
    }),
  );
  stops.push(() => module.stop());
  const oneStep = { configUrl: `${module.url}/config`, secret: "secret" };
  sandbox.offerModule({ code: "rulebot", name: "Helper", formUrl: module.url, oneStep });
  return (await sandbox.connectInOneStep("rulebot")).sent?.apiKey ?? "";
}

/** For a busy machine. */
const PATIENTLY = { timeout: 15_000 };

const stored = async ({ store, record }: Bench) => (await store.connection(record.id))?.apiKey ?? "";

describe("rights that the rules need and the key lacks", () => {
  it("are asked for by a module that was connected in one step, and the new key is kept", async () => {
    const here = await bench();
    here.follow(ORDERS);
    await expect.poll(here.looked, PATIENTLY).toBe(1);
    const renewed = await stored(here);
    expect(renewed).not.toBe(here.record.apiKey);
    expect(here.sandbox.world.keys.get(renewed)?.scopes).toEqual(USUAL_SCOPES);
    expect(here.sandbox.world.keys.has(here.record.apiKey ?? "")).toBe(false);
  });

  it("are told in the log where only the owner can give them, and asked for once a day", async () => {
    const here = await bench({ oneStep: false });
    here.follow(ORDERS);
    await expect.poll(here.asked, PATIENTLY).toEqual([1, 1]);
    here.follow(ORDERS);
    await expect.poll(here.asked, PATIENTLY).toEqual([2, 1]);
    const lines = here.log.lines().filter(({ missing }) => missing !== undefined);
    expect(lines[0]?.missing).toEqual(["customer_read", "store_read"]);
    expect(await stored(here)).toBe(here.record.apiKey);
  });

  it("are no question where rules need none, nor twice where the key has them", async () => {
    const here = await bench({ scopes: USUAL_SCOPES });
    here.follow(PLAIN);
    here.follow(ORDERS);
    await expect
      .poll(() => here.store.fact(here.record.id, "rights_seen"), PATIENTLY)
      .toMatchObject({
        scopes: ["customer_read", "store_read"],
      });
    here.follow(ORDERS);
    here.follow(TEAMS);
    await expect.poll(here.asked, PATIENTLY).toEqual([2, 0]);
  });
});

const missing = async ({ store, record }: Bench) =>
  readRights(await store.fact(record.id, RIGHTS_MISSING), record.apiKey ?? "")?.scopes;

describe("what a key lacks of the rights that the rules need", () => {
  it("is kept for the owner, and no longer once the key has them and is shown again", async () => {
    const here = await bench({ oneStep: false });
    here.follow(ORDERS);
    await expect.poll(() => missing(here), PATIENTLY).toEqual(["customer_read", "store_read"]);
    here.sandbox.changeKey(here.record.apiKey ?? "", { scopes: [...NEEDED_SCOPES, "store_read"] });
    await here.examine();
    expect(await missing(here)).toEqual(["customer_read"]);
    here.sandbox.changeKey(here.record.apiKey ?? "", { scopes: USUAL_SCOPES });
    await here.examine();
    expect(await missing(here)).toEqual([]);
  });

  it("says nothing of another key", async () => {
    const here = await bench({ oneStep: false });
    here.follow(ORDERS);
    await expect.poll(() => missing(here), PATIENTLY).toHaveLength(2);
    expect(await missing({ ...here, record: { ...here.record, apiKey: "another" } })).toBeUndefined();
    const fact = JSON.stringify(await here.store.fact(here.record.id, RIGHTS_MISSING));
    expect(fact).not.toContain(here.record.apiKey);
  });
});

describe("a CRM that is slow to say what a key may do", () => {
  it("holds back no other account, and is given up after some seconds", async () => {
    const [slow, others] = [await bench({ oneStep: false }), await bench({ oneStep: false })];
    const { clock, log, store } = { clock: createVirtualClock(), log: createTestLog(), store: slow.store };
    const patience = { kind: "status", status: 429, headers: { "retry-after": "300" } } as const;
    slow.sandbox.faults.add({ ...patience, times: null, match: { path: "/api/credentials" } });
    const crmOf = (account: { url: string; apiKey: string }) =>
      createCrmApi({ ...account, clock, random: () => 0, log: log.log });
    const { signal } = new AbortController();
    const options = { crmOf, scopes: USUAL_SCOPES, look() {}, clock, log: log.log, signal };
    const rights = createRights({ ...options, rulebookOf: () => ORDERS });
    rights.onRules({ present: () => slow.record, store });
    await expect.poll(() => clock.slept, PATIENTLY).toContain(300_000);
    rights.onRules({ present: () => others.record, store: others.store });
    await expect.poll(() => missing(others), PATIENTLY).toHaveLength(2);
    await clock.advance(20_000);
    await expect.poll(() => log.text(), PATIENTLY).toContain("whether the key has all rights could not be settled");
  });

  it("is asked for more rights again when it surely did not hear of it", async () => {
    const here = await bench();
    const refusing = { kind: "status", status: 429, times: 1, match: { path: /update-scopes$/ } } as const;
    here.sandbox.faults.add(refusing);
    here.follow(ORDERS);
    await expect.poll(() => here.log.text(), PATIENTLY).toContain("could not be settled");
    here.follow(ORDERS);
    await expect.poll(here.looked, PATIENTLY).toBe(1);
  });
});

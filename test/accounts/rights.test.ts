import { afterEach, describe, expect, it } from "vitest";
import { neededRights } from "../../src/accounts/needed-rights.ts";
import { createRights } from "../../src/accounts/rights.ts";
import { createCrmApi } from "../../src/api/crm.ts";
import { systemClock } from "../../src/clock.ts";
import { newRecord } from "../../src/connection/registering/record.ts";
import { NEEDED_SCOPES } from "../../src/connection/registering/scopes.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { USUAL_SCOPES } from "../../src/sandbox/world/seed.ts";
import { openStore } from "../../src/store/open.ts";
import type { ConnectionRecord, Store } from "../../src/store/store.ts";
import { rulebook } from "../engine/world.ts";
import { answer, startHttpServer } from "../helpers/http-server.ts";
import { createTestLog } from "../helpers/test-log.ts";

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
      createRights({ ...options, rulebookOf: () => rules }).onRules({ record, store });
    },
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

import { afterEach, describe, expect, it } from "vitest";
import { createRemoving, type RemovingOptions } from "../../../src/accounts/operating/removing.ts";
import { createCrmApi } from "../../../src/api/crm.ts";
import { systemClock } from "../../../src/clock.ts";
import { describeActiveModule } from "../../../src/connection/registering/module.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/index.ts";
import { openStore } from "../../../src/store/open.ts";
import type { ConnectionRecord, Store } from "../../../src/store/store.ts";
import { createTestLog, type TestLog } from "../../helpers/test-log.ts";
import { connectionRecord, OURS, THEIRS } from "../../store/builders.ts";

const MODULE = { code: "rulebot", name: "Helper", publicUrl: "https://bot.example" };
const CLIENT = "c".repeat(64);

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

interface Bench {
  readonly sandbox: Sandbox;
  readonly store: Store;
  readonly log: TestLog;
  readonly looked: () => number;
  readonly remove: ReturnType<typeof createRemoving>;
}

/** An account whose module is on, and its stored connection. */
async function bench(over: Partial<ConnectionRecord> = {}, options: Partial<RemovingOptions> = {}): Promise<Bench> {
  const [sandbox, store] = [await startSandbox(), await openStore(":memory:")];
  const log = createTestLog();
  const crmOf: RemovingOptions["crmOf"] = (account) =>
    createCrmApi({ ...account, clock: systemClock, random: () => 0, log: log.log, limits: { responseMs: 2_000 } });
  const crm = crmOf({ url: sandbox.crmUrl, apiKey: sandbox.apiKey });
  stops.push(
    () => store.close(),
    () => sandbox.stop(),
    async () => crm.close(),
  );
  await crm.editModule(describeActiveModule({ ...MODULE, clientId: CLIENT }));
  const account = { crmUrl: sandbox.crmUrl, apiKey: sandbox.apiKey, clientId: CLIENT, ...over };
  await store.addConnection(connectionRecord(OURS, account));
  await store.addConnection(connectionRecord(THEIRS));
  let looked = 0;
  const remove = createRemoving({
    store,
    ownId: null,
    module: MODULE,
    crmOf,
    look: () => {
      looked += 1;
    },
    clock: systemClock,
    log: log.log,
    ...options,
  });
  return { sandbox, store, log, looked: () => looked, remove };
}

const isOn = ({ sandbox }: Bench) => sandbox.world.modules.get("rulebot")?.fields.active;
const stored = async ({ store }: Bench) => (await store.connections()).map(({ id }) => id);

describe("removing an account", () => {
  it("switches its module off in the CRM, removes what is stored, and has the work ended", async () => {
    const here = await bench();
    expect(await here.remove(OURS)).toEqual({ kind: "removed", connectionId: OURS, module: "switched_off" });
    expect(isOn(here)).toBe(false);
    expect(await stored(here)).toEqual([THEIRS]);
    expect(here.looked()).toBe(1);
    expect(here.log.lines()).toContainEqual(expect.objectContaining({ connection: OURS, module: "switched_off" }));
  });

  it.each([
    { why: "of which nobody has the key", over: { apiKey: null } },
    { why: "whose key is no longer accepted", over: { apiKey: "a-key-of-before" } },
    { why: "whose CRM is not there", over: { crmUrl: "http://127.0.0.1:9" } },
  ])("removes one $why all the same, and says that the module was left on", async ({ over }) => {
    const here = await bench(over);
    expect(await here.remove(OURS)).toEqual({ kind: "removed", connectionId: OURS, module: "left_on" });
    expect(isOn(here)).toBe(true);
    expect(await stored(here)).toEqual([THEIRS]);
  });

  it("does not wait for a CRM that asks us to come back in minutes", async () => {
    const here = await bench({}, { clock: { ...systemClock, after: (_ms, task) => systemClock.after(50, task) } });
    here.sandbox.faults.add({
      kind: "status",
      status: 503,
      headers: { "retry-after": "300" },
      match: { server: "crm" },
      times: null,
    });
    expect(await here.remove(OURS)).toMatchObject({ kind: "removed", module: "left_on" });
    expect(await stored(here)).toEqual([THEIRS]);
  });

  it("leaves a module alone that is off already, or that belongs to another bot by now", async () => {
    const here = await bench({ clientId: "d".repeat(64) });
    expect(await here.remove(OURS)).toMatchObject({ kind: "removed", module: "off_before" });
    expect(isOn(here)).toBe(true);
  });

  it("does not remove the account that the file itself names", async () => {
    const here = await bench({}, { ownId: OURS });
    expect(await here.remove(OURS)).toEqual({ kind: "own", connectionId: OURS });
    expect([await stored(here), isOn(here), here.looked()]).toEqual([[OURS, THEIRS], true, 0]);
  });

  it("says so when there is none", async () => {
    const here = await bench();
    expect(await here.remove("nobody")).toEqual({ kind: "gone" });
    expect(here.looked()).toBe(0);
  });

  it("writes no key into the log", async () => {
    const here = await bench({ apiKey: "canary-key-of-before" });
    await here.remove(OURS);
    expect(JSON.stringify(here.log.lines())).not.toContain("canary");
  });
});

import { afterEach, describe, expect, it } from "vitest";
import { createMoves } from "../../../src/accounts/following/moving.ts";
import { newRecord } from "../../../src/connection/registering/record.ts";
import type { Registration } from "../../../src/connection/registering/register.ts";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { createVirtualClock } from "../../helpers/virtual-clock.ts";
import { closeBenches, connected, neighbour } from "../bench.ts";

const ending = new AbortController();
afterEach(closeBenches);

const MOVED = { kind: "moved", detail: "answered 301", where: "https://elsewhere.example" } as const;

/** An account that is connected, and those who follow it. */
async function followed(neighbours: readonly Sandbox[] = []) {
  const here = await connected({}, {}, neighbours);
  const clock = createVirtualClock();
  const moves = createMoves({ ...here.options, clock, signal: ending.signal });
  const stands = (registration: Registration) => moves.onStanding({ present: () => here.record, registration });
  const address = async () => (await here.store.connection(here.record.id))?.crmUrl;
  const said = (words: string) => expect.poll(() => here.log.text(), { timeout: 10_000 }).toContain(words);
  return { ...here, clock, stands, address, said };
}

describe("an account whose CRM leads on to another address", () => {
  it("is followed there without any callback", async () => {
    const { sandbox, stands, address, looked } = await followed();
    const before = looked();
    const renamed = await sandbox.renameAccount({ old: "moved" });
    stands(MOVED);
    await expect.poll(address, { timeout: 10_000 }).toBe(renamed);
    expect(looked()).toBe(before + 1);
  });

  it("is followed later when it could not be asked at first, but not once it stands well again", async () => {
    const { sandbox, stands, address, said, clock, record } = await followed();
    const renamed = await sandbox.renameAccount({ old: "moved" });
    const back = sandbox.faults.add({ kind: "reset_before", match: { path: "/api/credentials" }, times: null });
    stands(MOVED);
    await said("could not be confirmed");
    expect(await address()).toBe(record.crmUrl);
    back();
    await expect.poll(clock.pending).toBe(1);
    stands({ kind: "unreachable", detail: "" });
    await clock.advance(600_000);
    expect(await address()).toBe(record.crmUrl);

    stands(MOVED);
    await expect.poll(address, { timeout: 10_000 }).toBe(renamed);
  });

  it("is asked again every five minutes until it can be followed", async () => {
    const { sandbox, stands, address, said, clock } = await followed();
    const renamed = await sandbox.renameAccount({ old: "moved" });
    const back = sandbox.faults.add({ kind: "reset_before", match: { path: "/api/credentials" }, times: null });
    stands(MOVED);
    await said("could not be confirmed");
    await expect.poll(clock.pending).toBe(1);
    back();
    await clock.advance(300_000);
    await expect.poll(address, { timeout: 10_000 }).toBe(renamed);
  });

  it("fails without the key at the new address: it is not followed to somebody else's account", async () => {
    const other = await neighbour();
    // All stand-ins begin with the same key.
    other.deleteKey(other.apiKey);
    const { sandbox, stands, address, said, record } = await followed([other]);
    // Whoever runs an installation may lead on to anybody.
    sandbox.faults.add({
      kind: "status",
      match: { path: "/api/system-info" },
      status: 301,
      headers: { location: `${other.crmUrl}/api/system-info` },
      times: null,
    });
    stands(MOVED);
    await said("could not be confirmed");
    expect(await address()).toBe(record.crmUrl);
    expect(other.requests.map(({ path }) => path)).toEqual(["/api/credentials"]);
  });

  it("is not followed to where another connection is: nobody is answered twice", async () => {
    const { sandbox, store, stands, address, said, record } = await followed();
    const renamed = await sandbox.renameAccount({ old: "moved" });
    await store.addConnection({ ...newRecord({ crmUrl: renamed, moduleCode: "rulebot" }), apiKey: sandbox.newKey() });
    stands(MOVED);
    await said("one of the two is to be removed");
    expect(await address()).toBe(record.crmUrl);
  });
});

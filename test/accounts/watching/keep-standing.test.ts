import { describe, expect, it } from "vitest";
import { createStandingKeeper } from "../../../src/accounts/watching/keep-standing.ts";
import type { Registration } from "../../../src/connection/registering/register.ts";
import type { Json } from "../../../src/types/json.ts";
import { createTestLog } from "../../helpers/test-log.ts";
import { createVirtualClock } from "../../helpers/virtual-clock.ts";

const REGISTERED: Registration = { kind: "registered", gatewayUrl: "https://mg.example", token: "t", did: "nothing" };
const OFF: Registration = { kind: "inactive", why: "switched_off" };
const LATER = 10_000;

function open(before: Json = null) {
  const [clock, log] = [createVirtualClock(), createTestLog()];
  const kept: Json[] = [];
  let isBroken = false;
  const keeper = createStandingKeeper({
    before,
    async save(fact) {
      if (isBroken) throw new Error("the store is away");
      kept.push(fact);
    },
    clock,
    log: log.log,
  });
  keeper.begins();
  const breaks = (is: boolean) => {
    isBroken = is;
  };
  return { clock, log, keeper, kept, breaks };
}

const working = { kind: "registered", why: null, socket: "open" };

describe("what is kept of how an account stands", () => {
  it("is at once that its module is registered or off, and that its socket is open", async () => {
    const { keeper, kept, clock } = open();
    keeper.registration(REGISTERED);
    keeper.socket("open");
    await clock.advance(0);
    keeper.registration(OFF);
    await clock.advance(0);
    expect(kept.at(0)).toMatchObject({ kind: "registered" });
    expect(kept.slice(-2)).toEqual([working, { kind: "inactive", why: "switched_off", socket: "open" }]);
  });

  it("is not written anew after a restart that changes nothing", async () => {
    const { keeper, kept, clock } = open(working);
    keeper.registration(REGISTERED);
    await clock.advance(1_000);
    keeper.socket("open");
    await clock.advance(LATER);
    expect(kept).toEqual([]);
  });

  it("is that the gateway is waited for, once that lasts", async () => {
    const { keeper, kept, clock } = open(working);
    keeper.registration(REGISTERED);
    keeper.socket("waiting");
    expect(kept).toEqual([]);
    await clock.advance(LATER);
    for (let again = 0; again < 5; again++) keeper.socket("waiting");
    await clock.advance(LATER);
    expect(kept).toEqual([{ ...working, socket: "waiting" }]);
  });

  it("is not a socket that comes and goes", async () => {
    const { keeper, kept, clock } = open(working);
    keeper.registration(REGISTERED);
    for (let flap = 0; flap < 20; flap++) {
      keeper.socket("waiting");
      await clock.advance(1_000);
      keeper.socket("open");
      await clock.advance(1_000);
    }
    await clock.advance(LATER);
    expect(kept).toEqual([]);
  });

  it("is that nothing is known of the socket of a connection that begins anew and does not come to open one", async () => {
    const { keeper, kept, clock } = open(working);
    keeper.registration(REGISTERED);
    await clock.advance(LATER);
    expect(kept).toEqual([{ ...working, socket: null }]);
  });

  it("is still the socket, while the CRM cannot be asked about the module of a bot at work", async () => {
    const { keeper, kept, clock } = open();
    keeper.registration(REGISTERED);
    keeper.socket("open");
    keeper.registration({ kind: "unreachable", detail: "ETIMEDOUT" });
    await clock.advance(0);
    keeper.registration(REGISTERED);
    await clock.advance(0);
    expect(kept.at(-1)).toEqual(working);
  });

  it("is kept with the next change when the store was away", async () => {
    const { keeper, kept, clock, log, breaks } = open();
    breaks(true);
    keeper.registration(REGISTERED);
    await clock.advance(0);
    expect(log.text()).toContain("how it stands could not be kept");
    breaks(false);
    keeper.socket("open");
    await clock.advance(0);
    expect(kept).toEqual([working]);
  });

  it("is nothing more once the work has ended", async () => {
    const { keeper, kept, clock } = open(working);
    keeper.registration(REGISTERED);
    keeper.socket("waiting");
    keeper.stop();
    await clock.advance(LATER);
    expect([kept, clock.pending()]).toEqual([[], 0]);
  });
});

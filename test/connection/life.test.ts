import { describe, expect, it } from "vitest";
import { type Access, live } from "../../src/connection/registering/life.ts";
import type { Registration } from "../../src/connection/registering/register.ts";
import { LeaseLost } from "../../src/store/leases.ts";
import { createVirtualClock } from "../helpers/virtual-clock.ts";

/** Spec section 9 and reliability.md P20. */
const LOOK_MS = 300_000;
const PROBE_MS = 900_000;

const A: Access = { gatewayUrl: "https://mg.example.com", token: "a" };
const B: Access = { gatewayUrl: "https://mg.example.com", token: "b" };

const registered = (access: Access): Registration => ({ kind: "registered", did: "nothing", ...access });
const OFF: Registration = { kind: "inactive", why: "switched_off" };
const SILENT: Registration = { kind: "unreachable", detail: "no answer" };
const WRONG_KEY: Registration = { kind: "refused", why: "key", words: [] };
const NO_CHATS: Registration = { kind: "chats_disabled", words: [] };

/** A life whose CRM says what `says` holds at the moment, and whose gateway refuses tokens in `revoked`. */
function begin(first: Registration | null, stored: Access | null = null, endsOnRefusal = true) {
  const clock = createVirtualClock();
  const stop = new AbortController();
  const crm = { says: first, asked: 0 };
  const served: string[] = [];
  const reported: Registration["kind"][] = [];
  const revoked = new Set<string>();
  /** What serving meets next, instead of working. */
  const troubles: Error[] = [];
  const faults: unknown[] = [];
  let refuse: (() => void) | null = null;
  const said = async () => {
    crm.asked += 1;
    return crm.says;
  };
  let result: Registration | null | undefined;
  const ended = live({
    stored,
    endsOnRefusal,
    register: async () => (await said()) ?? registered(A),
    look: said,
    async serve({ token }, signal) {
      served.push(token);
      const trouble = troubles.shift();
      if (trouble !== undefined) throw trouble;
      if (revoked.has(token)) return "refused";
      const { promise, resolve } = Promise.withResolvers<"refused" | "stopped">();
      let isOver = false;
      refuse = () => {
        isOver = true;
        resolve("refused");
      };
      signal.addEventListener("abort", () => {
        if (!isOver) served.push(`end of ${token}`);
        resolve("stopped");
      });
      return promise;
    },
    report: ({ kind }) => void reported.push(kind),
    onFault: (error) => void faults.push(error),
    rest: (ms, signal) => clock.sleep(ms, signal),
    clock,
    random: () => 0,
    signal: stop.signal,
  }).then((fatal) => {
    result = fatal;
  });
  return {
    clock,
    crm,
    served,
    reported,
    revoked,
    troubles,
    faults,
    refuse: () => refuse?.(),
    result: () => result,
    async stop() {
      stop.abort(new Error("stop"));
      await ended;
    },
  };
}

describe("the first start", () => {
  it("serves with what the registration gave", async () => {
    const life = begin(registered(A));
    await life.clock.advance(0);
    expect(life.served).toEqual(["a"]);
    await life.stop();
    expect(life.result()).toBe(null);
  });

  it.each([
    { why: "a wrong key", says: WRONG_KEY },
    { why: "no CRM", says: { kind: "not_a_crm" } as const },
  ])("ends for good with $why", async ({ says }) => {
    const life = begin(says);
    await life.clock.advance(0);
    expect(life.result()).toEqual(says);
    expect(life.served).toEqual([]);
  });

  it("waits with a wrong key where nobody is there to read of it, until the key is good", async () => {
    const life = begin(WRONG_KEY, null, false);
    await life.clock.advance(1_000);
    expect([life.result(), life.served]).toEqual([undefined, []]);
    life.crm.says = registered(A);
    await life.clock.advance(300_000);
    expect(life.served).toEqual(["a"]);
    await life.stop();
  });

  it("waits for a CRM that cannot be reached", async () => {
    const life = begin(SILENT);
    await life.clock.advance(30_000);
    life.crm.says = registered(A);
    await life.clock.advance(60_000);
    expect(life.served).toEqual(["a"]);
    await life.stop();
  });

  it.each([
    { why: "a module that is switched off", says: OFF },
    { why: "disabled chats", says: NO_CHATS },
  ])("looks at $why again every 5 minutes", async ({ says }) => {
    const life = begin(says);
    await life.clock.advance(LOOK_MS - 1);
    life.crm.says = registered(A);
    expect(life.crm.asked).toBe(1);
    await life.clock.advance(1);
    expect(life.crm.asked).toBe(2);
    expect(life.served).toEqual(["a"]);
    await life.stop();
  });
});

describe("a start with a token from before", () => {
  it.each([{ says: SILENT }, { says: WRONG_KEY }])("serves although the CRM is $says.kind", async ({ says }) => {
    const life = begin(says, A);
    await life.clock.advance(0);
    expect(life.served).toEqual(["a"]);
    await life.stop();
  });

  it("does not serve a module that is switched off", async () => {
    const life = begin(OFF, A);
    await life.clock.advance(LOOK_MS);
    expect(life.served).toEqual([]);
    await life.stop();
  });

  it("registers as soon as the CRM is back, and moves to the token it then gives", async () => {
    const life = begin(SILENT, A);
    await life.clock.advance(0);
    life.crm.says = registered(B);
    await life.clock.advance(2_000);
    expect(life.served).toEqual(["a", "end of a", "b"]);
    await life.stop();
  });
});

describe("a token that the gateway refuses", () => {
  it("is replaced at once, with one question to the CRM, when it was renewed", async () => {
    const life = begin(registered(A));
    await life.clock.advance(0);
    life.crm.says = registered(B);
    life.refuse();
    await life.clock.advance(0);
    expect(life.served).toEqual(["a", "b"]);
    expect(life.crm.asked).toBe(2);
    await life.stop();
  });

  it("fails without the slow probe of a refused token: is tried no more often than every 15 minutes when the CRM still gives it", async () => {
    const life = begin(registered(A));
    life.revoked.add("a");
    await life.clock.advance(PROBE_MS - 1);
    expect(life.served).toEqual(["a"]);
    await life.clock.advance(1);
    expect(life.served).toEqual(["a", "a"]);
    await life.clock.advance(PROBE_MS);
    expect(life.served).toEqual(["a", "a", "a"]);
    await life.stop();
  });

  it("is told of while the CRM goes on giving it, and no more once the CRM gives another", async () => {
    const life = begin(registered(A));
    life.revoked.add("a");
    await life.clock.advance(0);
    expect(life.reported).toEqual(["registered", "token_refused"]);
    life.crm.says = registered(B);
    await life.clock.advance(LOOK_MS);
    expect(life.reported).toEqual(["registered", "token_refused", "registered"]);
    await life.stop();
  });

  it("heals within 5 minutes of being renewed later", async () => {
    const life = begin(registered(A));
    life.revoked.add("a");
    await life.clock.advance(60_000);
    life.crm.says = registered(B);
    await life.clock.advance(LOOK_MS);
    expect(life.served).toEqual(["a", "b"]);
    await life.stop();
  });
});

describe("a module that is switched off while the bot works", () => {
  it("ends the work within 5 minutes, and is never switched on by itself", async () => {
    const life = begin(registered(A));
    await life.clock.advance(0);
    life.crm.says = OFF;
    await life.clock.advance(LOOK_MS);
    expect(life.served).toEqual(["a", "end of a"]);
    await life.clock.advance(LOOK_MS * 3);
    expect(life.served).toEqual(["a", "end of a"]);
    await life.stop();
  });

  it("goes on with the same token when somebody switches it on", async () => {
    const life = begin(registered(A));
    await life.clock.advance(0);
    life.crm.says = OFF;
    await life.clock.advance(LOOK_MS);
    life.crm.says = registered(A);
    await life.clock.advance(LOOK_MS);
    expect(life.served).toEqual(["a", "end of a", "a"]);
    await life.stop();
  });

  it("goes on at once after a refusal, once it is on again", async () => {
    const life = begin(registered(A));
    await life.clock.advance(0);
    life.crm.says = OFF;
    life.refuse();
    await life.clock.advance(0);
    life.crm.says = registered(A);
    await life.clock.advance(LOOK_MS);
    expect(life.served).toEqual(["a", "a"]);
    await life.stop();
  });
});

it("a working connection is not disturbed by a CRM that does not answer for a while", async () => {
  const life = begin(registered(A));
  await life.clock.advance(0);
  life.crm.says = SILENT;
  await life.clock.advance(LOOK_MS * 4);
  expect(life.served).toEqual(["a"]);
  await life.stop();
});

describe("a fault of ours", () => {
  const FAULT = new TypeError("value.toWellFormed is not a function");

  it("fails without the new beginning after a fault: is told, and the work begins anew five minutes later", async () => {
    const life = begin(registered(A));
    life.troubles.push(FAULT);
    await life.clock.advance(LOOK_MS - 1);
    expect([life.served, life.faults]).toEqual([["a"], [FAULT]]);
    await life.clock.advance(1);
    expect(life.served).toEqual(["a", "a"]);
    expect(life.result()).toBe(undefined);
    await life.stop();
    expect(life.result()).toBe(null);
  });

  it("leaves the token that was good, should the CRM be silent by then, and a refusal does not end what has worked once", async () => {
    const life = begin(registered(A));
    life.troubles.push(FAULT);
    await life.clock.advance(0);
    life.crm.says = WRONG_KEY;
    await life.clock.advance(LOOK_MS);
    expect(life.served).toEqual(["a", "a"]);
    await life.stop();
  });

  it("does not keep the program from ending while it waits", async () => {
    const life = begin(registered(A));
    life.troubles.push(FAULT);
    await life.clock.advance(0);
    await life.stop();
    expect([life.result(), life.served]).toEqual([null, ["a"]]);
  });
});

it("ends in good order when another replica has the connection by now", async () => {
  const life = begin(registered(A));
  life.troubles.push(new LeaseLost({ connectionId: "shop", owner: "x", epoch: 1, ttlMs: 1 }));
  await life.clock.advance(LOOK_MS);
  expect([life.result(), life.served, life.faults]).toEqual([null, ["a"], []]);
});

it("a clock that is set back does not put off the next try of a refused token", async () => {
  const life = begin(registered(A));
  life.revoked.add("a");
  await life.clock.advance(0);
  life.clock.set(-3_600_000);
  await life.clock.advance(PROBE_MS);
  expect(life.served).toEqual(["a", "a"]);
  await life.stop();
});

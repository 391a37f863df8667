import { describe, expect, it } from "vitest";
import { standingFact, standingOf } from "../../../src/accounts/watching/standing.ts";
import type { Registration } from "../../../src/connection/registering/register.ts";
import type { Json, JsonObject } from "../../../src/types/json.ts";

const REGISTERED: Registration = { kind: "registered", gatewayUrl: "https://mg.example", token: "t", did: "nothing" };
const record = { enabled: true, paused: false };

const stands = (over: { fact?: Json; status?: JsonObject | null; isHeld?: boolean }) =>
  standingOf({ record, hasKey: true, fact: standingFact(REGISTERED, null), status: null, isHeld: true, ...over });

describe("an account that is registered", () => {
  it.each([
    { socket: "open", standing: "working" },
    { socket: "waiting", standing: "gateway" },
    { socket: null, standing: "starting" },
  ] as const)("and whose socket is $socket at another process stands so: $standing", ({ socket, standing }) => {
    expect(stands({ fact: standingFact(REGISTERED, socket) })).toBe(standing);
  });

  it("never works where nobody works on it, whatever was kept of its socket", () => {
    expect(stands({ fact: standingFact(REGISTERED, "open"), isHeld: false })).toBe("unattended");
  });

  it("never works by what an older version has kept, which knew nothing of its socket", () => {
    expect(stands({ fact: { kind: "registered", why: null } })).toBe("starting");
  });

  it.each([
    { socket: { state: "open" }, standing: "working" },
    { socket: { state: "connecting" }, standing: "starting" },
    { socket: { state: "waiting" }, standing: "gateway" },
    { socket: null, standing: "starting" },
  ])("stands by its socket here, not by what was kept: $standing", ({ socket, standing }) => {
    const status = { socket, catch_up: { gap: false } };
    expect(stands({ fact: standingFact(REGISTERED, "waiting"), status })).toBe(standing);
  });
});

it("says what keeps it from working even where nobody works on it", () => {
  const fact = standingFact({ kind: "refused", why: "key", words: [] }, "open");
  expect(stands({ fact, isHeld: false })).toBe("needs_reconnect");
});

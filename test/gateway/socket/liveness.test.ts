import { describe, expect, it } from "vitest";
import { watchLiveness } from "../../../src/gateway/socket/liveness.ts";
import { createVirtualClock } from "../../helpers/virtual-clock.ts";

const limits = { pingEveryMs: 15_000, patienceMs: 10_000, lagMs: 1_000 };

/** A watch on a virtual clock; `lag` makes every timer that many ms late. */
function watched() {
  const clock = createVirtualClock();
  const start = clock.now();
  const seen: string[] = [];
  let lag = 0;
  const note = (what: string) => seen.push(`${what} ${(clock.now() - start) / 1_000}`);
  const liveness = watchLiveness({
    clock: { ...clock, now: () => clock.now() + lag },
    limits,
    ping: () => note("ping"),
    onDead: () => note("dead"),
  });
  return { clock, liveness, seen, blockLoop: (ms: number) => (lag = ms) };
}

describe("watching a socket", () => {
  it("asks every 15 s as long as something comes back", async () => {
    const { clock, liveness, seen } = watched();
    for (let second = 0; second < 60; second++) {
      await clock.advance(1_000);
      liveness.seen();
    }
    expect(seen).toEqual(["ping 15", "ping 30", "ping 45", "ping 60"]);
  });

  it("fails without the watchdog: gives up after 10 s of silence, 25 s at the latest after the last sign", async () => {
    const { clock, liveness, seen } = watched();
    liveness.seen();
    await clock.advance(60_000);
    expect(seen).toEqual(["ping 15", "dead 25"]);
  });

  it("is content with any sign after the ping", async () => {
    const { clock, liveness, seen } = watched();
    await clock.advance(24_999);
    liveness.seen();
    await clock.advance(5_001);
    expect(seen).toEqual(["ping 15", "ping 30"]);
  });

  it("does not count a sign from before the ping", async () => {
    const { clock, liveness, seen } = watched();
    await clock.advance(14_999);
    liveness.seen();
    await clock.advance(20_000);
    expect(seen).toEqual(["ping 15", "dead 25"]);
  });

  it("fails without the second ping of a late loop: asks once more when it was late itself, and only once", async () => {
    const { clock, seen, blockLoop } = watched();
    await clock.advance(15_000);
    blockLoop(20_000);
    await clock.advance(10_000);
    blockLoop(60_000);
    await clock.advance(60_000);
    expect(seen).toEqual(["ping 15", "ping 25", "dead 35"]);
  });

  it("does nothing once it is stopped", async () => {
    const { clock, liveness, seen } = watched();
    await clock.advance(16_000);
    liveness.stop();
    await clock.advance(60_000);
    expect(seen).toEqual(["ping 15"]);
    expect(clock.pending()).toBe(0);
  });
});

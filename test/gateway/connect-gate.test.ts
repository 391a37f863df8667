import { expect, it } from "vitest";
import { createConnectGate } from "../../src/gateway/connect-gate.ts";
import { createVirtualClock } from "../helpers/virtual-clock.ts";

it("fails without the gate of connects: opens no more than 20 sockets in any second to one host, and does not hold up another", async () => {
  const clock = createVirtualClock();
  const gate = createConnectGate(clock);
  const start = clock.now();
  const passed: number[] = [];
  for (let socket = 0; socket < 100; socket++) gate.pass("mg.test").then(() => passed.push(clock.now() - start));
  let other: number | null = null;
  gate.pass("mg.other").then(() => {
    other = clock.now() - start;
  });
  await clock.advance(6_000);
  expect(passed).toHaveLength(100);
  const most = Math.max(...passed.map((from) => passed.filter((at) => at >= from && at < from + 1_000).length));
  // One of the twenty is left for what is delayed on its way.
  expect(most).toBeLessThanOrEqual(19);
  expect(other).toBe(0);
});

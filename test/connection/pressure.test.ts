import { expect, it } from "vitest";
import { createPressure } from "../../src/connection/serving/pressure.ts";
import { createTestLog } from "../helpers/test-log.ts";
import { createVirtualClock } from "../helpers/virtual-clock.ts";

function pressed(counts: readonly (number | Error)[]) {
  const clock = createVirtualClock();
  const told: string[] = [];
  const socket = { isOpen: true };
  let turn = 0;
  const pressure = createPressure({
    undecided: async () => {
      const count = counts[Math.min(turn++, counts.length - 1)] ?? 0;
      if (count instanceof Error) throw count;
      return count;
    },
    isOpen: () => socket.isOpen,
    onHigh: () => told.push("closed"),
    onLow: () => told.push("opened"),
    clock,
    log: createTestLog().log,
  });
  return { pressure, clock, told, socket, asked: () => turn };
}

it("fails without the closing under pressure: closes the socket above 5,000 undecided events, and opens it again at half of that", async () => {
  const { pressure, clock, told } = pressed([5_001, 4_000, 2_501, 2_500]);
  pressure.received(500);
  await clock.advance(0);
  expect(told).toEqual(["closed"]);
  await clock.advance(2_000);
  expect([told, pressure.isHigh()]).toEqual([["closed"], true]);
  await clock.advance(1_000);
  expect([told, pressure.isHigh()]).toEqual([["closed", "opened"], false]);
});

it("leaves it open at 5,000", async () => {
  const { pressure, clock, told } = pressed([5_000]);
  pressure.received(1_000);
  await clock.advance(10_000);
  expect(told).toEqual([]);
});

it("does not ask the store for each event", async () => {
  const { pressure, clock, asked } = pressed([10]);
  for (let event = 0; event < 1_499; event++) pressure.received(1);
  await clock.advance(0);
  expect(asked()).toBe(2);
});

it("goes on looking while the store can't say how much waits", async () => {
  const { pressure, clock, told } = pressed([9_000, new Error("away"), 10]);
  pressure.received(500);
  await clock.advance(2_000);
  expect(told).toEqual(["closed", "opened"]);
});

it("closes nothing where there is no socket, and asks again with the first event once there is one", async () => {
  const { pressure, clock, told, socket } = pressed([9_000]);
  socket.isOpen = false;
  pressure.received(500);
  await clock.advance(10_000);
  expect([told, pressure.isHigh()]).toEqual([[], false]);
  socket.isOpen = true;
  pressure.received(1);
  await clock.advance(0);
  expect([told, pressure.isHigh()]).toEqual([["closed"], true]);
});

it("closes again a socket that has opened for another reason", async () => {
  const { pressure, clock, told } = pressed([9_000]);
  pressure.received(500);
  await clock.advance(0);
  pressure.opened();
  expect([pressure.isHigh(), clock.pending()]).toEqual([false, 0]);
  pressure.received(500);
  await clock.advance(0);
  expect(told).toEqual(["closed", "closed"]);
});

it("opens nothing once it was stopped", async () => {
  const { pressure, clock, told } = pressed([9_000, 10]);
  pressure.received(500);
  await clock.advance(0);
  pressure.stop();
  await clock.advance(60_000);
  expect(told).toEqual(["closed"]);
});

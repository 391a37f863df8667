import { expect, it } from "vitest";
import { createFastClock, readSpeed, writeSpeed } from "./fast-clock.ts";

it("shows the right time at its origin, passes faster, and may be wrong by a fixed span", () => {
  const originMs = Date.now() - 1_000;
  const passed = createFastClock({ originMs, times: 60 }).now() - originMs;
  expect(passed).toBeGreaterThanOrEqual(60_000);
  expect(createFastClock({ originMs: 0, times: 1, offMs: -7_200_000 }).now()).toBeLessThan(Date.now() - 7_199_000);
});

it("sleeps and calls back sooner by as much, and neither when it was cancelled", async () => {
  const clock = createFastClock({ originMs: Date.now(), times: 3_600 });
  const called: string[] = [];
  const cancel = clock.after(3_600_000, () => called.push("cancelled"));
  cancel();
  await new Promise<void>((resolve) => {
    clock.after(7_200, () => {
      called.push("called");
      resolve();
    });
  });
  await clock.sleep(3_600);
  expect(called).toEqual(["called"]);
  const stopped = new AbortController();
  const sleeping = clock.sleep(3_600_000, stopped.signal);
  stopped.abort(new Error("enough"));
  await expect(sleeping).rejects.toThrow("enough");
});

it("reaches a child process as text", () => {
  const speed = { originMs: 5, times: 20, offMs: -1 };
  expect(readSpeed(writeSpeed(speed))).toEqual(speed);
});

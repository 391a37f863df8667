import { expect, it } from "vitest";
import type { Pace } from "../../../src/api/pace/pace.ts";
import { createPaces } from "../../../src/api/pace/paces.ts";
import { createVirtualClock } from "../../helpers/virtual-clock.ts";

const made = (): Pace => ({ run: (task) => task(), slowDown() {} });

it("gives one pace to all who speak with a key, and another to another key", () => {
  const paces = createPaces(createVirtualClock());
  const [one, same, other] = [paces.enter("a", made), paces.enter("a", made), paces.enter("b", made)];
  expect(same.pace).toBe(one.pace);
  expect(other.pace).not.toBe(one.pace);
});

it("remembers a pace for ten seconds after the last one has left, however often each of them leaves", async () => {
  const clock = createVirtualClock();
  const paces = createPaces(clock);
  const [one, other] = [paces.enter("a", made), paces.enter("a", made)];
  one.leave();
  one.leave();
  await clock.advance(60_000);
  expect(paces.enter("a", made).pace).toBe(one.pace);
  other.leave();
});

it("forgets it then", async () => {
  const clock = createVirtualClock();
  const paces = createPaces(clock);
  const one = paces.enter("a", made);
  one.leave();
  await clock.advance(9_999);
  const next = paces.enter("a", made);
  expect(next.pace).toBe(one.pace);
  next.leave();
  await clock.advance(10_000);
  expect(paces.enter("a", made).pace).not.toBe(one.pace);
});

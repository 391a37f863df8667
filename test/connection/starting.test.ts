import { expect, it } from "vitest";
import { createStarting, takePlace } from "../../src/connection/starting.ts";
import { createVirtualClock } from "../helpers/virtual-clock.ts";

const never = new AbortController().signal;

/** As many connections as are wanted, which ask at once; `begun` tells which may begin, in order. */
function crowd(count: number, signal = never) {
  const clock = createVirtualClock();
  const starting = createStarting(clock);
  const begun: number[] = [];
  const places = Array.from({ length: count }, (_, at) => {
    const place = takePlace(starting, signal);
    void place.taken.then((isTaken) => isTaken && begun.push(at));
    return place;
  });
  return { clock, begun, places };
}

it("fails without the turns at the start: lets eighty connections begin at once, and each other one when one of them listens", async () => {
  const { clock, begun, places } = crowd(200);
  await clock.advance(0);
  expect(begun).toEqual(Array.from({ length: 80 }, (_, at) => at));
  for (const place of places.slice(0, 3)) place.leave();
  await clock.advance(0);
  expect(begun).toHaveLength(83);
  expect(begun.slice(80)).toEqual([80, 81, 82]);
});

it("does not let those whose CRM hangs hold up the others for more than ten seconds", async () => {
  const { clock, begun } = crowd(100);
  await clock.advance(9_999);
  expect(begun).toHaveLength(80);
  await clock.advance(1);
  expect(begun).toHaveLength(100);
});

it("frees a place once, however often its connection leaves", async () => {
  const { clock, begun, places } = crowd(100);
  await clock.advance(0);
  for (let times = 0; times < 5; times++) places[0]?.leave();
  await clock.advance(0);
  expect(begun).toHaveLength(81);
});

it("lets nobody begin whom the end of the program meets while waiting", async () => {
  const ending = new AbortController();
  const { clock, begun, places } = crowd(100, ending.signal);
  await clock.advance(0);
  ending.abort(new Error("the program ends"));
  expect(await places[99]?.taken).toBe(false);
  await clock.advance(20_000);
  expect(begun).toHaveLength(80);
});

it("lets a connection begin at once where there are no others", async () => {
  const place = takePlace(undefined, never);
  expect(await place.taken).toBe(true);
  place.leave();
});

import { describe, expect, it } from "vitest";
import { createBucket } from "../../../src/api/pace/bucket.ts";
import { createPace } from "../../../src/api/pace/pace.ts";
import { createPlaces } from "../../../src/api/pace/places.ts";
import { createVirtualClock } from "../../helpers/virtual-clock.ts";

/** Takes `count` tokens at once; gives when (ms from now) each was given, filled while time is moved on. */
function takeMany(count: number, take: () => Promise<void>, now: () => number): readonly number[] {
  const start = now();
  const times: number[] = [];
  for (let one = 0; one < count; one++) take().then(() => times.push(now() - start));
  return times;
}

describe("a token bucket", () => {
  it("fails without the token bucket: gives what it holds at once, then one token for each part of a second", async () => {
    const clock = createVirtualClock();
    const bucket = createBucket({ perSecond: 5, burst: 3, clock });
    const times = takeMany(6, () => bucket.take(), clock.now);
    await clock.advance(1_000);
    expect(times).toEqual([0, 0, 0, 200, 400, 600]);
  });

  it("fills up again while nobody asks, and no further than it holds", async () => {
    const clock = createVirtualClock();
    const bucket = createBucket({ perSecond: 5, burst: 2, clock });
    await Promise.all([bucket.take(), bucket.take()]);
    await clock.advance(60_000);
    const times = takeMany(3, () => bucket.take(), clock.now);
    await clock.advance(1_000);
    expect(times).toEqual([0, 0, 200]);
  });

  it("gives nothing while it is held, then goes on at half the rate without a burst", async () => {
    const clock = createVirtualClock();
    const bucket = createBucket({ perSecond: 10, burst: 10, clock });
    bucket.slowDown(3_000);
    const times = takeMany(3, () => bucket.take(), clock.now);
    await clock.advance(2_999);
    expect(times).toEqual([]);
    await clock.advance(1_000);
    expect(times[0]).toBe(3_000);
    // Half of 10 per second, already growing back a little.
    expect(times[1]).toBeGreaterThan(3_190);
    expect(times[1]).toBeLessThanOrEqual(3_200);
  });

  it("holds those who were waiting already", async () => {
    const clock = createVirtualClock();
    const bucket = createBucket({ perSecond: 1, burst: 1, clock });
    const times = takeMany(2, () => bucket.take(), clock.now);
    await clock.advance(500);
    bucket.slowDown(10_000);
    await clock.advance(9_999);
    expect(times).toEqual([0]);
    await clock.advance(3_000);
    expect(times).toHaveLength(2);
  });

  it("takes several refusals of requests sent together as one", async () => {
    const clock = createVirtualClock();
    const bucket = createBucket({ perSecond: 8, burst: 8, clock });
    for (let refusal = 0; refusal < 4; refusal++) bucket.slowDown(1_000);
    const times = takeMany(5, () => bucket.take(), clock.now);
    await clock.advance(2_100);
    expect(times.length).toBe(5);
  });

  it("is back at its full rate after five quiet minutes", async () => {
    const clock = createVirtualClock();
    const bucket = createBucket({ perSecond: 10, burst: 1, clock });
    bucket.slowDown(0);
    await clock.advance(300_000);
    const times = takeMany(3, () => bucket.take(), clock.now);
    await clock.advance(1_000);
    expect(times).toEqual([0, 100, 200]);
  });

  it("does not sit out a hold that a clock set back has made an hour long", async () => {
    const clock = createVirtualClock();
    let shift = 0;
    const bucket = createBucket({ perSecond: 10, burst: 1, clock: { ...clock, now: () => clock.now() + shift } });
    bucket.slowDown(1_000);
    shift = -3_600_000;
    let taken = false;
    bucket.take().then(() => {
      taken = true;
    });
    await clock.advance(2_000);
    expect(taken).toBe(true);
  });

  it("lets go of one who gives up, and keeps the token for the next", async () => {
    const clock = createVirtualClock();
    const bucket = createBucket({ perSecond: 1, burst: 1, clock });
    await bucket.take();
    const stop = new AbortController();
    const first = bucket.take(stop.signal);
    const second = bucket.take(stop.signal);
    const times = takeMany(1, () => bucket.take(), clock.now);
    stop.abort(new Error("stopped"));
    await expect(first).rejects.toThrow("stopped");
    await expect(second).rejects.toThrow("stopped");
    await clock.advance(1_000);
    expect(times).toEqual([1_000]);
  });

  it("gives nothing to one who had given up before asking", async () => {
    const bucket = createBucket({ perSecond: 1, burst: 1, clock: createVirtualClock() });
    await expect(bucket.take(AbortSignal.abort(new Error("stopped")))).rejects.toThrow("stopped");
  });
});

describe("a pace", () => {
  const clock = createVirtualClock();
  const options = { perSecond: 1_000, burst: 1_000, parallel: 4, clock };

  it("lets four requests run at the same time, the others in order of arrival", async () => {
    const pace = createPace(options);
    const begun: number[] = [];
    const ends = Array.from({ length: 6 }, () => Promise.withResolvers<void>());
    const runs = ends.map(({ promise }, index) =>
      pace.run(() => {
        begun.push(index);
        return promise;
      }),
    );
    await clock.advance(100);
    expect(begun).toEqual([0, 1, 2, 3]);
    ends[2]?.resolve();
    await clock.advance(100);
    expect(begun).toEqual([0, 1, 2, 3, 4]);
    for (const end of ends) end.resolve();
    await Promise.all(runs);
    expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("frees the place of a request that failed", async () => {
    const pace = createPace({ ...options, parallel: 1 });
    await expect(pace.run(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    await expect(pace.run(async () => "next")).resolves.toBe("next");
  });

  it("passes the place of one who gave up waiting to the next", async () => {
    const pace = createPace({ ...options, parallel: 1 });
    const end = Promise.withResolvers<void>();
    const running = pace.run(() => end.promise);
    const stop = new AbortController();
    const given = pace.run(async () => "never", { signal: stop.signal });
    const next = pace.run(async () => "next");
    stop.abort(new Error("stopped"));
    await expect(given).rejects.toThrow("stopped");
    end.resolve();
    await running;
    await expect(next).resolves.toBe("next");
  });

  it("fails without the question before a turn: lets those who may not go pass by without using up a turn", async () => {
    const own = createVirtualClock();
    const pace = createPace({ perSecond: 5, burst: 4, parallel: 4, clock: own });
    let mayGo = true;
    const ask = () => {
      if (!mayGo) throw new Error("not now");
    };
    const went: string[] = [];
    let refused = 0;
    for (let send = 0; send < 500; send++) {
      pace
        .run(async () => went.push("send"), { mayGo: ask })
        .catch(() => {
          refused += 1;
        });
    }
    await own.advance(0);
    expect(went).toHaveLength(4);
    mayGo = false;
    void pace.run(async () => went.push("read"));
    await own.advance(200);
    expect(went.slice(4)).toEqual(["read"]);
    expect(refused).toBe(496);
  });

  it("fails without the precedence of reads that all else waits for: lets them pass those who wait", async () => {
    const pace = createPace({ ...options, parallel: 1 });
    const end = Promise.withResolvers<void>();
    const begun: string[] = [];
    const begins = (name: string) => async () => begun.push(name);
    const runs = [
      pace.run(() => end.promise),
      pace.run(begins("look-up")),
      pace.run(begins("send")),
      pace.run(begins("gap, page 1"), { first: true }),
      pace.run(begins("gap, page 2"), { first: true }),
    ];
    end.resolve();
    await Promise.all(runs);
    expect(begun).toEqual(["gap, page 1", "gap, page 2", "look-up", "send"]);
  });

  it("does not lose a place that is given to one who is just giving up", async () => {
    const places = createPlaces(1);
    const leave = await places.enter();
    const stop = new AbortController();
    const given = places.enter(stop.signal);
    stop.abort(new Error("stopped"));
    leave();
    await expect(given).rejects.toThrow("stopped");
    await expect(places.enter()).resolves.toBeTypeOf("function");
  });

  it("frees a place once, however often it is left", async () => {
    const places = createPlaces(1);
    const leave = await places.enter();
    leave();
    leave();
    await places.enter();
    const stop = new AbortController();
    const second = places.enter(stop.signal);
    stop.abort(new Error("full"));
    await expect(second).rejects.toThrow("full");
  });
});

import { describe, expect, it, onTestFinished } from "vitest";
import { ApiError } from "../../../src/api/errors.ts";
import { SEEN } from "../../../src/connection/catch-up/seen.ts";
import { openStore } from "../../../src/store/open.ts";
import { type Store, StoreError } from "../../../src/store/store.ts";
import { type Bench, CONNECTION, openBench, row, unreachable } from "./bench.ts";

const HOUR = 3_600_000;
const keys = (...ids: number[]) => ids.map((id) => `message_new:${id}`);

/** A connection that has heard message 1 and listens. */
async function listening(bench?: Bench): Promise<Bench> {
  const given = bench ?? (await openBench());
  given.catchUp.opened();
  await given.settle();
  await given.hears(1);
  expect(await given.decided()).toEqual(keys(1));
  return given;
}

/** The same, after messages 2 and 3 were missed. */
async function withGap(): Promise<Bench> {
  const bench = await listening();
  bench.catchUp.lost();
  bench.misses(2);
  bench.misses(3);
  return bench;
}

describe("a connection that has never listened", () => {
  it("has no gap, asks for nothing, and remembers that it listens from now on", async () => {
    const bench = await openBench();
    expect([bench.catchUp.isHolding(), bench.catchUp.hasGap()]).toEqual([true, true]);
    bench.misses(1);
    bench.catchUp.opened();
    await bench.settle();
    expect([bench.catchUp.isHolding(), bench.catchUp.hasGap()]).toEqual([false, false]);
    expect(bench.asked).toEqual([]);
    const now = bench.clock.now();
    expect(await bench.store.fact(CONNECTION, SEEN)).toEqual({ messageId: null, at: now, since: now });
  });

  it("is not taken for one that never listened when it was killed with its first message just stored", async () => {
    const store = await openStore(":memory:");
    onTestFinished(() => store.close());
    // Nothing is kept of the opening itself: it is killed before.
    const killed = await openBench({ ...store, saveFact: () => new Promise(() => {}) });
    await killed.catchUp.seenAt();
    killed.catchUp.opened();
    await killed.hears(1);
    killed.misses(2);
    const next = await openBench(store);
    next.messages.push(...killed.messages);
    next.catchUp.opened();
    await next.settle();
    expect(await next.decided()).toEqual(keys(1, 2));
  });

  it("looks for what it missed by time while it knows no message", async () => {
    const bench = await openBench();
    bench.misses(1);
    await bench.clock.advance(1_000);
    bench.catchUp.opened();
    await bench.settle();
    bench.catchUp.lost();
    await bench.clock.advance(1_000);
    bench.misses(2);
    bench.catchUp.opened();
    await bench.settle();
    expect(await bench.decided()).toEqual(keys(2));
    expect(bench.asked[0]?.query).not.toHaveProperty("since_id");
  });
});

describe("what is remembered of the stream", () => {
  it("moves on with the very transaction that stores the events", async () => {
    const bench = await listening();
    expect(await bench.store.fact(CONNECTION, SEEN)).toMatchObject({ messageId: 1 });
    await bench.clock.advance(5_000);
    await bench.hears(4);
    expect(await bench.store.fact(CONNECTION, SEEN)).toMatchObject({ messageId: 4, at: bench.clock.now() });
  });

  it("does not move on for what comes after a gap until the gap is filled", async () => {
    const bench = await withGap();
    bench.lasting = unreachable();
    bench.catchUp.opened();
    await bench.settle();
    await bench.hears(4);
    expect(await bench.store.fact(CONNECTION, SEEN)).toMatchObject({ messageId: 1 });
    bench.lasting = null;
    await bench.clock.advance(1_000);
    expect(await bench.store.fact(CONNECTION, SEEN)).toMatchObject({ messageId: 4 });
  });

  it("lets another process fill the gap of one that was killed", async () => {
    const killed = await withGap();
    killed.lasting = unreachable();
    killed.catchUp.opened();
    await killed.settle();
    await killed.hears(4);
    expect(await killed.decided()).toEqual([]);
    const next = await openBench(killed.store);
    next.messages.push(...killed.messages);
    next.catchUp.opened();
    await next.settle();
    expect(await next.decided()).toEqual(keys(2, 3, 4));
  });

  it("says when the socket was last good, however quiet it is", async () => {
    const bench = await listening();
    await bench.clock.advance(60_000);
    bench.catchUp.heard();
    await bench.settle();
    expect(await bench.store.fact(CONNECTION, SEEN)).toMatchObject({ at: bench.clock.now() });
    expect(await bench.catchUp.seenAt()).toBe(bench.clock.now());
    const last = bench.clock.now();
    bench.catchUp.lost();
    await bench.clock.advance(60_000);
    bench.catchUp.heard();
    await bench.settle();
    expect(await bench.store.fact(CONNECTION, SEEN)).toMatchObject({ at: last });
  });
});

describe("a gap", () => {
  it("fails without the hold of a gap: is filled before what the new socket brings, and told when that is done", async () => {
    const bench = await withGap();
    const page = Promise.withResolvers<void>();
    bench.troubles.push(page.promise);
    const before = bench.filled.count;
    bench.catchUp.opened();
    await bench.settle();
    await bench.hears(4);
    expect(await bench.decided()).toEqual([]);
    expect(bench.catchUp.hasGap()).toBe(true);
    page.resolve();
    await bench.settle();
    expect(await bench.decided()).toEqual(keys(2, 3, 4));
    expect(bench.catchUp.hasGap()).toBe(false);
    expect(bench.filled.count).toBe(before + 1);
  });

  it("wakes each chat that has something in it", async () => {
    const bench = await withGap();
    bench.misses(4, 8);
    bench.woken.length = 0;
    bench.catchUp.opened();
    await bench.settle();
    expect(bench.woken.toSorted()).toEqual([7, 8]);
    expect(await bench.decided(8)).toEqual(keys(4));
  });

  it("begins when the socket is lost: nothing is decided from then on", async () => {
    const bench = await listening();
    expect(bench.catchUp.isHolding()).toBe(false);
    bench.catchUp.lost();
    expect([bench.catchUp.isHolding(), bench.catchUp.hasGap()]).toEqual([true, true]);
  });

  it("in which a dialog was opened, taken by a manager and closed is let go only when that is known", async () => {
    const bench = await withGap();
    const now = bench.clock.now();
    const iso = (at: number) => new Date(at).toISOString();
    bench.messages.push(row(4, 7, now, { dialog: { id: 70 }, from: { type: "user", id: 12 } }));
    bench.dialogs.push({ id: 70, chat_id: 7, created_at: iso(now - 5_000), closed_at: iso(now), responsible: null });
    bench.catchUp.opened();
    await bench.settle();
    expect((await bench.store.nextEvent(CONNECTION, 7))?.event.key).toBe("message_new:2");
    expect(await bench.store.dialog(CONNECTION, 70)).toMatchObject({ closedAt: now, lastManagerAt: now });
  });

  it("that follows while one is being filled is filled, too, before anything is let go", async () => {
    const bench = await withGap();
    const page = Promise.withResolvers<void>();
    bench.troubles.push(page.promise);
    bench.catchUp.opened();
    await bench.settle();
    bench.catchUp.lost();
    bench.misses(4);
    bench.catchUp.opened();
    await bench.hears(5);
    page.resolve();
    await bench.settle();
    expect(await bench.decided()).toEqual(keys(2, 3, 4, 5));
    expect(bench.catchUp.hasGap()).toBe(false);
  });

  it("is found out by another opening at once, not at the end of a pause", async () => {
    const bench = await withGap();
    bench.lasting = unreachable();
    bench.catchUp.opened();
    await bench.clock.advance(20_000);
    bench.lasting = null;
    bench.catchUp.lost();
    bench.catchUp.opened();
    await bench.settle();
    expect(await bench.decided()).toEqual(keys(2, 3));
  });

  it("that fails just when the socket opens anew is tried again at once", async () => {
    const bench = await withGap();
    const page = Promise.withResolvers<void>();
    bench.troubles.push(page.promise);
    bench.catchUp.opened();
    await bench.settle();
    bench.catchUp.lost();
    bench.catchUp.opened();
    page.reject(unreachable());
    await bench.settle();
    expect(await bench.decided()).toEqual(keys(2, 3));
  });

  it("whose socket is lost again lets go what was found: a socket that flaps must not stop the bot", async () => {
    const bench = await withGap();
    const page = Promise.withResolvers<void>();
    bench.troubles.push(page.promise);
    bench.catchUp.opened();
    await bench.settle();
    bench.catchUp.lost();
    page.resolve();
    await bench.settle();
    expect(await bench.decided()).toEqual(keys(2, 3));
    expect(bench.catchUp.hasGap()).toBe(true);
  });

  it("is not filled any more once it was stopped", async () => {
    const bench = await withGap();
    bench.lasting = unreachable();
    bench.catchUp.opened();
    await bench.settle();
    bench.catchUp.stop();
    const asked = bench.asked.length;
    await bench.clock.advance(10 * 60_000);
    expect(bench.asked).toHaveLength(asked);
    expect(bench.clock.pending()).toBe(0);
    expect(bench.catchUp.isHolding()).toBe(true);
  });

  it("that is given up is not spoken of, and does not disturb the next try", async () => {
    const bench = await withGap();
    const page = Promise.withResolvers<void>();
    bench.troubles.push(page.promise);
    bench.catchUp.opened();
    await bench.settle();
    bench.catchUp.stop();
    page.reject(unreachable());
    bench.catchUp.opened();
    await bench.settle();
    expect(await bench.decided()).toEqual(keys(2, 3));
    expect(bench.log.text()).not.toContain("cannot be found out");
  });

  it("keeps message 5 out that was answered before it, and takes message 4 in that the socket had left behind", async () => {
    const bench = await listening();
    await bench.hears(5);
    expect(await bench.decided()).toEqual(keys(5));
    bench.misses(4);
    bench.catchUp.lost();
    bench.misses(6);
    bench.catchUp.opened();
    await bench.settle();
    expect(await bench.decided()).toEqual(keys(4, 6));
  });
});

describe("a list that cannot be read", () => {
  it("holds everything for a minute; then the bot goes on, no timer fires, and the gap is filled later", async () => {
    const bench = await withGap();
    bench.lasting = unreachable();
    bench.catchUp.opened();
    await bench.settle();
    await bench.hears(4);
    await bench.clock.advance(59_000);
    expect(await bench.decided()).toEqual([]);
    await bench.clock.advance(60_000);
    expect(await bench.decided()).toEqual(keys(4));
    await bench.hears(5);
    expect(await bench.decided()).toEqual(keys(5));
    expect([bench.catchUp.isHolding(), bench.catchUp.hasGap()]).toEqual([false, true]);
    expect(bench.catchUp.status()).toMatchObject({
      gap: true,
      holding: false,
      trouble: { reason: "the gateway cannot be reached" },
    });
    expect(bench.log.text()).toContain("the bot goes on without knowing what it has missed");
    bench.lasting = null;
    await bench.clock.advance(60_000);
    expect(await bench.decided()).toEqual(keys(2, 3));
    expect(bench.catchUp.hasGap()).toBe(false);
    expect(bench.catchUp.status()).toMatchObject({ trouble: null, gaps: 1, recovered: 2 });
  });

  it("holds no longer for a clock that is set back by an hour meanwhile", async () => {
    const bench = await withGap();
    bench.lasting = unreachable();
    bench.catchUp.opened();
    await bench.settle();
    await bench.hears(4);
    await bench.clock.advance(30_000);
    bench.clock.set(-3_600_000);
    await bench.clock.advance(90_000);
    expect(await bench.decided()).toEqual(keys(4));
  });

  it("holds as long as it takes while pages do come, however slowly", async () => {
    const bench = await withGap();
    for (let id = 10; id < 450; id++) bench.misses(id);
    const pages = [1, 2].map(() => Promise.withResolvers<void>());
    bench.troubles.push(...pages.map(({ promise }) => promise));
    bench.catchUp.opened();
    for (const { resolve } of pages) {
      await bench.clock.advance(50_000);
      expect(bench.catchUp.isHolding()).toBe(true);
      resolve();
    }
    await bench.settle();
    expect(await bench.decided()).toHaveLength(442);
  });
});

/** A gateway whose list of messages fails from the second page on; `failure` gives why, anew each time. */
function failsBehind(bench: Bench, failure: () => ApiError, first = 2) {
  for (let id = 10; id < 2_500; id++) bench.misses(id);
  const page = { first, asked: 0 };
  bench.failing = ({ operation, query }) => {
    if (operation !== "listMessages") return null;
    page.asked = query.since_id === 1 ? 1 : page.asked + 1;
    return page.asked < page.first ? null : failure();
  };
  return page;
}

describe("a list that can be read in part", () => {
  it("fails without the end of a hold that gets no further: holds nothing any longer than a minute though its first page always comes", async () => {
    const bench = await withGap();
    failsBehind(bench, unreachable);
    bench.catchUp.opened();
    await bench.clock.advance(59_000);
    expect(bench.catchUp.isHolding()).toBe(true);
    await bench.hears(3_000);
    await bench.clock.advance(60_000);
    expect([bench.catchUp.isHolding(), bench.catchUp.hasGap()]).toEqual([false, true]);
    expect(await bench.decided()).toEqual(keys(3_000));
    bench.failing = () => null;
    await bench.clock.advance(60_000);
    expect(await bench.decided()).toHaveLength(2_492);
    expect(bench.catchUp.status()).toMatchObject({ gap: false, trouble: null });
  });

  it("is waited for while each try gets further than the one before", async () => {
    const bench = await withGap();
    const page = failsBehind(bench, unreachable, 1);
    bench.catchUp.opened();
    for (const first of [2, 3, Number.POSITIVE_INFINITY]) {
      await bench.clock.advance(55_000);
      expect(bench.catchUp.isHolding()).toBe(true);
      page.first = first;
    }
    await bench.clock.advance(60_000);
    expect(await bench.decided()).toHaveLength(2_492);
  });

  it("is read in shorter and shorter pages while an answer is unusable or does not come", async () => {
    const bench = await withGap();
    for (let id = 10; id < 2_500; id++) bench.misses(id);
    bench.failing = ({ query }) =>
      Number(query.limit) > 300
        ? new ApiError({ kind: "not_json", sent: "maybe", message: "answered with more than 10485760 bytes" })
        : null;
    bench.catchUp.opened();
    await bench.clock.advance(10_000);
    expect(await bench.decided()).toHaveLength(2_492);
    expect([...new Set(bench.asked.map(({ query }) => query.limit))]).toEqual([1_000, 500, 250]);
    expect(bench.catchUp.status()).toMatchObject({ lost: { too_many: 0, perhaps_more: false } });
  });
});

/** A store of which `broken` fails as often as `times` says. */
async function hiccuping(broken: "heldLanes" | "release") {
  const store = await openStore(":memory:");
  onTestFinished(() => store.close());
  const hiccup = { times: 0 };
  const fails = () => {
    hiccup.times -= 1;
    return hiccup.times >= 0;
  };
  const away = async () => Promise.reject(new StoreError("the disk is full"));
  const heldLanes: Store["heldLanes"] = (id) => (fails() ? away() : store.heldLanes(id));
  const release: Store["release"] = (...lane) => (fails() ? away() : store.release(...lane));
  const bench = await openBench({ ...store, ...(broken === "heldLanes" ? { heldLanes } : { release }) });
  return { bench, hiccup };
}

describe("a store that fails just as a gap ends", () => {
  it.each(["heldLanes", "release"] as const)(
    "fails without the second try to let go: holds nothing back for good (%s)",
    async (broken) => {
      const { bench, hiccup } = await hiccuping(broken);
      await listening(bench);
      bench.catchUp.lost();
      bench.misses(2);
      bench.misses(3);
      hiccup.times = 2;
      bench.catchUp.opened();
      await bench.settle();
      await bench.hears(4);
      const asked = bench.asked.length;
      await bench.clock.advance(10_000);
      expect([bench.catchUp.isHolding(), bench.catchUp.hasGap()]).toEqual([false, false]);
      expect(await bench.decided()).toEqual(keys(2, 3, 4));
      expect(bench.asked).toHaveLength(asked);
      expect(bench.catchUp.status()).toMatchObject({ gaps: 1, trouble: null });
    },
  );

  it("or as a message that the socket has left out is let go, holds its chat for no hour", async () => {
    const { bench, hiccup } = await hiccuping("release");
    await listening(bench);
    bench.misses(2);
    hiccup.times = 1;
    await bench.clock.advance(HOUR + 20_000);
    expect(bench.catchUp.hasGap()).toBe(false);
    expect(await bench.decided()).toEqual(keys(2));
  });
});

describe("a socket that is closed because too much waits", () => {
  it("holds nothing, but keeps timers from firing, and what it misses is found when it opens", async () => {
    const bench = await listening();
    await bench.hears(2);
    bench.isPressed = true;
    bench.catchUp.lost();
    expect([bench.catchUp.isHolding(), bench.catchUp.hasGap()]).toEqual([false, true]);
    expect(await bench.decided()).toEqual(keys(2));
    bench.misses(3);
    bench.isPressed = false;
    bench.catchUp.opened();
    await bench.settle();
    expect(await bench.decided()).toEqual(keys(3));
    expect(bench.catchUp.hasGap()).toBe(false);
  });

  it("while a gap is being filled lets go what was held once it is", async () => {
    const bench = await withGap();
    const page = Promise.withResolvers<void>();
    bench.troubles.push(page.promise);
    bench.catchUp.opened();
    await bench.hears(4);
    bench.isPressed = true;
    bench.catchUp.lost();
    page.resolve();
    await bench.settle();
    expect(await bench.decided()).toEqual(keys(2, 3, 4));
  });

  it("while the lists cannot be read is held no longer than a minute, since no opening will come before", async () => {
    const bench = await withGap();
    bench.lasting = unreachable();
    bench.catchUp.opened();
    await bench.settle();
    await bench.hears(4);
    bench.isPressed = true;
    bench.catchUp.lost();
    await bench.clock.advance(50_000);
    expect(await bench.decided()).toEqual([]);
    await bench.clock.advance(70_000);
    expect(await bench.decided()).toEqual(keys(4));
    bench.lasting = null;
    bench.isPressed = false;
    bench.catchUp.opened();
    await bench.settle();
    expect(await bench.decided()).toEqual(keys(2, 3));
  });
});

describe("a gap that is too long", () => {
  it("of 12,000 messages brings the newest 10,000 in order, and counts the others", async () => {
    const bench = await withGap();
    bench.messages.length = 0;
    for (let id = 2; id <= 12_001; id++) bench.misses(id, 7 + (id % 3));
    bench.catchUp.opened();
    await bench.settle();
    await expect.poll(() => bench.catchUp.hasGap()).toBe(false);
    const found = [...(await bench.decided(7)), ...(await bench.decided(8)), ...(await bench.decided(9))];
    expect(found).toHaveLength(10_000);
    expect(found).not.toContain("message_new:2001");
    expect(found.slice(0, 2)).toEqual(keys(2_004, 2_007));
    expect(bench.catchUp.status()).toMatchObject({ recovered: 10_000, lost: { too_many: 2_000, too_old: 0 } });
    expect(bench.asked.filter(({ operation }) => operation === "listMessages").length).toBeLessThan(20);
  });

  it("fails without the limit of a day: of more than a day brings the last day, and counts the rest", async () => {
    const bench = await withGap();
    await bench.clock.advance(25 * HOUR);
    bench.misses(4);
    bench.catchUp.opened();
    await bench.settle();
    expect(await bench.decided()).toEqual(keys(4));
    expect(bench.catchUp.status()).toMatchObject({ recovered: 1, lost: { too_old: 2 } });
    bench.catchUp.lost();
    bench.catchUp.opened();
    await bench.settle();
    expect(bench.catchUp.status()).toMatchObject({ gaps: 2, lost: { too_old: 2 } });
  });
});

describe("the hourly look at a socket that is open", () => {
  it("finds what it has left out, and brings it in", async () => {
    const bench = await listening();
    bench.misses(2);
    await bench.hears(3);
    await bench.decided();
    await bench.clock.advance(HOUR + 10_000);
    expect(await bench.decided()).toEqual(keys(2));
    expect(bench.catchUp.status()).toMatchObject({ gaps: 0, silent: { missed: 1 } });
    expect(bench.log.text()).toContain("the socket is open, but it has left messages out");
  });

  it("finds nothing where all came, says so, and asks again an hour later", async () => {
    const bench = await listening();
    await bench.hears(2);
    await bench.decided();
    await bench.clock.advance(HOUR + 10_000);
    expect(await bench.decided()).toEqual([]);
    expect(bench.catchUp.status()).toMatchObject({ silent: { missed: 0, last_checked: expect.any(String) } });
    const asked = bench.asked.length;
    bench.misses(3);
    await bench.clock.advance(HOUR + 10_000);
    expect(bench.asked.length).toBeGreaterThan(asked);
    expect(await bench.decided()).toEqual(keys(3));
  });

  it("does not take for missed what is still on its way", async () => {
    const bench = await listening();
    bench.misses(2);
    const late = row(2, 7, bench.clock.now());
    await bench.clock.advance(HOUR + 9_000);
    const frame = { type: "message_new", meta: { timestamp: 1 }, data: { message: late } };
    bench.intake.frame(JSON.stringify(frame));
    await bench.intake.flush();
    expect(await bench.decided()).toEqual(keys(2));
    await bench.clock.advance(2_000);
    expect(bench.catchUp.status()).toMatchObject({ silent: { missed: 0 } });
  });

  it("leaves a gap that opens meanwhile to be filled as such", async () => {
    const bench = await listening();
    bench.misses(2);
    await bench.clock.advance(HOUR + 5_000);
    bench.catchUp.lost();
    await bench.clock.advance(10_000);
    expect(bench.catchUp.status()).toMatchObject({ silent: { missed: 0, last_checked: null } });
    bench.catchUp.opened();
    await bench.settle();
    expect(await bench.decided()).toEqual(keys(2));
  });

  it("that fails is told and made again an hour later", async () => {
    const bench = await listening();
    bench.misses(2);
    bench.troubles.push(unreachable());
    await bench.clock.advance(HOUR + 10_000);
    expect(bench.log.text()).toContain("whether the socket brings everything cannot be checked now");
    expect(await bench.decided()).toEqual([]);
    await bench.clock.advance(HOUR + 10_000);
    expect(await bench.decided()).toEqual(keys(2));
  });
});

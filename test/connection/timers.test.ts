import { expect, it } from "vitest";
import { createTimers } from "../../src/connection/deciding/timers.ts";
import type { Event } from "../../src/types/event.ts";
import { createTestLog } from "../helpers/test-log.ts";
import { createVirtualClock } from "../helpers/virtual-clock.ts";

/** Timers over a store that keeps `due` (chat and moment), on a clock that stands still. */
function bench() {
  const clock = createVirtualClock();
  const log = createTestLog();
  const due: { chatId: number; at: number }[] = [];
  const woken: (number | null)[] = [];
  const looks: number[] = [];
  const state = { broken: false, gap: false };
  const rung = (chatId: number): Event => ({ key: `timer:${chatId}`, type: "timer", at: 0, chatId, data: {} });
  const store = {
    async fireTimers(_connection: string, now: number, limit: number) {
      looks.push(now);
      if (state.broken) throw new Error("the disk is full");
      const ready = due.filter(({ at }) => at <= now).slice(0, limit);
      for (const one of ready) due.splice(due.indexOf(one), 1);
      return ready.map(({ chatId }) => rung(chatId));
    },
    nextTimer: async () => due.map(({ at }) => at).sort((a, b) => a - b)[0] ?? null,
  };
  const timers = createTimers({
    connectionId: "one",
    store,
    clock,
    log: log.log,
    mayFire: () => !state.gap,
    wake: (chatId) => void woken.push(chatId),
  });
  return { clock, log, due, woken, looks, state, timers };
}

it("fires a timer when it is due and no earlier", async () => {
  const { clock, due, woken, timers } = bench();
  due.push({ chatId: 7, at: clock.now() + 5_000 });
  timers.changed();
  await clock.advance(4_999);
  expect(woken).toEqual([]);
  await clock.advance(1);
  expect(woken).toEqual([7]);
});

it("fires at once what fell due while nobody looked, each chat woken once, however many there are", async () => {
  const { clock, due, woken, timers } = bench();
  for (let chat = 1; chat <= 600; chat++) due.push({ chatId: chat, at: clock.now() - 1 });
  due.push({ chatId: 1, at: clock.now() - 1 });
  timers.changed();
  await clock.advance(0);
  expect(due).toEqual([]);
  expect(new Set(woken).size).toBe(600);
});

it("looks at least every 30 seconds, so a clock that jumped delays no timer longer", async () => {
  const { clock, due, woken, looks } = bench();
  await clock.advance(0);
  const begun = clock.now();
  await clock.advance(60_000);
  expect(looks.map((at) => at - begun)).toEqual([0, 30_000, 60_000]);
  // Set far ahead and told to nobody, as after the clock was put forward: the next look finds it.
  due.push({ chatId: 7, at: clock.now() });
  await clock.advance(29_999);
  expect(woken).toEqual([]);
  await clock.advance(1);
  expect(woken).toEqual([7]);
});

it("does not wait for a timer that was taken back, and takes a nearer one first", async () => {
  const { clock, due, woken, timers } = bench();
  due.push({ chatId: 7, at: clock.now() + 5_000 });
  timers.changed();
  await clock.advance(1_000);
  due.splice(0, 1, { chatId: 8, at: clock.now() + 1_000 });
  timers.changed();
  await clock.advance(1_000);
  expect(woken).toEqual([8]);
  await clock.advance(10_000);
  expect(woken).toEqual([8]);
});

it("goes on after the store refused, and says so", async () => {
  const { clock, due, woken, log, state, timers } = bench();
  state.broken = true;
  due.push({ chatId: 7, at: clock.now() });
  timers.changed();
  await clock.advance(0);
  expect(log.text()).toContain("timers could not be looked at");
  state.broken = false;
  await clock.advance(30_000);
  expect(woken).toEqual([7]);
});

it("looks no more once it is stopped, even when told of a change", async () => {
  const { clock, due, woken, looks, timers } = bench();
  await clock.advance(0);
  const before = looks.length;
  timers.stop();
  due.push({ chatId: 7, at: clock.now() });
  timers.changed();
  await clock.advance(120_000);
  expect(woken).toEqual([]);
  expect(looks).toHaveLength(before);
  expect(clock.pending()).toBe(0);
});

it("fails without the hold of timers: fires nothing while something may have been missed, and what has fallen due then as soon as it is told of the end", async () => {
  const { clock, due, woken, state, timers } = bench();
  await clock.advance(0);
  state.gap = true;
  due.push({ chatId: 7, at: clock.now() + 1_000 });
  timers.changed();
  await clock.advance(120_000);
  expect(woken).toEqual([]);
  state.gap = false;
  timers.changed();
  await clock.advance(0);
  expect(woken).toEqual([7]);
});

it("does not look again and again for a timer that is held back", async () => {
  const { clock, due, looks, state, timers } = bench();
  await clock.advance(0);
  looks.length = 0;
  state.gap = true;
  due.push({ chatId: 7, at: clock.now() - 1 });
  timers.changed();
  await clock.advance(60_000);
  expect(looks).toEqual([]);
  expect(clock.pending()).toBe(1);
});

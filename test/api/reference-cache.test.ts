import { describe, expect, it } from "vitest";
import { createReferenceCache, OLD_ROWS_AFTER_MS, REFERENCE_AGE_MS } from "../../src/api/reference-cache.ts";

const COURIER = { code: "courier", name: "Courier" };

/** A CRM whose directories answer what they are told, and count how often they were asked. */
function scripted() {
  let asked = 0;
  let now = 1_790_000_000_000;
  const timers = new Map<() => void, number>();
  let next: () => Promise<readonly (typeof COURIER)[]> = async () => [COURIER];
  const never = async () => {
    throw new Error("not asked for here");
  };
  const crm = {
    deliveryTypes: () => {
      asked += 1;
      return next();
    },
    paymentTypes: never,
    paymentStatuses: never,
    statuses: never,
    statusGroups: never,
    settings: async () => ({ default_currency: { value: "EUR" }, timezone: { value: " " } }),
  };
  const after = (ms: number, task: () => void) => {
    timers.set(task, ms);
    return () => void timers.delete(task);
  };
  return {
    cache: createReferenceCache({ crm, clock: { now: () => now, after } }),
    timers,
    asked: () => asked,
    pass: (ms: number) => {
      now += ms;
    },
    answer: (how: typeof next) => {
      next = how;
    },
  };
}

const fails = async () => {
  throw new Error("unreachable");
};

describe("a directory", () => {
  it("is read once in ten minutes", async () => {
    const { cache, asked, pass } = scripted();
    await expect(cache.deliveryTypes()).resolves.toEqual([COURIER]);
    pass(REFERENCE_AGE_MS - 1);
    await cache.deliveryTypes();
    expect(asked()).toBe(1);
    pass(1);
    await cache.deliveryTypes();
    expect(asked()).toBe(2);
  });

  it("is read once for all who ask at the same time", async () => {
    const { cache, asked } = scripted();
    await Promise.all([cache.deliveryTypes(), cache.deliveryTypes(), cache.deliveryTypes()]);
    expect(asked()).toBe(1);
  });

  it("that can't be read is asked for again the next time", async () => {
    const { cache, asked, answer } = scripted();
    answer(fails);
    await expect(cache.deliveryTypes()).rejects.toThrow("unreachable");
    answer(async () => [COURIER]);
    await expect(cache.deliveryTypes()).resolves.toEqual([COURIER]);
    expect(asked()).toBe(2);
  });

  it("that can't be read again stays as it was, until it can", async () => {
    const { cache, pass, answer } = scripted();
    await cache.deliveryTypes();
    pass(REFERENCE_AGE_MS);
    answer(fails);
    await expect(cache.deliveryTypes()).resolves.toEqual([COURIER]);
    answer(async () => []);
    await expect(cache.deliveryTypes()).resolves.toEqual([]);
  });

  it("that was read before is not waited for longer than a moment, and is fresh again once the CRM has answered", async () => {
    const { cache, pass, answer, timers } = scripted();
    await cache.deliveryTypes();
    pass(REFERENCE_AGE_MS);
    const reading = Promise.withResolvers<readonly (typeof COURIER)[]>();
    answer(() => reading.promise);
    const asked = cache.deliveryTypes();
    expect([...timers.values()]).toEqual([OLD_ROWS_AFTER_MS]);
    for (const [fall] of timers) fall();
    await expect(asked).resolves.toEqual([COURIER]);
    expect(timers.size).toBe(0);
    reading.resolve([]);
    await expect(cache.deliveryTypes()).resolves.toEqual([]);
  });

  it("is read again after the clock was set back", async () => {
    const { cache, asked, pass } = scripted();
    await cache.deliveryTypes();
    pass(-REFERENCE_AGE_MS);
    await cache.deliveryTypes();
    expect(asked()).toBe(2);
  });
});

it("the account's habits are its currency and zone, as far as they are stated", async () => {
  await expect(scripted().cache.habits()).resolves.toEqual({ currency: "EUR", timezone: null });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ApiError } from "../../src/api/errors.ts";
import { type Ask, listAll, readCall, readList } from "../../src/connection/directory/pages.ts";
import type { Json, JsonObject } from "../../src/types/json.ts";

interface Manner {
  readonly ids: readonly number[];
  readonly inclusive: boolean;
  /** Whether rows descend without bounds, with `since_id` alone, with `until_id` alone, and with both. */
  readonly descends: readonly [boolean, boolean, boolean, boolean];
  readonly most: number;
  /** Every n-th row stands twice; 0: none. */
  readonly twice: number;
}

/** A gateway whose list has this manner: which way it goes depends on its parameters alone. */
function gateway({ ids, inclusive, descends, most, twice }: Manner): Ask & { readonly asked: number[] } {
  const asked: number[] = [];
  const ask: Ask = async ({ query }) => {
    const since = typeof query.since_id === "number" ? query.since_id : null;
    const until = typeof query.until_id === "number" ? query.until_id : null;
    const [low, high] = [since ?? 0, until ?? Number.POSITIVE_INFINITY];
    const inside = ids.filter((id) => (inclusive ? id >= low && id <= high : id > low && id < high));
    const down = descends[(since === null ? 0 : 1) + (until === null ? 0 : 2)];
    const sorted = inside.toSorted((left, right) => (down ? right - left : left - right));
    const rows = sorted.flatMap((id, index) => (twice > 0 && index % twice === 0 ? [id, id] : [id]));
    asked.push(Number(query.limit));
    return rows.slice(0, Math.min(most, Number(query.limit))).map((id): JsonObject => ({ id }));
  };
  return Object.assign(ask, { asked });
}

const upTo = (count: number, step = 1) => Array.from({ length: count }, (_, index) => (index + 1) * step);
const idsOf = (rows: readonly JsonObject[]) => rows.map(({ id }) => Number(id)).toSorted((a, b) => a - b);

const manner: fc.Arbitrary<Manner> = fc.record({
  ids: fc.tuple(fc.integer({ min: 0, max: 3_500 }), fc.constantFrom(1, 3)).map(([count, step]) => upTo(count, step)),
  inclusive: fc.boolean(),
  descends: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean()),
  most: fc.constantFrom(100, 250, 1_000),
  twice: fc.constantFrom(0, 7),
});

describe("a list of the gateway", () => {
  it("is unreadable, and not empty, when the answer is something else", async () => {
    const asks = (answer: Json) => readList(async () => answer, readCall("listMessages", {}));
    await expect(asks({ messages: "none" })).rejects.toThrow(ApiError);
    await expect(asks("maintenance")).rejects.toThrow(ApiError);
    expect(await asks(null)).toMatchObject({ rows: [], whole: true });
  });

  it("is read whole, whatever the order of its pages, its bounds, its largest page, and rows that stand twice", async () => {
    await fc.assert(
      fc.asyncProperty(manner, async (given) => {
        expect(idsOf(await listAll(gateway(given), "listUsers", {}))).toEqual(given.ids);
      }),
      { numRuns: 60 },
    );
  });

  it("is read whole above a bound of its own, which may be left out or not", async () => {
    await fc.assert(
      fc.asyncProperty(manner, fc.integer({ min: 1, max: 3_000 }), async (given, since_id) => {
        const { rows, whole } = await readList(gateway(given), readCall("listMessages", { since_id }));
        const above = given.ids.filter((id) => id > since_id);
        expect(idsOf(rows).filter((id) => id > since_id)).toEqual(above);
        expect(whole).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it("that is longer than wanted gives its newest rows, and says how many it has left out", async () => {
    await fc.assert(
      fc.asyncProperty(manner, async (given) => {
        const { rows, cut } = await readList(gateway(given), readCall("listMessages", {}), { mostRows: 300 });
        expect(idsOf(rows)).toEqual(given.ids.slice(-300));
        expect(cut).toBe(Math.max(0, given.ids.length - 300));
      }),
      { numRuns: 40 },
    );
  });

  it("that does not end says that there is more", async () => {
    const given = gateway({
      ids: upTo(1_000),
      inclusive: true,
      descends: [false, false, false, false],
      most: 100,
      twice: 0,
    });
    expect(await readList(given, readCall("listMessages", {}), { mostPages: 3 })).toMatchObject({ whole: false });
    expect(given.asked).toHaveLength(3);
  });

  it("may have as many more pages as these are shorter", async () => {
    const given = gateway({
      ids: upTo(2_500),
      inclusive: false,
      descends: [false, false, false, false],
      most: 1_000,
      twice: 0,
    });
    const limits = { mostPages: 3, pageRows: 100 };
    expect(await readList(given, readCall("listMessages", {}), limits)).toMatchObject({ cut: 0, whole: true });
    expect(given.asked.length).toBeGreaterThan(20);
    expect(new Set(given.asked)).toEqual(new Set([100]));
  });

  it("fails without the end of an endless list: that gives the same full page for ever comes to an end", async () => {
    let asked = 0;
    const rows = await listAll(
      async () => {
        asked += 1;
        return Array.from({ length: 1_000 }, (_, index) => ({ id: index + 1 }));
      },
      "listUsers",
      {},
    );
    expect(rows.length).toBe(1_000);
    expect(asked).toBe(2);
  });

  it("of less than a hundred rows takes one request", async () => {
    const given = gateway({
      ids: upTo(99),
      inclusive: true,
      descends: [true, false, true, true],
      most: 1_000,
      twice: 0,
    });
    await listAll(given, "listUsers", {});
    expect(given.asked).toEqual([1_000]);
  });
});

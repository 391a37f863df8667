import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Ask, listAll } from "../../src/connection/directory/pages.ts";
import type { JsonObject } from "../../src/types/json.ts";

interface Manner {
  readonly ids: readonly number[];
  readonly inclusive: boolean;
  readonly descending: boolean;
  readonly alwaysDescending: boolean;
}

/** A gateway whose list has this manner: pages of 1000, bounds inclusive or not, ascending, descending or by parameter. */
function gateway({ ids, inclusive, descending, alwaysDescending }: Manner): Ask {
  return async ({ query }) => {
    const since = typeof query.since_id === "number" ? query.since_id : 0;
    const until = typeof query.until_id === "number" ? query.until_id : Number.POSITIVE_INFINITY;
    const inside = ids.filter((id) => (inclusive ? id >= since && id <= until : id > since && id < until + 1));
    const down = alwaysDescending || (descending && query.since_id === undefined);
    const sorted = inside.toSorted((left, right) => (down ? right - left : left - right));
    return sorted.slice(0, Number(query.limit)).map((id): JsonObject => ({ id }));
  };
}

describe("a list of the gateway", () => {
  it("is read whole, whatever the order of its pages and its bounds", async () => {
    const ids = fc
      .integer({ min: 1, max: 3_500 })
      .map((count) => Array.from({ length: count }, (_, index) => index * 3 + 1));
    const manner = fc.record({
      ids,
      inclusive: fc.boolean(),
      descending: fc.boolean(),
      alwaysDescending: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(manner, async (given) => {
        const rows = await listAll(gateway(given), "listUsers", {});
        expect(rows.map(({ id }) => Number(id)).toSorted((a, b) => a - b)).toEqual(given.ids);
      }),
      { numRuns: 30 },
    );
  });

  it("that gives the same full page for ever comes to an end", async () => {
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

  it("is empty when the answer is no list", async () => {
    expect(await listAll(async () => ({ rows: [] }), "listUsers", {})).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { flag, page } from "../../src/sandbox/gateway/listing.ts";
import { usualBehaviour } from "../../src/sandbox/options.ts";

const rows = [1, 2, 3, 4, 5].map((id) => ({ id, createdAt: id * 1000, updatedAt: id === 1 ? 9000 : null }));
const at = (ms: number) => new Date(ms).toISOString();

describe("a page of a list", () => {
  it.each([
    { bounds: {}, ids: [5, 4, 3, 2, 1] },
    { bounds: { limit: 2 }, ids: [5, 4] },
    { bounds: { since_id: 3 }, ids: [3, 4, 5] },
    { bounds: { since_id: 2, limit: 2 }, ids: [2, 3] },
    { bounds: { since_id: 2, until_id: 4 }, ids: [4, 3, 2] },
    { bounds: { until_id: 3, limit: 2 }, ids: [3, 2] },
    { bounds: { since: at(4000) }, ids: [5, 4, 1] }, // 1 was changed later
    { bounds: { until: at(3000) }, ids: [3, 2] },
    { bounds: { since: at(2000), until: at(3000) }, ids: [3, 2] },
    { bounds: { since_id: 2, until: at(4000) }, ids: [4, 3, 2] },
    { bounds: { id: 3 }, ids: [3] },
    { bounds: { id: [2, 4] }, ids: [4, 2] },
  ])("within $bounds is $ids", ({ bounds, ids }) => {
    expect(page(rows, bounds, usualBehaviour).map(({ id }) => id)).toEqual(ids);
  });

  it.each([
    { bounds: { since_id: 3 }, ids: [4, 5] },
    { bounds: { until_id: 3 }, ids: [2, 1] },
    { bounds: { since_id: 1, until_id: 5 }, ids: [4, 3, 2] },
  ])("leaves the bounds of $bounds out where the account is set so: $ids", ({ bounds, ids }) => {
    expect(page(rows, bounds, { ...usualBehaviour, idBoundsIncluded: false }).map(({ id }) => id)).toEqual(ids);
  });

  it.each([
    { bounds: {}, ids: [1, 2, 3, 4, 5] },
    { bounds: { since_id: 2, limit: 2 }, ids: [5, 4] },
  ])("comes the other way round where the account is set so: $bounds is $ids", ({ bounds, ids }) => {
    expect(page(rows, bounds, { ...usualBehaviour, order: "reversed" }).map(({ id }) => id)).toEqual(ids);
  });

  const many = Array.from({ length: 150 }, (_none, index) => ({ id: index + 1, createdAt: 0, updatedAt: null }));

  it("holds 100 rows when no limit is given", () => {
    expect(page(many, {}, usualBehaviour)).toHaveLength(100);
  });

  it("holds no more rows than the account gives, whatever limit is asked for", () => {
    const bounds = { limit: 1000 };
    expect(page(many, bounds, { ...usualBehaviour, mostPerPage: 40 })).toHaveLength(40);
  });

  it("holds every tenth row twice where the account is set so, within its limit", () => {
    const bounds = { since_id: 1, limit: 13 };
    const given = page(many, bounds, { ...usualBehaviour, repeatsRows: true });
    expect(given.map(({ id }) => id)).toEqual([1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 11]);
  });
});

it.each([
  { text: "1", value: true },
  { text: "true", value: true },
  { text: "0", value: false },
  { text: "false", value: false },
  { text: undefined, value: undefined },
])("the query's $text is $value", ({ text, value }) => {
  expect(flag(text)).toBe(value);
});

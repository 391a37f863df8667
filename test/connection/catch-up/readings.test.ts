import { expect, it } from "vitest";
import { ApiError, type ApiErrorDetails } from "../../../src/api/errors.ts";
import { createReadings, type Readings } from "../../../src/connection/catch-up/readings.ts";
import { readCall } from "../../../src/connection/directory/pages.ts";
import { StoreError } from "../../../src/store/store.ts";
import type { Json } from "../../../src/types/json.ts";

const rows = (...ids: number[]) => ids.map((id) => ({ id }));
const failure = (details: Partial<ApiErrorDetails> = {}) =>
  new ApiError({ kind: "unavailable", sent: "no", message: "GET /messages failed", ...details });

/** One try that reads these pages of a list, and then fails. */
async function tried(
  readings: Readings,
  pages: readonly Json[],
  { operation = "listMessages", error = failure() }: { operation?: string; error?: Error } = {},
): Promise<boolean> {
  const left = [...pages];
  const way = readings.begin(
    async () => left.shift() ?? null,
    (id) => id < 100,
  );
  for (const _page of pages) await way.ask(readCall(operation, {}));
  return readings.failed(error);
}

it("says that a try got further when it read more than any before it", async () => {
  const readings = createReadings();
  expect(await tried(readings, [])).toBe(false);
  expect(await tried(readings, [rows(1, 2)])).toBe(true);
  expect(await tried(readings, [rows(1, 2)])).toBe(false);
  expect(await tried(readings, [rows(1)])).toBe(false);
  expect(await tried(readings, [rows(1, 2), rows(2, 3)])).toBe(true);
  readings.done();
  expect(await tried(readings, [rows(1)])).toBe(true);
});

it.each([
  { what: "what came after the socket opened", pages: [rows(1, 100, 101, 102)] },
  { what: "rows that stand twice", pages: [rows(1), rows(1)] },
  { what: "rows without an id", pages: [[...rows(1), { id: "2" }, null, [3]]] },
  { what: "an answer that is no list", pages: [rows(1), { id: 2 }] },
])("takes $what for no step forward", async ({ pages }) => {
  const readings = createReadings();
  await tried(readings, [rows(1)]);
  expect(await tried(readings, pages)).toBe(false);
});

it("looks at the list of messages alone, and at failures of reading", async () => {
  const readings = createReadings();
  expect(await tried(readings, [rows(1)], { operation: "listDialogs" })).toBe(false);
  expect(await tried(readings, [rows(1)], { error: new StoreError("the disk is full") })).toBe(false);
});

it.each([
  { what: "an answer that is no JSON", error: failure({ kind: "not_json", sent: "maybe" }), rows: 500 },
  { what: "an answer that is no list", error: failure({ kind: "not_json", sent: "yes" }), rows: 500 },
  { what: "no answer in time", error: failure({ sent: "maybe" }), rows: 500 },
  { what: "a server that is not there", error: failure(), rows: 1_000 },
  { what: "too many requests", error: failure({ kind: "limited" }), rows: 1_000 },
])("asks for $rows rows after $what", async ({ error, rows }) => {
  const readings = createReadings();
  await tried(readings, [], { error });
  expect(readings.begin(async () => null, Boolean).pageRows).toBe(rows);
});

it("asks for no fewer than a hundred, and for the most again once all is read", async () => {
  const readings = createReadings();
  for (let n = 0; n < 9; n++) await tried(readings, [], { error: failure({ sent: "maybe" }) });
  expect(readings.begin(async () => null, Boolean).pageRows).toBe(100);
  readings.done();
  expect(readings.begin(async () => null, Boolean).pageRows).toBe(1_000);
});

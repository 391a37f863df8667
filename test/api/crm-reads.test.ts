import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CrmApi, createCrmApi } from "../../src/api/crm.ts";
import { answer, type Responder, startHttpServer, type TestServer } from "../helpers/http-server.ts";
import { createTestLog } from "../helpers/test-log.ts";
import { createHastyClock } from "../helpers/virtual-clock.ts";

let server: TestServer;
let crm: CrmApi;
let respond: Responder;

beforeEach(async () => {
  server = await startHttpServer((...all) => respond(...all));
  const { log } = createTestLog();
  crm = createCrmApi({ url: server.url, apiKey: "key-canary", clock: createHastyClock(), random: () => 0, log });
});
afterEach(async () => {
  crm.close();
  await server.stop();
});

const says =
  (body: unknown, status = 200): Responder =>
  (response) =>
    answer(response, status, body);

/** As many orders as asked for by the page, of `total`. */
const orderPages =
  (total: number): Responder =>
  (response, { query }) => {
    const [limit, page] = [Number(query.get("limit")), Number(query.get("page"))];
    const ids = Array.from({ length: total }, (_, index) => index + 1).slice((page - 1) * limit, page * limit);
    const pagination = { limit, totalCount: total, currentPage: page, totalPageCount: Math.ceil(total / limit) };
    answer(response, 200, { success: true, pagination, orders: ids.map((id) => ({ id })) });
  };

describe("filters are written as the CRM reads them:", () => {
  const all = { success: true, orders: [], customers: [], products: [] };
  it.each([
    {
      what: "a list",
      ask: () => crm.orders({ numbers: ["4117A", "4118 A&B"] }),
      path: "/api/v5/orders",
      query: "filter[numbers][]=4117A&filter[numbers][]=4118 A&B",
    },
    {
      what: "several at once",
      ask: () => crm.orders({ customerId: 3310, email: "a+b@c.example", createdAtFrom: "2026-06-01" }),
      path: "/api/v5/orders",
      query: "filter[customerId]=3310&filter[email]=a+b@c.example&filter[createdAtFrom]=2026-06-01",
    },
    {
      what: "the customer behind a chat",
      ask: () => crm.customers({ mgCustomerId: 8120 }),
      path: "/api/v5/customers",
      query: "filter[mgCustomerId]=8120",
    },
    {
      what: "a flag",
      ask: () => crm.products({ name: "Oolong", active: true }),
      path: "/api/v5/store/products",
      query: "filter[name]=Oolong&filter[active]=1",
    },
    { what: "none at all", ask: () => crm.products({}), path: "/api/v5/store/products", query: "" },
  ])("$what", async ({ ask, path, query }) => {
    respond = says(all);
    await expect(ask()).resolves.toEqual([]);
    const [request] = server.requests;
    expect(request).toMatchObject({ method: "GET", path });
    expect(request?.headers["x-api-key"]).toBe("key-canary");
    const written = [...(request?.query ?? [])].map(([name, value]) => `${name}=${value}`).join("&");
    expect(written).toBe([query, "limit=20&page=1"].filter(Boolean).join("&"));
  });

  it.each([
    { what: "an empty list", ask: () => crm.orders({ numbers: [] }) },
    { what: "a blank text", ask: () => crm.customers({ email: "  " }) },
  ])("$what matches nothing, and everything is not asked for", async ({ ask }) => {
    respond = says({ success: true, orders: [{ id: 1 }], customers: [{ id: 1 }] });
    await expect(ask()).resolves.toEqual([]);
    expect(server.requests).toHaveLength(0);
  });
});

describe("pages are read", () => {
  it.each([
    { total: 45, most: undefined, rows: 20, asked: ["limit=20&page=1"] },
    { total: 45, most: 30, rows: 30, asked: ["limit=50&page=1"] },
    { total: 45, most: 100, rows: 45, asked: ["limit=100&page=1"] },
    { total: 250, most: 200, rows: 200, asked: ["limit=100&page=1", "limit=100&page=2"] },
    { total: 150, most: 500, rows: 150, asked: ["limit=100&page=1", "limit=100&page=2"] },
    { total: 0, most: undefined, rows: 0, asked: ["limit=20&page=1"] },
  ])("until $most of $total orders are there", async ({ total, most, rows, asked }) => {
    respond = orderPages(total);
    const orders = await crm.orders({}, most === undefined ? {} : { most });
    expect(orders.map(({ id }) => id)).toEqual(Array.from({ length: rows }, (_, index) => index + 1));
    expect(server.requests.map(({ query }) => query.toString())).toEqual(asked);
  });

  it.each([
    { what: "no pagination", body: { success: true, orders: [{ id: 1 }] }, ids: [1], pages: 1 },
    {
      what: "the same page again and again",
      body: { success: true, orders: [{ id: 1 }], pagination: { totalPageCount: 99 } },
      ids: [1],
      pages: 2,
    },
    { what: "rows that are none", body: { success: true, orders: [null, 7, {}, { id: 2 }] }, ids: [2], pages: 1 },
    { what: "no list", body: { success: true, orders: {} }, ids: [], pages: 1 },
  ])("to the end of $what", async ({ body, ids, pages }) => {
    respond = says(body);
    expect((await crm.orders({}, { most: 100 })).map(({ id }) => id)).toEqual(ids);
    expect(server.requests).toHaveLength(pages);
  });
});

describe("directories", () => {
  const row = { name: "Courier", active: true };
  it.each([
    { method: "deliveryTypes", path: "delivery-types", key: "deliveryTypes" },
    { method: "paymentTypes", path: "payment-types", key: "paymentTypes" },
    { method: "paymentStatuses", path: "payment-statuses", key: "paymentStatuses" },
    { method: "statuses", path: "statuses", key: "statuses" },
    { method: "statusGroups", path: "status-groups", key: "statusGroups" },
  ] as const)("$method asks $path and gives the rows with their codes", async ({ method, path, key }) => {
    respond = says({ success: true, [key]: { courier: row, x: { ...row, code: "own" } } });
    await expect(crm[method]()).resolves.toEqual([
      { ...row, code: "courier" },
      { ...row, code: "own" },
    ]);
    expect(server.requests[0]?.path).toBe(`/api/v5/reference/${path}`);
  });

  it("are empty where PHP writes an empty list for an empty map", async () => {
    respond = says({ success: true, deliveryTypes: [] });
    await expect(crm.deliveryTypes()).resolves.toEqual([]);
  });
});

it("a right that the key lacks is refused at once", async () => {
  respond = says({ success: false, errorMsg: "Access denied." }, 403);
  await expect(crm.orders({})).rejects.toThrow(
    expect.objectContaining({ kind: "refused", errors: ["Access denied."] }),
  );
  expect(server.requests).toHaveLength(1);
});

it("all reads of a key share its pace: eight at once, then eight a second", async () => {
  const clock = createHastyClock();
  const paced = createCrmApi({ url: server.url, apiKey: "k", clock, random: () => 0, log: createTestLog().log });
  respond = says({ success: true, orders: [], statuses: [] });
  for (let count = 0; count < 8; count++) await (count % 2 === 0 ? paced.orders({}) : paced.statuses());
  expect(clock.slept).toEqual([]);
  await paced.statuses();
  await paced.orders({});
  expect(clock.slept.length).toBeGreaterThan(0);
  paced.close();
});

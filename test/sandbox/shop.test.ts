import { describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { shopSeed } from "../../src/sandbox/world/seed.ts";
import { teaShop } from "../../src/sandbox/world/shop-seed.ts";
import { at, each, freshSandbox, holdCrm } from "../helpers/sandbox.ts";

/** One read of the CRM; a good answer is held against the named definition. */
async function read(sandbox: Sandbox, path: string, definition?: string) {
  const response = await fetch(`${sandbox.crmUrl}/api/v5${path}`, { headers: { "x-api-key": sandbox.apiKey } });
  const body: unknown = await response.json();
  if (response.status >= 400) holdCrm("Error", body);
  else if (definition !== undefined) holdCrm(definition, body);
  return { status: response.status, body };
}

describe("orders", () => {
  it.each([
    { query: "", numbers: ["4102A", "4117A", "4118A"] },
    { query: "?filter[numbers][]=4117A", numbers: ["4117A"] },
    { query: "?filter[numbers][]=4117A&filter[numbers][]=4118A", numbers: ["4117A", "4118A"] },
    { query: "?filter[numbers][0]=4117A", numbers: ["4117A"] },
    { query: "?filter[numbers][]=4117a", numbers: [] }, // letter by letter
    { query: "?filter[customerId]=3310", numbers: ["4102A", "4117A"] },
    { query: "?filter[email]=PABLO@mail.example", numbers: ["4118A"] },
    { query: "?filter[customer]=soto", numbers: ["4118A"] },
    { query: "?filter[customer]=%2B34600987654", numbers: ["4118A"] },
    { query: "?filter[customer]=600 123", numbers: ["4102A", "4117A"] },
    { query: "?filter[extendedStatus][]=complete", numbers: ["4102A"] },
    { query: "?filter[sites][]=other", numbers: [] },
    { query: "?filter[createdAtFrom]=2999-01-01", numbers: [] },
    { query: "?filter[createdAtTo]=2999-01-01&limit=20&page=2", numbers: [] },
  ])("by $query: $numbers", async ({ query, numbers }) => {
    const { body } = await read(await freshSandbox(), `/orders${query}`, "OrdersList");
    expect(each(at(body, "orders"), "number")).toEqual(numbers);
  });

  it("are told whole, in the account's time", async () => {
    const clock = {
      now: () => Date.parse("2026-06-30T22:30:00Z"),
      elapsed: () => 0,
      sleep: async () => {},
      after: () => () => {},
    };
    const { body } = await read(await freshSandbox({ clock }), "/orders?filter[numbers][]=4117A", "OrdersList");
    const order = at(body, "orders.0");
    expect(at(order, "createdAt")).toBe("2026-06-29 00:30:00");
    expect([at(order, "summ"), at(order, "totalSumm"), at(order, "prepaySum")]).toEqual([39, 43.9, 43.9]);
    expect(at(order, "delivery.data.trackNumber")).toBe("JJD0099001122");
    expect(at(order, "customer.id")).toBe(3310);
    expect(at(order, "payments.5512")).toMatchObject({
      type: "bank-card",
      status: "paid",
      paidAt: "2026-06-29 00:31:00",
    });
  });

  it("are given in pages, with no page at all where there are none", async () => {
    const order = { customer: "Marta Lind", lines: [{ article: "GT-1" }] };
    const many = Array.from({ length: 45 }, (_, index) => ({ ...order, number: `N${index}` }));
    const sandbox = await freshSandbox({ seed: { shop: { ...teaShop, orders: many } } });
    const { body } = await read(sandbox, "/orders?page=3", "OrdersList");
    expect(at(body, "pagination")).toEqual({ limit: 20, totalCount: 45, currentPage: 3, totalPageCount: 3 });
    expect(each(at(body, "orders"), "number")).toEqual(["N40", "N41", "N42", "N43", "N44"]);
    const fifty = await read(sandbox, "/orders?limit=50", "OrdersList");
    expect(each(at(fifty.body, "orders"), "number")).toHaveLength(45);
    const none = await read(sandbox, "/orders?filter[numbers][]=x", "OrdersList");
    expect(at(none.body, "pagination")).toEqual({ limit: 20, totalCount: 0, currentPage: 1, totalPageCount: 0 });
  });

  it("without payment have PHP's empty list for the map of payments", async () => {
    const sandbox = await freshSandbox();
    sandbox.newOrder({ number: "N1", customer: "Pablo Soto", lines: [{ article: "GT-1" }], email: null });
    const { body } = await read(sandbox, "/orders?filter[numbers][]=N1", "OrdersList");
    expect([at(body, "orders.0.payments"), at(body, "orders.0.email")]).toEqual([[], undefined]);
  });

  it("go on to another status by hand", async () => {
    const sandbox = await freshSandbox();
    sandbox.changeOrder("4117A", "complete");
    const { body } = await read(sandbox, "/orders?filter[numbers][]=4117A", "OrdersList");
    expect(at(body, "orders.0.status")).toBe("complete");
    expect(() => sandbox.changeOrder("4117A", "lost")).toThrow("no status lost");
    expect(() => sandbox.changeOrder("1", "complete")).toThrow("no order 1");
  });

  it.each([
    { seed: { customer: "Nobody", lines: [] }, fault: "no CRM customer Nobody" },
    { seed: { customer: "Marta Lind", lines: [{ article: "X" }] }, fault: "no offer X" },
    { seed: { customer: "Marta Lind", lines: [], delivery: "x" }, fault: "no delivery type x" },
    { seed: { customer: "Marta Lind", lines: [], payment: "x" }, fault: "no payment type x" },
  ])("can't be made by hand: $fault", async ({ seed, fault }) => {
    const sandbox = await freshSandbox();
    expect(() => sandbox.newOrder({ number: "N1", ...seed })).toThrow(fault);
  });
});

describe("customers", () => {
  it.each([
    { query: "?filter[mgCustomerId]=8120", names: ["Marta"] },
    { query: "?filter[mgCustomerId]=1", names: [] },
    { query: "?filter[email]=pablo@mail.example", names: ["Pablo"] },
    { query: "?filter[name]=lind", names: ["Marta"] },
    { query: "?filter[name]=600987654", names: ["Pablo"] },
  ])("by $query: $names", async ({ query, names }) => {
    const { body } = await read(await freshSandbox(), `/customers${query}`, "CustomersList");
    expect(each(at(body, "customers"), "firstName")).toEqual(names);
  });

  it("carry the link to their chats, and what they have bought", async () => {
    const { body } = await read(await freshSandbox(), "/customers?filter[name]=lind", "CustomersList");
    const customer = at(body, "customers.0");
    expect([at(customer, "mgCustomerId"), at(customer, "mgCustomers.0.externalId")]).toEqual(["8120", 8120]);
    expect(at(customer, "mgCustomers.0.mgChannel.type")).toBe("telegram");
    expect([at(customer, "ordersCount"), at(customer, "totalSumm")]).toEqual([2, 59.9]);
  });

  it("come by hand, linked to a chat or not", async () => {
    const sandbox = await freshSandbox();
    const { id } = sandbox.newCustomer({ name: "Eva Sol", channel: "whatsapp" });
    sandbox.newCrmCustomer({ name: "Eva Sol", phones: ["600 11 22 33"], chats: ["Eva Sol"] });
    const { body } = await read(sandbox, `/customers?filter[mgCustomerId]=${id}`, "CustomersList");
    expect(each(at(body, "customers"), "lastName")).toEqual(["Sol"]);
    expect(() => sandbox.newCrmCustomer({ name: "X", chats: ["Nobody"] })).toThrow("no customer Nobody");
  });

  it("of the usual shop are not linked where the account has other people", async () => {
    const customers = [{ name: "Eva Sol", channel: "telegram" as const }];
    const { body } = await read(await freshSandbox({ seed: { customers } }), "/customers", "CustomersList");
    expect(each(at(body, "customers"), "mgCustomers")).toEqual([[], []]);
  });
});

describe("products", () => {
  it.each([
    { query: "", names: ["Oolong Milk", "Glass teapot", "Oolong Red"] },
    { query: "?filter[name]=oolong&filter[active]=1", names: ["Oolong Milk"] },
    { query: "?filter[name]=gt-1", names: ["Glass teapot"] },
    { query: "?filter[active]=0", names: ["Oolong Red"] },
    { query: "?filter[offerIds][]=40272", names: ["Oolong Milk"] },
    { query: "?filter[ids][]=9021", names: ["Glass teapot"] },
  ])("by $query: $names", async ({ query, names }) => {
    const { body } = await read(await freshSandbox(), `/store/products${query}`, "ProductsList");
    expect(each(at(body, "products"), "name")).toEqual(names);
  });

  it("have their offers with them", async () => {
    const { body } = await read(await freshSandbox(), "/store/products?filter[name]=OM", "ProductsList");
    expect(each(at(body, "products.0.offers"), "article")).toEqual(["OM-100", "OM-200"]);
    expect(each(at(body, "products.0.offers"), "quantity")).toEqual([34, 0]);
  });
});

describe("directories", () => {
  it.each([
    {
      path: "delivery-types",
      key: "deliveryTypes",
      definition: "DeliveryTypes",
      codes: ["courier", "self-delivery", "pigeon"],
    },
    { path: "payment-types", key: "paymentTypes", definition: "PaymentTypes", codes: ["bank-card", "cash", "cheque"] },
    { path: "payment-statuses", key: "paymentStatuses", definition: "PaymentStatuses", codes: ["not-paid", "paid"] },
    {
      path: "status-groups",
      key: "statusGroups",
      definition: "StatusGroups",
      codes: ["new", "approval", "assembling", "delivery", "complete", "cancel"],
    },
    {
      path: "statuses",
      key: "statuses",
      definition: "Statuses",
      codes: [
        "new",
        "availability-confirmed",
        "prepayed",
        "assembling",
        "send-to-delivery",
        "complete",
        "cancel-other",
      ],
    },
  ])("$path has $codes", async ({ path, key, definition, codes }) => {
    const { body } = await read(await freshSandbox(), `/reference/${path}`, definition);
    expect(Object.keys({ ...(at(body, key) as object) })).toEqual(codes);
  });

  it("without rows are PHP's empty list", async () => {
    const directories = { ...teaShop.directories, deliveryTypes: [{ ...pigeon, payments: [] }], paymentTypes: [] };
    const sandbox = await freshSandbox({ seed: { shop: { ...teaShop, orders: [], directories } } });
    const { body } = await read(sandbox, "/reference/payment-types", "PaymentTypes");
    expect(body).toEqual({ success: true, paymentTypes: [] });
  });
});

const EXTRA = "This form should not contain extra fields.";
const pigeon = { code: "pigeon", name: "Pigeon post", cost: 1, description: "", active: true };

describe("without its right, a key may not read", () => {
  it.each([
    { scope: "order_read", path: "/orders" },
    { scope: "customer_read", path: "/customers" },
    { scope: "store_read", path: "/store/products" },
    { scope: "reference_read", path: "/reference/delivery-types" },
    { scope: "reference_read", path: "/reference/statuses" },
  ])("$path ($scope)", async ({ scope, path }) => {
    const scopes = shopSeed.scopes.filter((one) => one !== scope);
    const { status, body } = await read(await freshSandbox({ seed: { scopes } }), path);
    expect([status, body]).toEqual([403, { success: false, errorMsg: "Access denied." }]);
  });
});

describe("what the CRM does not take as a filter", () => {
  it.each([
    { query: "?filter[number]=4117A", name: "number", fault: EXTRA },
    { query: "?filter[numbers]=4117A", name: "numbers", fault: "This value is not valid." },
    { query: "?filter[email][]=a@b.example", name: "email", fault: "This value is not valid." },
    { query: "?filter[constructor]=1", name: "constructor", fault: EXTRA },
  ])("$query", async ({ query, name, fault }) => {
    const { status, body } = await read(await freshSandbox(), `/orders${query}`);
    expect([status, body]).toEqual([
      400,
      { success: false, errorMsg: "Errors in the input parameters", errors: { [name]: fault } },
    ]);
  });

  it("nor a limit of 30", async () => {
    expect((await read(await freshSandbox(), "/orders?limit=30")).status).toBe(400);
  });
});

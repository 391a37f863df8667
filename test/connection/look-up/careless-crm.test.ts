import { describe, expect, it } from "vitest";
import { lookUp } from "../../../src/connection/look-up/look-up.ts";
import { createOrderTries } from "../../../src/connection/look-up/order-tries.ts";
import type { LookUpContext } from "../../../src/connection/look-up/request.ts";
import type { Customer, Order } from "../../../src/generated/crm-api.ts";
import { createTestLog } from "../../helpers/test-log.ts";

const ORDERS: readonly Order[] = [
  { id: 1, number: "4118A", phone: "+34600987654", customer: { id: 3311 }, createdAt: "2026-06-30 10:00:00" },
  { id: 2, number: "4117A", phone: "+34600123456", customer: { id: 3310 }, createdAt: "2026-06-28 10:00:00" },
];
const CUSTOMERS: readonly Customer[] = [
  {
    id: 3311,
    firstName: "Pablo",
    mgCustomerId: "77",
    phones: [{ number: "+34600987654" }],
    email: "pablo@mail.example",
  },
  { id: 3310, firstName: "Marta", mgCustomers: [{ externalId: 8120 }], phones: [{ number: "+34600123456" }] },
];

/** A CRM that passes over every filter: an older one, or a proxy that eats queries. */
function careless(change: Partial<LookUpContext>, data: { orders?: readonly Order[] } = {}): LookUpContext {
  const facts = new Map<string, never>();
  return {
    crm: {
      orders: async () => data.orders ?? ORDERS,
      customers: async () => CUSTOMERS,
      products: async () => [],
    },
    reference: {
      statuses: async () => [],
      statusGroups: async () => [],
      deliveryTypes: async () => [],
      paymentTypes: async () => [],
      paymentStatuses: async () => [],
      habits: async () => ({ currency: "EUR", timezone: null }),
    },
    tries: createOrderTries(
      {
        fact: async (_connection, name) => facts.get(name) ?? null,
        saveFact: async (_connection, name, value) => void facts.set(name, value as never),
      },
      "shop",
    ),
    clock: { now: () => 0 },
    log: createTestLog().log,
    asker: "customer",
    chatId: 1,
    customer: { id: 8120, phone: null, email: null },
    country: null,
    ...change,
  };
}

describe("a CRM that passes over filters gives nobody another's", () => {
  const stranger = { id: 1, phone: null, email: null };
  it.each([
    { kind: "orders", by: null, change: {}, shown: ["4117A"] },
    { kind: "orders", by: { number: "4118A" }, change: {}, shown: null },
    { kind: "orders", by: { number: "4117A" }, change: {}, shown: ["4117A"] },
    { kind: "orders", by: null, change: { customer: stranger }, shown: null },
    { kind: "orders", by: null, change: { customer: { ...stranger, phone: "+34600000000" } }, shown: null },
    { kind: "orders", by: null, change: { asker: "manager" }, shown: ["4117A"] },
    { kind: "orders", by: { number: "4118A" }, change: { asker: "manager" }, shown: ["4118A"] },
    { kind: "orders", by: { phone: "600987654" }, change: { asker: "manager" }, shown: ["4118A"] },
  ] as const)("$kind by $by with $change: $shown", async ({ kind, by, change, shown }) => {
    const answer = await lookUp({ kind, by }, careless(change));
    const numbers = answer.outcome === "found" ? (answer.names.orders as { number: string }[]) : null;
    expect(numbers?.map(({ number }) => number) ?? null).toEqual(shown);
  });

  it.each([
    { by: null, change: {}, name: "Marta" },
    { by: null, change: { customer: stranger }, name: null },
    { by: { phone: "600987654" }, change: {}, name: null },
    { by: { email: "pablo@mail.example" }, change: { asker: "manager" }, name: "Pablo" },
    { by: { email: "x@y.example" }, change: { asker: "manager" }, name: null },
  ] as const)("customer by $by with $change: $name", async ({ by, change, name }) => {
    const answer = await lookUp({ kind: "customer", by }, careless(change));
    const found = answer.outcome === "found" ? (answer.names.customer as { first_name: string }) : null;
    expect(found?.first_name ?? null).toBe(name);
  });
});

it("an order with holes and wrong types in it is told as far as it goes", async () => {
  const holes = {
    id: 9,
    number: 4117,
    customer: { id: 3310 },
    phone: null,
    status: null,
    totalSumm: "43.90",
    createdAt: "some day",
    delivery: [],
    payments: [],
    items: [null, { id: 1, isCanceled: true, offer: { name: "gone" } }, { id: 2, offer: [], prices: [{ price: 5 }] }],
  };
  const answer = await lookUp(
    { kind: "order", by: { number: "4117" } },
    careless({}, { orders: [holes as unknown as Order] }),
  );
  expect(answer).toEqual({
    outcome: "found",
    names: {
      order: {
        id: 9,
        number: "4117",
        status: { code: null, name: null, group: null },
        created_at: "some day",
        total: 43.9,
        currency: "EUR",
        delivery: { code: null, name: null, address: null, cost: null, date: null },
        payments: [],
        items: [{ id: null, name: null, quantity: null, unit: null, price: 5, discount: 0 }],
        tracking: null,
      },
    },
  });
});

import { describe, expect, it } from "vitest";
import { productCard } from "../../../src/actions/cards.ts";
import { teaShop } from "../../../src/sandbox/world/shop-seed.ts";
import type { LookedUpProduct } from "../../../src/types/looked-up.ts";
import { MARTA, openCounter, STRANGER } from "./counter.ts";

describe("look_up: customer", () => {
  it.each([
    { what: "is the one linked to the chat", asker: "customer", by: null, customer: MARTA, gives: "Marta" },
    {
      what: "is the one with the profile's phone",
      asker: "customer",
      by: null,
      customer: { ...STRANGER, phone: "34600987654" },
      gives: "Pablo",
    },
    {
      what: "is the one with the profile's e-mail",
      asker: "customer",
      by: null,
      customer: { ...STRANGER, email: "PABLO@mail.example" },
      gives: "Pablo",
    },
    { what: "is none for a stranger", asker: "customer", by: null, customer: STRANGER, gives: "none" },
    { what: "is none where nobody is known", asker: "customer", by: null, customer: null, gives: "none" },
    {
      what: "is never another one by a typed phone",
      asker: "customer",
      by: { phone: "600987654" },
      customer: MARTA,
      gives: "not_theirs",
    },
    {
      what: "is any by phone for a manager",
      asker: "manager",
      by: { phone: "600 98 76 54" },
      customer: MARTA,
      gives: "Pablo",
    },
    {
      what: "is any by e-mail for a manager",
      asker: "manager",
      by: { email: "pablo@mail.example" },
      customer: null,
      gives: "Pablo",
    },
    { what: "is none of a blank phone", asker: "manager", by: { phone: " " }, customer: MARTA, gives: "blank" },
  ] as const)("$what", async ({ asker, by, customer, gives }) => {
    const counter = await openCounter();
    const answer = await counter.ask({ kind: "customer", by }, { asker, customer, country: "ES" });
    const found = answer.outcome === "found" ? (answer.names.customer as { first_name: string }).first_name : null;
    expect(answer.outcome === "not_found" ? answer.why : found).toBe(gives);
  });

  it("is told under the profile's names, with what only the CRM knows", async () => {
    const clock = {
      now: () => Date.parse("2026-06-30T10:00:00Z"),
      elapsed: () => 0,
      sleep: async () => {},
      after: () => () => {},
    };
    const counter = await openCounter({ clock });
    expect(await counter.ask({ kind: "customer", by: null })).toEqual({
      outcome: "found",
      names: {
        customer: {
          crm_id: 3310,
          first_name: "Marta",
          last_name: "Lind",
          phone: "+34600123456",
          email: "marta@mail.example",
          created_at: "2026-04-01T12:00:00+02:00",
          orders_count: 2,
          total: 59.9,
          vip: false,
        },
      },
    });
  });
});

describe("look_up: product", () => {
  const products = [
    {
      name: "Oolong Milk Gift",
      article: "OMG",
      offers: [{ name: "Oolong Milk gift box", article: "OMG-1", price: 30, quantity: 3 }],
    },
    ...teaShop.products,
    {
      name: "Teapot lid",
      article: "TL",
      offers: [
        { name: "Teapot lid, red", article: "TL-1", price: 3 },
        { name: "Teapot lid, blue", article: "TL-2", price: 3, quantity: 1 },
      ],
    },
  ];
  const seed = { shop: { ...teaShop, products } };

  it.each([
    { what: "is the offer of just that name", name: "oolong milk 200 G", gives: "OM-200" },
    { what: "is the offer of that article", name: "om-100", gives: "OM-100" },
    { what: "is an offer in stock of the product of that name", name: "Oolong milk", gives: "OM-100" },
    { what: "is the first in stock that the CRM finds", name: "oolong", gives: "OMG-1" },
    { what: "is the one in stock of equals", name: "teapot lid", gives: "TL-2" },
    { what: "is none that is not sold", name: "Oolong Red", gives: "none" },
    { what: "is none of an unknown name", name: "Coffee", gives: "none" },
    { what: "is none of a blank name", name: " ", gives: "blank" },
    { what: "is none of a name without end", name: "x".repeat(201), gives: "blank" },
  ])("$what", async ({ name, gives }) => {
    const answer = await (await openCounter({ seed })).ask({ kind: "product", by: { name } });
    const found = answer.outcome === "found" ? (answer.names.product as LookedUpProduct).article : null;
    expect(answer.outcome === "not_found" ? answer.why : found).toBe(gives);
  });

  it("is told whole, and makes a card", async () => {
    const answer = await (await openCounter()).ask({ kind: "product", by: { name: "OM-100" } });
    const product = answer.outcome === "found" ? (answer.names.product as LookedUpProduct) : null;
    expect(product).toEqual({
      id: 40271,
      name: "Oolong Milk 100 g",
      article: "OM-100",
      price: 12.5,
      currency: "EUR",
      url: "https://shop.example/p/om",
      img: "https://shop.example/i/om100.jpg",
      quantity: 34,
      unit: "pc",
    });
    expect(product === null ? null : productCard(product)).toMatchObject({ id: 40271, cost: { value: 12.5 } });
  });
});

describe("directories give what the shop uses now:", () => {
  it.each([
    {
      kind: "delivery_types",
      rows: [
        { code: "courier", name: "Courier", cost: 4.9, currency: "EUR", description: "Within a day" },
        { code: "self-delivery", name: "Pick-up", cost: 0, currency: "EUR", description: "Calle Mayor 1" },
      ],
    },
    {
      kind: "payment_types",
      rows: [
        { code: "bank-card", name: "Bank card", description: null },
        { code: "cash", name: "Cash on delivery", description: null },
      ],
    },
    {
      kind: "order_statuses",
      rows: [
        { code: "new", name: "New", group: "new" },
        { code: "availability-confirmed", name: "Availability confirmed", group: "approval" },
        { code: "assembling", name: "Being packed", group: "assembling" },
        { code: "send-to-delivery", name: "Handed to courier", group: "delivery" },
        { code: "complete", name: "Delivered", group: "complete" },
        { code: "cancel-other", name: "Cancelled", group: "cancel" },
      ],
    },
  ] as const)("$kind", async ({ kind, rows }) => {
    const answer = await (await openCounter()).ask({ kind, by: null });
    expect(answer).toEqual({ outcome: "found", names: { [kind]: rows } });
  });

  it("statuses in the order an order passes through them", async () => {
    const [first, ...rest] = teaShop.directories.statuses;
    const statuses = first === undefined ? rest : [...rest, first];
    const directories = { ...teaShop.directories, statuses };
    const counter = await openCounter({ seed: { shop: { ...teaShop, orders: [], directories } } });
    const answer = await counter.ask({ kind: "order_statuses", by: null });
    const rows = answer.outcome === "found" ? (answer.names.order_statuses as { code: string }[]) : [];
    expect(rows[0]?.code).toBe("new");
  });

  it("nothing at all is not_found", async () => {
    const directories = { ...teaShop.directories, paymentTypes: [] };
    const counter = await openCounter({ seed: { shop: { ...teaShop, orders: [], directories } } });
    expect(await counter.ask({ kind: "payment_types", by: null })).toEqual({ outcome: "not_found", why: "none" });
  });
});

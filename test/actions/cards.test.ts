import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { orderCard, productCard } from "../../src/actions/cards.ts";
import type { LookedUpOrder, LookedUpProduct } from "../../src/types/looked-up.ts";

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
ajv.addFormat("binary", true);
const description = parse(readFileSync(new URL("../../schemas/bot-api.openapi.yaml", import.meta.url), "utf8"));
ajv.addSchema({ $id: "bot", components: description.components });
const holds = (name: string, card: unknown) => ajv.validate({ $ref: `bot#/components/schemas/${name}` }, card);

const order: LookedUpOrder = {
  id: 88012,
  number: "4117A",
  status: { code: "send-to-delivery", name: "Handed to courier", group: "delivery" },
  created_at: "2026-06-28T16:18:37+02:00",
  total: 43.9,
  currency: "EUR",
  delivery: { code: "courier", name: "Courier", address: "Madrid, Calle de la Luna 4", cost: 4.9, date: null },
  payments: [{ name: "Bank card", amount: 43.9, status: "Paid", paid: true }],
  items: [
    { id: 40271, name: "Oolong Milk 100 g", quantity: 2, unit: "pc", price: 11.5, discount: 1 },
    { id: 40273, name: "Glass teapot", quantity: 1, unit: null, price: 16, discount: 0 },
  ],
  tracking: "JJD0099001122",
};

const product: LookedUpProduct = {
  id: 40271,
  name: "Oolong Milk 100 g",
  article: "OM-100",
  price: 12.5,
  currency: "EUR",
  url: "https://shop.example/p/om",
  img: "https://shop.example/i/om100.jpg",
  quantity: 34,
  unit: "pc",
};

describe("an order card", () => {
  it("tells everything that the order does", () => {
    const card = orderCard(order);
    expect(card).toEqual({
      external_id: 88012,
      number: "4117A",
      date: "2026-06-28T16:18:37+02:00",
      cost: { value: 43.9, currency: "EUR" },
      discount: { value: 2, currency: "EUR" },
      status: { code: "delivery", name: "Handed to courier" },
      delivery: { name: "Courier", price: { value: 4.9, currency: "EUR" }, address: "Madrid, Calle de la Luna 4" },
      payments: [
        { name: "Bank card", amount: { value: 43.9, currency: "EUR" }, status: { name: "Paid", payed: true } },
      ],
      items: [
        {
          external_id: 40271,
          name: "Oolong Milk 100 g",
          price: { value: 12.5, currency: "EUR" },
          quantity: { value: 2, unit: "pc" },
        },
        { external_id: 40273, name: "Glass teapot", price: { value: 16, currency: "EUR" }, quantity: { value: 1 } },
      ],
    });
    expect(holds("MessageOrder", card)).toBe(true);
  });

  it("leaves out what is not known", () => {
    const bare: LookedUpOrder = {
      id: 1,
      number: "1",
      status: { code: null, name: null, group: null },
      created_at: null,
      total: null,
      currency: null,
      delivery: { code: null, name: null, address: null, cost: null, date: null },
      payments: [],
      items: [],
      tracking: null,
    };
    expect(orderCard(bare)).toEqual({ external_id: 1, number: "1" });
  });

  it.each([
    {
      what: "a stage of the shop's own has no code",
      change: { status: { code: "x", name: "Engraving", group: "own" } },
      part: { status: { name: "Engraving" } },
    },
    {
      what: "money without its currency is no money",
      change: { currency: null },
      part: { number: "4117A", delivery: { name: "Courier", address: "Madrid, Calle de la Luna 4" } },
    },
    {
      what: "a moment without an offset is no moment",
      change: { created_at: "2026-06-28 16:18:37" },
      part: { number: "4117A" },
    },
  ])("$what", ({ change, part }) => {
    const card = orderCard({ ...order, ...change });
    expect(card).toMatchObject(part);
    if ("status" in change) expect(card.status).toEqual(part.status);
    if ("currency" in change)
      expect([card.cost, card.discount, card.delivery?.price]).toEqual([undefined, undefined, undefined]);
    if ("created_at" in change) expect(card).not.toHaveProperty("date");
    expect(holds("MessageOrder", card)).toBe(true);
  });
});

describe("a product card", () => {
  it("tells everything but the stock", () => {
    const card = productCard(product);
    expect(card).toEqual({
      id: 40271,
      name: "Oolong Milk 100 g",
      article: "OM-100",
      url: "https://shop.example/p/om",
      img: "https://shop.example/i/om100.jpg",
      unit: "pc",
      cost: { value: 12.5, currency: "EUR" },
    });
    expect(holds("MessageProduct", card)).toBe(true);
  });

  it("leaves out what is not known", () => {
    const bare = { ...product, article: null, url: null, img: null, unit: null, price: null };
    expect(productCard(bare)).toEqual({ id: 40271, name: "Oolong Milk 100 g" });
  });
});

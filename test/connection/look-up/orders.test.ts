import { describe, expect, it } from "vitest";
import { orderCard } from "../../../src/actions/cards.ts";
import type { LookUpAnswer } from "../../../src/connection/look-up/request.ts";
import { shopSeed } from "../../../src/sandbox/world/seed.ts";
import { teaShop } from "../../../src/sandbox/world/shop-seed.ts";
import type { LookedUpOrder } from "../../../src/types/looked-up.ts";
import { type Counter, MARTA, openCounter, STRANGER } from "./counter.ts";

/** Numbers of the orders found, or why there are none. */
function numbersIn(answer: LookUpAnswer): readonly string[] | string {
  if (answer.outcome === "failed") return answer.reason;
  if (answer.outcome === "not_found") return answer.why;
  const { order, orders } = answer.names as { order?: LookedUpOrder; orders?: readonly LookedUpOrder[] };
  return (orders ?? (order === undefined ? [] : [order])).map(({ number }) => number);
}

const find = async (counter: Counter, ...[request, context]: Parameters<Counter["ask"]>) =>
  numbersIn(await counter.ask(request, context));

describe("look_up: order for a customer", () => {
  it.each([
    { what: "is their newest order without by", by: null, customer: MARTA, gives: ["4117A"] },
    { what: "is their older one by number alone", by: { number: "№ 4102a" }, customer: MARTA, gives: ["4102A"] },
    { what: "is found with a Russian letter", by: { number: "4117А" }, customer: MARTA, gives: ["4117A"] },
    { what: "is nobody else's by number alone", by: { number: "4118A" }, customer: MARTA, gives: "not_theirs" },
    {
      what: "is another with its phone",
      by: { number: "4118A", phone: "600 98 76 54" },
      customer: MARTA,
      gives: ["4118A"],
    },
    {
      what: "is another with its e-mail",
      by: { number: "4118A", email: "pablo@mail.example" },
      customer: MARTA,
      gives: ["4118A"],
    },
    {
      what: "is nobody else's with a wrong phone",
      by: { number: "4118A", phone: "+34600123456" },
      customer: MARTA,
      gives: "not_theirs",
    },
    {
      what: "is none of an unknown number",
      by: { number: "9999", phone: "+34600123456" },
      customer: MARTA,
      gives: "none",
    },
    { what: "is none for a stranger", by: null, customer: STRANGER, gives: "none" },
    {
      what: "is a stranger's with number and phone",
      by: { number: "4117A", phone: "+34600123456" },
      customer: STRANGER,
      gives: ["4117A"],
    },
    {
      what: "is the newest of the profile's phone",
      by: null,
      customer: { ...STRANGER, phone: "34600987654" },
      gives: ["4118A"],
    },
    {
      what: "is the newest of the profile's e-mail",
      by: null,
      customer: { ...STRANGER, email: "Pablo@mail.example" },
      gives: ["4118A"],
    },
    {
      what: "is found by number for the profile's phone",
      by: { number: "4118A" },
      customer: { ...STRANGER, phone: "+34600987654" },
      gives: ["4118A"],
    },
    { what: "is none where nobody is known", by: null, customer: null, gives: "none" },
    {
      what: "is none of somebody else's phone alone",
      by: { phone: "600987654" },
      customer: MARTA,
      gives: "not_theirs",
    },
    { what: "is theirs of their phone alone", by: { phone: "600123456" }, customer: MARTA, gives: ["4117A"] },
    {
      what: "is none when the number stayed blank",
      by: { number: " ", phone: "+34600123456" },
      customer: MARTA,
      gives: "blank",
    },
    { what: "is none when all stayed blank", by: { phone: "", email: "" }, customer: MARTA, gives: "blank" },
    { what: "takes a blank phone for none", by: { number: "4117A", phone: "" }, customer: MARTA, gives: ["4117A"] },
  ])("$what", async ({ by, customer, gives }) => {
    expect(await find(await openCounter(), { kind: "order", by }, { customer })).toEqual(gives);
  });
});

describe("look_up: orders", () => {
  it.each([
    { what: "are the customer's, newest first", asker: "customer", by: null, gives: ["4117A", "4102A"] },
    {
      what: "are one with number and phone",
      asker: "customer",
      by: { number: "4118A", phone: "600987654" },
      gives: ["4118A"],
    },
    { what: "are the chat's customer's for a manager", asker: "manager", by: null, gives: ["4117A", "4102A"] },
    { what: "are anyone's by number for a manager", asker: "manager", by: { number: "4118A" }, gives: ["4118A"] },
    { what: "are anyone's by phone for a manager", asker: "manager", by: { phone: "+34600987654" }, gives: ["4118A"] },
    {
      what: "are anyone's by e-mail for a manager",
      asker: "manager",
      by: { email: "pablo@mail.example" },
      gives: ["4118A"],
    },
    { what: "are none of an unknown phone", asker: "manager", by: { phone: "+34611111111" }, gives: "none" },
  ] as const)("$what", async ({ asker, by, gives }) => {
    expect(await find(await openCounter(), { kind: "orders", by }, { asker })).toEqual(gives);
  });

  it("are the newest twenty of many, whatever order the CRM gives them in", async () => {
    const one = { customer: "Marta Lind", lines: [{ article: "GT-1" }] };
    const orders = Array.from({ length: 130 }, (_, index) => ({ ...one, number: `N${index}`, daysAgo: 130 - index }));
    const counter = await openCounter({ seed: { shop: { ...teaShop, orders } } });
    const found = await find(counter, { kind: "orders", by: null });
    expect(found).toEqual(Array.from({ length: 20 }, (_, index) => `N${129 - index}`));
  });
});

describe("three guesses", () => {
  const guess = (counter: Counter, phone: string, context = {}) =>
    find(counter, { kind: "order", by: { number: "4118A", phone } }, context);

  it("of a chat are all it has in an hour, also after a restart", async () => {
    const counter = await openCounter();
    for (const last of [1, 2, 3]) expect(await guess(counter, `+3460000000${last}`)).toBe("not_theirs");
    expect(await guess(counter, "600987654")).toBe("too_many_tries");
    expect(await find(counter, { kind: "order", by: { number: "4117A" } })).toEqual(["4117A"]);
    expect(await guess(counter, "600987654", { chatId: 5302 })).toEqual(["4118A"]);
    expect(await guess(counter, "600987654", { asker: "manager" })).toEqual(["4118A"]);
  });

  it("are counted before an answer is given: without counting there is none", async () => {
    const counter = await openCounter();
    await counter.store.close();
    await expect(guess(counter, "600987654")).rejects.toThrow();
  });
});

describe("an order that is found", () => {
  const order = async (counter: Counter) => {
    const answer = await counter.ask({ kind: "order", by: { number: "4117A" } });
    return answer.outcome === "found" ? (answer.names.order as LookedUpOrder) : null;
  };
  const clock = {
    now: () => Date.parse("2026-06-30T10:00:00Z"),
    elapsed: () => 0,
    sleep: async () => {},
    after: () => () => {},
  };

  it("speaks the shop's words", async () => {
    expect(await order(await openCounter({ clock }))).toEqual({
      id: 88012,
      number: "4117A",
      status: { code: "send-to-delivery", name: "Handed to courier", group: "delivery" },
      created_at: "2026-06-28T12:00:00+02:00",
      total: 43.9,
      currency: "EUR",
      delivery: { code: "courier", name: "Courier", address: "Madrid, Calle de la Luna 4", cost: 4.9, date: null },
      payments: [{ name: "Bank card", amount: 43.9, status: "Paid", paid: true }],
      items: [
        { id: 40271, name: "Oolong Milk 100 g", quantity: 2, unit: "pc", price: 11.5, discount: 1 },
        { id: 40273, name: "Glass teapot", quantity: 1, unit: "pc", price: 16, discount: 0 },
      ],
      tracking: "JJD0099001122",
    });
  });

  it("makes a card", async () => {
    const found = await order(await openCounter({ clock }));
    expect(found === null ? null : orderCard(found)).toMatchObject({
      external_id: 88012,
      status: { code: "delivery", name: "Handed to courier" },
      date: "2026-06-28T12:00:00+02:00",
    });
  });

  it("keeps its codes where the key may not read the directories, and says so in the log", async () => {
    const scopes = shopSeed.scopes.filter((scope) => scope !== "reference_read");
    const counter = await openCounter({ clock, seed: { scopes } });
    expect(await order(counter)).toMatchObject({
      status: { code: "send-to-delivery", name: "send-to-delivery", group: null },
      delivery: { name: "courier" },
      created_at: "2026-06-28 12:00:00",
      currency: "EUR",
    });
    expect(counter.log.text()).toContain("codes stand instead of names");
  });

  it("asks the directories once for many look-ups", async () => {
    const counter = await openCounter();
    await order(counter);
    await order(counter);
    expect(counter.asked().filter((path) => path.startsWith("/reference/statuses"))).toHaveLength(1);
  });
});

describe("a look-up that can't be made", () => {
  it.each([
    { missing: "order_read", kind: "order", needs: "order_read, customer_read, reference_read" },
    { missing: "customer_read", kind: "orders", needs: "order_read, customer_read, reference_read" },
    { missing: "customer_read", kind: "customer", needs: "customer_read" },
    { missing: "store_read", kind: "product", needs: "store_read" },
    { missing: "reference_read", kind: "delivery_types", needs: "reference_read" },
  ] as const)("for want of $missing says what $kind needs", async ({ missing, kind, needs }) => {
    const counter = await openCounter({ seed: { scopes: shopSeed.scopes.filter((scope) => scope !== missing) } });
    const by = kind === "product" ? { name: "Oolong" } : null;
    const reason = `the CRM refuses it; look_up: ${kind} needs the rights ${needs} of the API key`;
    expect(await counter.ask({ kind, by })).toEqual({ outcome: "failed", reason });
    expect(counter.log.lines()).toContainEqual(
      expect.objectContaining({ level: 40, kind, msg: `a look-up failed: ${reason}` }),
    );
  });

  it("fails while the CRM is down", async () => {
    const counter = await openCounter();
    await counter.sandbox.down("crm");
    expect(await counter.ask({ kind: "order", by: null })).toMatchObject({ outcome: "failed" });
  });

  it("ends when it is given up", async () => {
    const counter = await openCounter();
    counter.sandbox.faults.add({ kind: "hang", match: { path: "/api/v5/orders" }, times: null });
    const stop = new AbortController();
    const answer = counter.ask({ kind: "order", by: { number: "4117A" } }, { signal: stop.signal });
    await counter.sandbox.waitFor((change) => change.kind === "fault");
    stop.abort();
    expect(await answer).toMatchObject({ outcome: "failed" });
  });

  it("writes nothing into the log that was typed", async () => {
    const counter = await openCounter();
    const by = { number: "canary-number-1", phone: "+34611222333" };
    await counter.ask({ kind: "order", by });
    await counter.sandbox.down("crm");
    await counter.ask({ kind: "order", by });
    expect(counter.log.text()).toContain("a look-up");
    expect(counter.log.text()).not.toMatch(/canary|611222333/);
  });
});

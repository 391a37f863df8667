import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Asked, MOST_TRIES, type OrderTry, ordersInSight, TRIES_WINDOW_MS } from "../../src/engine/orders.ts";
import type { Order } from "../../src/generated/crm-api.ts";

const NOW = 1_790_000_000_000;
const MARTA = { crmIds: [3310], phone: null, email: null };
const NOBODY = { crmIds: [], phone: null, email: null };
const NOTHING = { number: null, phone: null, email: null };

const martas: Order = {
  id: 1,
  number: "4117A",
  createdAt: "2026-06-28 16:18:37",
  phone: "+34600123456",
  email: "marta@mail.example",
  customer: { id: 3310 },
};
const older: Order = { ...martas, id: 2, number: "4102A", createdAt: "2026-05-01 10:00:00" };
const pablos: Order = {
  id: 3,
  number: "4118A",
  createdAt: "2026-06-30 10:00:00",
  phone: "600 98 76 54",
  countryIso: "ES",
  email: "pablo@mail.example",
  customer: { id: 3311 },
};

function sight(asked: Partial<Asked>) {
  const orders = [older, pablos, martas];
  const usual = {
    orders,
    asker: "customer",
    behind: MARTA,
    typed: NOTHING,
    tries: [],
    now: NOW,
    country: null,
  } as const;
  return ordersInSight({ ...usual, ...asked });
}
const numbers = (asked: Partial<Asked>) => sight(asked).orders.map(({ number }) => number);

describe("without anything typed, the customer sees", () => {
  it.each([
    { who: "their own by the CRM's link, newest first", behind: MARTA, sees: ["4117A", "4102A"] },
    { who: "their own by the profile's phone", behind: { ...NOBODY, phone: "34600987654" }, sees: ["4118A"] },
    { who: "their own by the profile's e-mail", behind: { ...NOBODY, email: "Pablo@Mail.example" }, sees: ["4118A"] },
    { who: "nothing while nobody knows who they are", behind: NOBODY, sees: [] },
    { who: "nothing by an e-mail that is none", behind: { ...NOBODY, email: " " }, sees: [] },
  ])("$who", ({ behind, sees }) => {
    expect(numbers({ behind })).toEqual(sees);
  });

  it("no order that has neither phone nor e-mail nor buyer", () => {
    const orders = [{ id: 9, number: "1" }];
    expect(numbers({ orders, behind: { crmIds: [], phone: "+34600123456", email: "a@b.example" } })).toEqual([]);
  });

  it("no order of the company they work for", () => {
    const company = { type: "customer_corporate", id: 3310, phones: [{ number: "+34600123456" }] };
    const order = { id: 9, number: "1", customer: company, contact: { id: 77 } };
    expect(numbers({ orders: [order], behind: { ...MARTA, phone: "+34600123456" } })).toEqual([]);
    expect(numbers({ orders: [order], behind: { ...NOBODY, crmIds: [77] } })).toEqual(["1"]);
  });

  it("the newest of the same moment last made, and those without a moment at the end", () => {
    const orders = [
      { ...martas, id: 5, number: "a" },
      { ...martas, id: 6, number: "b" },
      { id: 7, number: "c", customer: { id: 3310 } },
    ];
    expect(numbers({ orders })).toEqual(["b", "a", "c"]);
  });
});

describe("with a number typed, the customer sees", () => {
  it.each([
    { what: "their own by number alone", number: "№4117a", phone: null, email: null, sees: ["4117A"] },
    {
      what: "their own whatever phone was typed",
      number: "4117A",
      phone: "+34611111111",
      email: null,
      sees: ["4117A"],
    },
    { what: "no other by number alone", number: "4118A", phone: null, email: null, sees: [] },
    { what: "another with its phone", number: "4118A", phone: "+34 600 98 76 54", email: null, sees: ["4118A"] },
    { what: "another with its e-mail", number: "4118A", phone: null, email: " PABLO@mail.example", sees: ["4118A"] },
    {
      what: "another with its phone and a wrong e-mail",
      number: "4118A",
      phone: "600987654",
      email: "x@y.example",
      sees: ["4118A"],
    },
    { what: "no other with a wrong phone", number: "4118A", phone: "+34600987655", email: null, sees: [] },
    { what: "no other with the phone of a third", number: "4118A", phone: "+34600123456", email: null, sees: [] },
    { what: "no other with the end of its phone", number: "4118A", phone: "987654", email: null, sees: [] },
    { what: "nothing of a number that is not there", number: "9999", phone: "600987654", email: null, sees: [] },
  ])("$what", ({ number, phone, email, sees }) => {
    expect(numbers({ typed: { number, phone, email } })).toEqual(sees);
  });

  it("with the phone of the order, not another one of its customer", () => {
    const customer = { id: 3311, phones: [{ number: "+34677777777" }] };
    const typed = { number: "4118A", phone: "+34677777777", email: null };
    expect(numbers({ orders: [{ ...pablos, customer }], typed })).toEqual([]);
    const { phone: _, ...without } = pablos;
    expect(numbers({ orders: [{ ...without, customer }], typed })).toEqual(["4118A"]);
  });

  it("by a typed phone alone nothing but their own", () => {
    expect(numbers({ typed: { ...NOTHING, phone: "600987654" } })).toEqual([]);
    expect(numbers({ typed: { ...NOTHING, phone: "600123456" } })).toEqual(["4117A", "4102A"]);
  });
});

describe("a manager sees", () => {
  it.each([
    { what: "any order by number", typed: { ...NOTHING, number: "4118a" }, sees: ["4118A"] },
    { what: "all orders of a phone", typed: { ...NOTHING, phone: "600987654" }, sees: ["4118A"] },
    { what: "all orders of an e-mail", typed: { ...NOTHING, email: "marta@mail.example" }, sees: ["4117A", "4102A"] },
    { what: "whatever was found", typed: NOTHING, sees: ["4118A", "4117A", "4102A"] },
  ])("$what, and makes no guesses", ({ typed, sees }) => {
    const seen = sight({ asker: "manager", behind: NOBODY, typed });
    expect(seen.orders.map(({ number }) => number)).toEqual(sees);
    expect(seen.tries).toEqual([]);
  });
});

describe("guesses", () => {
  const guess = (phone: string, tries: readonly OrderTry[], now = NOW) =>
    sight({ typed: { number: "4118A", phone, email: null }, tries, now });
  const wrong = (count: number) => {
    let tries: readonly OrderTry[] = [];
    for (let nth = 0; nth < count; nth++) ({ tries } = guess(`+3460000000${nth}`, tries, NOW + nth));
    return tries;
  };

  it("are three in an hour; then even the right one is not found", () => {
    expect(guess("600987654", wrong(2)).why).toBeNull();
    expect(guess("600987654", wrong(3))).toEqual({ orders: [], why: "too_many_tries", tries: wrong(3) });
  });

  it("are forgotten an hour later, one by one", () => {
    expect(guess("600987654", wrong(3), NOW + TRIES_WINDOW_MS - 1).why).toBe("too_many_tries");
    expect(guess("600987654", wrong(3), NOW + TRIES_WINDOW_MS).why).toBeNull();
  });

  it("count once when they are the same, however written", () => {
    const { tries } = guess("600987654", wrong(2));
    expect(tries).toHaveLength(3);
    const again = guess("600-98-76-54", tries);
    expect([again.why, again.tries]).toEqual([null, tries]);
  });

  it("are counted whether there is such an order or not, so that both look alike", () => {
    const typed = { number: "9999", phone: "600987654", email: null };
    expect(sight({ typed })).toMatchObject({ orders: [], why: "none", tries: [{ at: NOW }] });
  });

  it("are not what asks for one's own orders, or has no phone to guess with", () => {
    expect(sight({ typed: { number: "4117A", phone: "1", email: null } }).tries).toEqual([]);
    expect(sight({ typed: { number: "4118A", phone: null, email: null } }).tries).toEqual([]);
    expect(sight({ typed: { number: "4117A", phone: null, email: null }, tries: wrong(3) }).why).toBeNull();
  });

  it("keep nothing of what was typed", () => {
    expect(JSON.stringify(wrong(1))).not.toContain("600000000");
  });
});

it("never shows a customer an order that is neither theirs nor proven, and never counts past the limit", () => {
  const id = fc.constantFrom(1, 2, 3);
  const phone = fc.constantFrom("+34600000001", "600000002", "+34600000003");
  const number = fc.constantFrom("A1", "A2", "A3");
  const order = fc.record({ id: fc.nat(), number, phone, countryIso: fc.constant("ES"), customer: fc.record({ id }) });
  const typed = fc.record({ number: fc.option(number), phone: fc.option(phone), email: fc.constant(null) });
  fc.assert(
    fc.property(fc.array(order), id, fc.array(typed, { maxLength: 8 }), (orders, own, all) => {
      let tries: readonly OrderTry[] = [];
      for (const one of all) {
        const seen = sight({ orders, behind: { ...NOBODY, crmIds: [own] }, typed: one, tries });
        for (const shown of seen.orders) {
          const isOwn = shown.customer?.id === own;
          const isProven = shown.number === one.number && shown.phone === one.phone;
          expect(isOwn || isProven).toBe(true);
        }
        expect(seen.tries.length).toBeLessThanOrEqual(MOST_TRIES);
        ({ tries } = seen);
      }
    }),
  );
});

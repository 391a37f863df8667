import { zonedMoment } from "../world/moments.ts";
import { offerOf, sumOf } from "../world/shop.ts";
import type { CrmCustomer, Order, OrderLine } from "../world/shop-rows.ts";
import type { World } from "../world/world.ts";
import { customerInOrder, fullName } from "./customers.ts";
import { isNamed, passes, readFilters } from "./filters.ts";

const FILTERS = {
  numbers: "many",
  customerId: "one",
  email: "one",
  customer: "one",
  createdAtFrom: "one",
  createdAtTo: "one",
  extendedStatus: "many",
  sites: "many",
} as const;

/** Orders by the filters of `/orders`. Oldest first: the service promises no order, and a client must not count on one. */
export function filterOrders(world: World, query: Readonly<Record<string, unknown>>): readonly Order[] {
  const given = readFilters(query, FILTERS);
  const day = (order: Order) => zonedMoment(order.createdAt, world.timezone).slice(0, 10);
  return [...world.orders.values()].filter(
    (order) =>
      passes(given.numbers, (number) => order.number === number) &&
      passes(given.customerId, (id) => order.customerId === Number(id)) &&
      passes(given.email, (email) => order.email?.toLowerCase() === email.toLowerCase()) &&
      passes(given.customer, (wanted) => isNamed(wanted, namesOf(world, order))) &&
      passes(given.createdAtFrom, (from) => day(order) >= from) &&
      passes(given.createdAtTo, (to) => day(order) <= to) &&
      passes(given.extendedStatus, (status) => order.status === status) &&
      passes(given.sites, (site) => site === SITE),
  );
}

const SITE = "shop";

function buyerOf(world: World, { customerId }: Order): CrmCustomer | undefined {
  return world.crmCustomers.get(customerId);
}

function namesOf(world: World, order: Order): { name: string; phones: readonly string[] } {
  const buyer = buyerOf(world, order);
  return {
    name: buyer === undefined ? "" : fullName(buyer),
    phones: [...(order.phone === null ? [] : [order.phone]), ...(buyer?.phones ?? [])],
  };
}

const known = <Value>(name: string, value: Value | null): Record<string, Value> =>
  value === null ? {} : { [name]: value };

/** An order as it is read: what is not known is left out, an empty map is `[]`. */
export function crmOrder(world: World, order: Order) {
  const buyer = buyerOf(world, order);
  const sum = sumOf(world, order.lines);
  const paid = order.payments.filter(({ paidAt }) => paidAt !== null).reduce((total, { amount }) => total + amount, 0);
  return {
    id: order.id,
    externalId: `shop-${order.number}`,
    number: order.number,
    slug: order.id,
    site: SITE,
    orderType: "eshop-individual",
    orderMethod: "shopping-cart",
    countryIso: "ES",
    createdAt: zonedMoment(order.createdAt, world.timezone),
    statusUpdatedAt: zonedMoment(order.statusUpdatedAt, world.timezone),
    status: order.status,
    summ: cents(sum),
    totalSumm: cents(sum + order.delivery.cost),
    prepaySum: cents(paid),
    currency: "EUR",
    ...known("firstName", buyer?.firstName ?? null),
    ...known("lastName", buyer?.lastName ?? null),
    ...known("phone", order.phone),
    ...known("email", order.email),
    call: false,
    expired: false,
    shipped: order.delivery.trackNumber !== null,
    ...known("customer", buyer === undefined ? null : customerInOrder(buyer)),
    delivery: deliveryRow(order),
    items: order.lines.map((line) => itemRow(world, line)),
    payments: order.payments.length === 0 ? [] : paymentRows(world, order),
    customFields: [],
  };
}

function deliveryRow({ delivery }: Order) {
  const { city, address, trackNumber } = delivery;
  const text = address === null ? {} : { text: address };
  return {
    code: delivery.type,
    cost: delivery.cost,
    netCost: 0,
    address: { countryIso: "ES", ...known("city", city), ...text },
    ...(trackNumber === null ? {} : { data: { trackNumber } }),
  };
}

function itemRow(world: World, { id, offerId, quantity, discount }: OrderLine) {
  const { offer } = offerOf(world, offerId);
  return {
    id,
    initialPrice: offer.price,
    discountTotal: discount,
    quantity,
    status: "new",
    offer: {
      id: offer.id,
      externalId: offer.article.toLowerCase(),
      name: offer.name,
      displayName: offer.name,
      article: offer.article,
      unit: UNIT,
    },
    properties: [],
  };
}

const UNIT = { code: "pc", name: "Piece", sym: "pc" };

/** Keyed by payment id. */
function paymentRows(world: World, { payments }: Order) {
  return Object.fromEntries(
    payments.map(({ id, type, status, amount, paidAt }) => [
      String(id),
      {
        id,
        type,
        status,
        amount: cents(amount),
        ...(paidAt === null ? {} : { paidAt: zonedMoment(paidAt, world.timezone) }),
      },
    ]),
  );
}

const cents = (value: number): number => Math.round(value * 100) / 100;

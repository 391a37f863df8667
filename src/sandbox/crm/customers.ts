import { zonedMoment } from "../world/moments.ts";
import { sumOf } from "../world/shop.ts";
import type { CrmCustomer } from "../world/shop-rows.ts";
import type { World } from "../world/world.ts";
import { crmChannels } from "./answers.ts";
import { isNamed, passes, readFilters } from "./filters.ts";

const FILTERS = { mgCustomerId: "one", email: "one", name: "one" } as const;

export const fullName = ({ firstName, lastName }: CrmCustomer): string => `${firstName} ${lastName}`.trim();

/** Customers by the filters of `/customers`. */
export function filterCustomers(world: World, query: Readonly<Record<string, unknown>>): readonly CrmCustomer[] {
  const given = readFilters(query, FILTERS);
  return [...world.crmCustomers.values()].filter(
    (row) =>
      passes(given.mgCustomerId, (id) => row.mgCustomerIds.includes(Number(id))) &&
      passes(given.email, (email) => row.email?.toLowerCase() === email.toLowerCase()) &&
      passes(given.name, (wanted) => isNamed(wanted, { name: fullName(row), phones: row.phones })),
  );
}

/** What an order says of its customer. */
export const customerInOrder = (row: CrmCustomer) => ({
  type: "customer",
  id: row.id,
  externalId: `u-${row.id}`,
  site: "shop",
  firstName: row.firstName,
  lastName: row.lastName,
  ...(row.email === null ? {} : { email: row.email }),
  phones: row.phones.map((number) => ({ number })),
});

/** A customer as it is read. */
export function crmCustomer(world: World, row: CrmCustomer) {
  const orders = [...world.orders.values()].filter(({ customerId }) => customerId === row.id);
  const total = orders.reduce((sum, order) => sum + sumOf(world, order.lines) + order.delivery.cost, 0);
  const [first] = row.mgCustomerIds;
  return {
    ...customerInOrder(row),
    isContact: false,
    createdAt: zonedMoment(row.createdAt, world.timezone),
    vip: row.vip,
    bad: false,
    ordersCount: orders.length,
    totalSumm: cents(total),
    averageSumm: orders.length === 0 ? 0 : cents(total / orders.length),
    // The older form: one link, as text.
    ...(first === undefined ? {} : { mgCustomerId: String(first) }),
    mgCustomers: row.mgCustomerIds.map((id, index) => ({ id: 410 + index, externalId: id, ...channelOf(world, id) })),
    tags: [],
    customFields: [],
  };
}

function channelOf(world: World, mgCustomerId: number) {
  const channelId = world.customers.get(mgCustomerId)?.channelId;
  const mgChannel = crmChannels(world).find(({ externalId }) => externalId === channelId);
  return mgChannel === undefined ? {} : { mgChannel };
}

const cents = (value: number): number => Math.round(value * 100) / 100;

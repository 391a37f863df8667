import { customerName, splitName } from "./actors.ts";
import type { CrmCustomer, Delivery, Offer, Order, OrderLine, Payment, Product } from "./shop-rows.ts";
import type { CrmCustomerSeed, OrderLineSeed, OrderSeed, ProductSeed, ShopSeed } from "./shop-seed.ts";
import { nextId, type World } from "./world.ts";

const DAY_MS = 24 * 3_600_000;

/** Throws RangeError when nobody in the chats has one of the names. */
export function addCrmCustomer(world: World, now: number, seed: CrmCustomerSeed): CrmCustomer {
  const { first, last } = splitName(seed.name);
  const customer: CrmCustomer = {
    id: nextId(world, "crmCustomer"),
    firstName: first,
    lastName: last,
    email: seed.email ?? null,
    phones: seed.phones ?? [],
    vip: seed.vip ?? false,
    mgCustomerIds: (seed.chats ?? []).map((name) => mgCustomerNamed(world, name)),
    createdAt: now - 90 * DAY_MS,
  };
  world.crmCustomers.set(customer.id, customer);
  return customer;
}

function mgCustomerNamed(world: World, name: string): number {
  const found = [...world.customers.values()].find((row) => customerName(row) === name);
  if (found === undefined) throw new RangeError(`no customer ${name}`);
  return found.id;
}

export function addProduct(world: World, seed: ProductSeed): Product {
  const product: Product = {
    id: nextId(world, "product"),
    name: seed.name,
    article: seed.article,
    url: `https://shop.example/p/${seed.article.toLowerCase()}`,
    active: seed.active ?? true,
    offers: seed.offers.map((offer) => ({
      id: nextId(world, "offer"),
      name: offer.name,
      article: offer.article,
      price: offer.price,
      quantity: offer.quantity ?? 0,
      image: offer.image === undefined ? null : `https://shop.example/i/${offer.image}`,
    })),
  };
  world.products.set(product.id, product);
  return product;
}

/** Throws RangeError when the customer, an article or a code is not there. */
export function addOrder(world: World, now: number, seed: OrderSeed): Order {
  const customer = [...world.crmCustomers.values()].find(
    (row) => `${row.firstName} ${row.lastName}`.trim() === seed.customer,
  );
  if (customer === undefined) throw new RangeError(`no CRM customer ${seed.customer}`);
  const createdAt = now - (seed.daysAgo ?? 0) * DAY_MS;
  const lines = seed.lines.map((line) => orderLine(world, line));
  const delivery = deliveryOf(world, seed);
  const order: Order = {
    id: nextId(world, "order"),
    number: seed.number,
    customerId: customer.id,
    status: knownStatus(world, seed.status ?? world.directories.statuses[0]?.code ?? "new"),
    phone: seed.phone === undefined ? (customer.phones[0] ?? null) : seed.phone,
    email: seed.email === undefined ? customer.email : seed.email,
    delivery,
    lines,
    payments: paymentsOf(world, seed, { amount: sumOf(world, lines) + delivery.cost, createdAt }),
    createdAt,
    statusUpdatedAt: createdAt,
  };
  world.orders.set(order.id, order);
  return order;
}

function orderLine(world: World, { article, quantity = 1, discount = 0 }: OrderLineSeed): OrderLine {
  const offer = [...world.products.values()].flatMap(({ offers }) => offers).find((row) => row.article === article);
  if (offer === undefined) throw new RangeError(`no offer ${article}`);
  return { id: nextId(world, "orderLine"), offerId: offer.id, quantity, discount };
}

function deliveryOf(world: World, { delivery, city, address, trackNumber }: OrderSeed): Delivery {
  const types = world.directories.deliveryTypes;
  const type = delivery === undefined ? types[0] : types.find(({ code }) => code === delivery);
  if (type === undefined) throw new RangeError(`no delivery type ${delivery}`);
  const { code, cost } = type;
  return { type: code, cost, city: city ?? null, address: address ?? null, trackNumber: trackNumber ?? null };
}

function paymentsOf(
  world: World,
  { payment, paid = false }: OrderSeed,
  { amount, createdAt }: { amount: number; createdAt: number },
): readonly Payment[] {
  if (payment === undefined) return [];
  if (!world.directories.paymentTypes.some(({ code }) => code === payment)) {
    throw new RangeError(`no payment type ${payment}`);
  }
  const status = world.directories.paymentStatuses.find((row) => row.paid === paid)?.code ?? "";
  const paidAt = paid ? createdAt + 60_000 : null;
  return [{ id: nextId(world, "payment"), type: payment, status, amount, paidAt }];
}

function knownStatus(world: World, code: string): string {
  if (world.directories.statuses.some((status) => status.code === code)) return code;
  throw new RangeError(`no status ${code}`);
}

/** The order goes on to another status. Throws RangeError when there is no such order or status. */
export function changeOrderStatus(
  world: World,
  now: number,
  { number, status }: { number: string; status: string },
): Order {
  const before = [...world.orders.values()].find((order) => order.number === number);
  if (before === undefined) throw new RangeError(`no order ${number}`);
  const order = { ...before, status: knownStatus(world, status), statusUpdatedAt: now };
  world.orders.set(order.id, order);
  return order;
}

/** The offer and its product. Throws RangeError when there is none of that id. */
export function offerOf(world: World, offerId: number): { readonly offer: Offer; readonly product: Product } {
  for (const product of world.products.values()) {
    const offer = product.offers.find(({ id }) => id === offerId);
    if (offer !== undefined) return { offer, product };
  }
  throw new RangeError(`no offer ${offerId}`);
}

/** What the lines of an order cost, after discounts. */
export const sumOf = (world: World, lines: readonly OrderLine[]): number =>
  lines.reduce((sum, { offerId, quantity, discount }) => {
    return sum + (offerOf(world, offerId).offer.price - discount) * quantity;
  }, 0);

/** Fills the CRM's side of a new account. Links to people whom this account's chats don't have are left out: a test that
 *  brings its own customers may keep the usual shop. */
export function furnishShop(world: World, now: number, seed: ShopSeed): void {
  const names = new Set([...world.customers.values()].map(customerName));
  for (const { chats = [], ...customer } of seed.customers) {
    addCrmCustomer(world, now, { ...customer, chats: chats.filter((name) => names.has(name)) });
  }
  for (const product of seed.products) addProduct(world, product);
  for (const order of seed.orders) addOrder(world, now, order);
}

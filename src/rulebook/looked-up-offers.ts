import { type Offer, offeredPaths } from "../language/paths.ts";
import type { Occasion } from "../types/event.ts";
import type { LookedUpCustomer, LookedUpOrder, LookedUpProduct } from "../types/looked-up.ts";

type Names<Thing> = { readonly [Name in keyof Thing]: Offer };

const order: Names<LookedUpOrder> = {
  id: "value",
  number: "value",
  status: { code: "nullable", name: "nullable", group: "nullable" },
  created_at: "nullable",
  total: "nullable",
  currency: "nullable",
  delivery: { code: "nullable", name: "nullable", address: "nullable", cost: "nullable", date: "nullable" },
  payments: "open",
  items: "open",
  tracking: "nullable",
};

const customer: Names<LookedUpCustomer> = {
  crm_id: "value",
  first_name: "nullable",
  last_name: "nullable",
  phone: "nullable",
  email: "nullable",
  created_at: "nullable",
  orders_count: "nullable",
  total: "nullable",
  vip: "value",
};

const product: Names<LookedUpProduct> = {
  id: "value",
  name: "value",
  article: "nullable",
  price: "nullable",
  currency: "nullable",
  url: "nullable",
  img: "nullable",
  quantity: "nullable",
  unit: "nullable",
};

const LOOKED_UP: Readonly<Record<string, Offer>> = {
  order,
  orders: "open",
  product,
  delivery_types: "open",
  payment_types: "open",
  order_statuses: "open",
};

/** Is this a name that only `look_up` fills? (`customer` is there without it.) */
export const isLookedUp = (name: string): boolean => Object.hasOwn(LOOKED_UP, name);

/** What rules may read after `look_up` of this thing, by first name; `found`: it is certainly there. The CRM's customer stands
 *  on the messenger's. */
export function offerOf(
  thing: string,
  { on, found }: { readonly on: Occasion; readonly found: boolean },
): Readonly<Record<string, Offer>> {
  if (thing === "customer") return { customer: customerWith(offeredPaths(on).customer, found) };
  const offer = isLookedUp(thing) ? LOOKED_UP[thing] : undefined;
  if (offer === undefined) return {};
  return { [thing]: found ? offer : nullable(offer) };
}

function customerWith(messengers: Offer | undefined, found: boolean): Offer {
  const own = typeof messengers === "object" ? messengers : {};
  const crms = found ? customer : nullable(customer);
  return { ...own, ...(typeof crms === "object" ? crms : {}) };
}

/** The same names, none of them certain. */
function nullable(offer: Offer): Offer {
  if (offer === "value") return "nullable";
  if (typeof offer === "string") return offer;
  return Object.fromEntries(Object.entries(offer).map(([name, inner]) => [name, nullable(inner)]));
}

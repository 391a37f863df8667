import type { components } from "../generated/bot-api.ts";
import type { LookedUpItem, LookedUpOrder, LookedUpProduct } from "../types/looked-up.ts";

type Schemas = components["schemas"];
type Cost = Schemas["Cost"];

/** Stages that an order card knows (the CRM's standard groups of statuses); a shop's own group has no code there. */
const STAGES: readonly Schemas["MessageOrderStatusCode"][] = [
  "new",
  "approval",
  "assembling",
  "delivery",
  "complete",
  "cancel",
];
/** Ends in an offset: without one nobody knows which moment is meant. */
const MOMENT = /^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:\d{2})$/u;

/** What `send_order` sends after `look_up: order`: the gateway's MessageOrder. What is not known is left out. */
export function orderCard(order: LookedUpOrder): Schemas["MessageOrder"] {
  const { currency, delivery, created_at, status, items, payments } = order;
  const discount = items.reduce((sum, item) => sum + item.discount * (item.quantity ?? 0), 0);
  const code = STAGES.find((stage) => stage === status.group);
  return {
    external_id: order.id,
    number: order.number,
    ...(created_at !== null && MOMENT.test(created_at) && { date: created_at }),
    ...costAs("cost", order.total, currency),
    ...(discount > 0 && costAs("discount", discount, currency)),
    ...((code !== undefined || status.name !== null) && {
      status: { ...(code && { code }), ...(status.name !== null && { name: status.name }) },
    }),
    ...((delivery.name ?? delivery.address) !== null && {
      delivery: {
        ...(delivery.name !== null && { name: delivery.name }),
        ...costAs("price", delivery.cost, currency),
        ...(delivery.address !== null && { address: delivery.address }),
      },
    }),
    ...(payments.length > 0 && { payments: payments.map((payment) => paymentPart(payment, currency)) }),
    ...(items.length > 0 && { items: items.map((item) => itemPart(item, currency)) }),
  };
}

/** What `send_product` sends after `look_up: product`: the gateway's MessageProduct. */
export function productCard(product: LookedUpProduct): Schemas["MessageProduct"] {
  const { id, name, article, url, img, unit, price, currency } = product;
  return {
    id,
    name,
    ...(article !== null && { article }),
    ...(url !== null && { url }),
    ...(img !== null && { img }),
    ...(unit !== null && { unit }),
    ...costAs("cost", price, currency),
  };
}

function paymentPart({ name, amount, status, paid }: LookedUpOrder["payments"][number], currency: string | null) {
  return {
    ...(name !== null && { name }),
    ...costAs("amount", amount, currency),
    status: { ...(status !== null && { name: status }), payed: paid },
  };
}

/** A card shows the full price of a piece, and all discounts in one sum. */
function itemPart({ id, name, quantity, unit, price, discount }: LookedUpItem, currency: string | null) {
  return {
    ...(id !== null && { external_id: id }),
    ...(name !== null && { name }),
    ...costAs("price", price === null ? null : price + discount, currency),
    ...(quantity !== null && { quantity: { value: quantity, ...(unit !== null && { unit }) } }),
  };
}

/** Money under a name; nothing where the sum or its currency is not known: the gateway wants both. */
function costAs<Name extends string>(
  name: Name,
  value: number | null,
  currency: string | null,
): { readonly [Key in Name]?: Cost } {
  if (value === null || currency === null) return {};
  return { [name]: { value: Math.round(value * 100) / 100, currency } } as { readonly [Key in Name]: Cost };
}

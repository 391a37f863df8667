import type { Json } from "../../src/types/json.ts";

/** What `look_up` of one kind gives to rules: a value as the CRM's side hands it over, a text that reads it, and the words
 *  this makes. Absent, the text says "none". */
interface LookUpRow {
  readonly found: Json;
  readonly text: string;
  readonly says: string;
}

const nothingElse = { created_at: null, delivery: null, payments: [], items: [], tracking: null };
const order = (number: string, name: string): Json => ({
  id: 88012,
  number,
  status: { code: "sent", name, group: "delivery" },
  total: 43.9,
  currency: "EUR",
  ...nothingElse,
});

/** Every kind of `look_up:`. */
export const LOOK_UP_TABLE: Readonly<Record<string, LookUpRow>> = {
  order: {
    found: order("4117A", "On its way"),
    text: "{{ order.number or 'none' }}",
    says: "4117A",
  },
  orders: {
    found: [order("4117A", "On its way"), order("4102A", "Delivered")],
    text: "{% for one in orders %}{{ one.number }}:{{ one.status.name }} {% else %}none{% endfor %}",
    says: "4117A:On its way 4102A:Delivered",
  },
  customer: {
    found: { crm_id: 3310, first_name: "Martina", orders_count: 4, vip: true },
    text: "{{ customer.crm_id or 'none' }}",
    says: "3310",
  },
  product: {
    found: { id: 40271, name: "Oolong", price: 12.5, currency: "EUR", quantity: 0 },
    text: "{{ product.name or 'none' }}",
    says: "Oolong",
  },
  delivery_types: {
    found: [
      { code: "courier", name: "Courier", cost: 4.9 },
      { code: "self", name: "Pick-up", cost: 0 },
    ],
    text: "{% for one in delivery_types %}{{ one.name }} {% else %}none{% endfor %}",
    says: "Courier Pick-up",
  },
  payment_types: {
    found: [{ code: "cash", name: "Cash", description: null }],
    text: "{% for one in payment_types %}{{ one.name }} {% else %}none{% endfor %}",
    says: "Cash",
  },
  order_statuses: {
    found: [{ code: "new", name: "New", group: "new" }],
    text: "{% for one in order_statuses %}{{ one.name }} {% else %}none{% endfor %}",
    says: "New",
  },
};

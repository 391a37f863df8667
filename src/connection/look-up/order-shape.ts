import { listOf, numberOf, textOf } from "../../engine/crm-values.ts";
import type { Address, Order, OrderDelivery, OrderItem, OrderPayment } from "../../generated/crm-api.ts";
import { readMoment } from "../../language/moment.ts";
import type { LookedUpItem, LookedUpOrder, LookedUpPayment } from "../../types/looked-up.ts";
import type { OrderWords } from "./order-words.ts";

/** An order as rules see it. */
export function lookedUpOrder(order: Order, words: OrderWords): LookedUpOrder {
  const code = textOf(order.status);
  const known = code === null ? undefined : words.statuses.get(code);
  return {
    id: order.id,
    number: textOf(order.number) ?? String(order.id),
    status: { code, name: known?.name ?? code, group: known?.group ?? null },
    created_at: momentOf(order.createdAt, words.habits.timezone),
    total: numberOf(order.totalSumm) ?? numberOf(order.summ),
    currency: textOf(order.currency) ?? words.habits.currency,
    delivery: deliveryOf(order.delivery, words),
    payments: Object.values(order.payments ?? {}).map((payment) => paymentOf(payment, words)),
    items: listOf(order.items)
      .filter(({ isCanceled }) => isCanceled !== true)
      .map(itemOf),
    tracking: textOf(order.delivery?.data?.trackNumber),
  };
}

/** ISO 8601 with the account's offset; as written where its zone is not known or the text is no moment. */
export function momentOf(written: unknown, timezone: string | null): string | null {
  const text = textOf(written);
  if (text === null || timezone === null) return text;
  return readMoment(text, timezone)?.toISO({ suppressMilliseconds: true }) ?? text;
}

function deliveryOf(delivery: OrderDelivery | undefined, words: OrderWords): LookedUpOrder["delivery"] {
  const code = textOf(delivery?.code);
  return {
    code,
    name: (code === null ? null : words.deliveries.get(code)) ?? textOf(delivery?.service?.name) ?? code,
    address: addressOf(delivery?.address) ?? textOf(delivery?.data?.pickuppointAddress),
    cost: numberOf(delivery?.cost),
    date: textOf(delivery?.date),
  };
}

/** City and street. The CRM's own text may have the city in it already. */
function addressOf(address: Address | undefined): string | null {
  const city = textOf(address?.city);
  const written = textOf(address?.text);
  const built = [address?.street, address?.building, address?.flat].map(textOf).filter((part) => part !== null);
  const street = written ?? (built.length > 0 ? built.join(" ") : null);
  if (city === null || street?.includes(city)) return street ?? city;
  return street === null ? city : `${city}, ${street}`;
}

function paymentOf(payment: OrderPayment, words: OrderWords): LookedUpPayment {
  const [type, status] = [textOf(payment.type), textOf(payment.status)];
  const known = status === null ? undefined : words.paymentStatuses.get(status);
  return {
    name: (type === null ? null : words.payments.get(type)) ?? type,
    amount: numberOf(payment.amount),
    status: known?.name ?? status,
    paid: known?.paid ?? textOf(payment.paidAt) !== null,
  };
}

function itemOf(item: OrderItem): LookedUpItem {
  const discount = numberOf(item.discountTotal) ?? 0;
  const full = numberOf(item.initialPrice);
  return {
    id: numberOf(item.offer?.id),
    name: textOf(item.offer?.displayName) ?? textOf(item.offer?.name),
    quantity: numberOf(item.quantity),
    unit: textOf(item.offer?.unit?.sym) ?? textOf(item.offer?.unit?.name),
    price: full === null ? numberOf(item.prices?.[0]?.price) : cents(full - discount),
    discount,
  };
}

/** Sums of decimal fractions end in 0.30000000000000004. */
const cents = (value: number) => Math.round(value * 100) / 100;

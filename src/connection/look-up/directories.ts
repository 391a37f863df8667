import { numberOf, textOf } from "../../engine/crm-values.ts";
import type { Json } from "../../types/json.ts";
import type { LookedUpDelivery, LookedUpPaymentType, LookedUpStatus } from "../../types/looked-up.ts";
import { type LookUpAnswer, type LookUpContext, type LookUpRequest, notFound } from "./request.ts";

/** `look_up: delivery_types`: the ways of delivery that the shop uses now. */
export async function lookUpDeliveryTypes(_: LookUpRequest, { reference }: LookUpContext): Promise<LookUpAnswer> {
  const rows = (await reference.deliveryTypes()).filter(isActive).map(
    ({ code, name, defaultCost, currency, description }): LookedUpDelivery => ({
      code,
      name,
      cost: numberOf(defaultCost),
      currency: textOf(currency),
      description: textOf(description),
    }),
  );
  return listAnswer("delivery_types", rows);
}

/** `look_up: payment_types`: the ways to pay that the shop uses now. */
export async function lookUpPaymentTypes(_: LookUpRequest, { reference }: LookUpContext): Promise<LookUpAnswer> {
  const rows = (await reference.paymentTypes())
    .filter(isActive)
    .map(({ code, name, description }): LookedUpPaymentType => ({ code, name, description: textOf(description) }));
  return listAnswer("payment_types", rows);
}

/** `look_up: order_statuses`: the statuses of the shop's orders, in the order an order passes through them. */
export async function lookUpOrderStatuses(_: LookUpRequest, { reference }: LookUpContext): Promise<LookUpAnswer> {
  const [statuses, groups] = await Promise.all([reference.statuses(), reference.statusGroups()]);
  const stage = new Map(groups.map(({ code, ordering }) => [code, ordering ?? 0]));
  const rows = statuses
    .filter(isActive)
    .sort((left, right) => {
      const byStage = (stage.get(left.group) ?? 0) - (stage.get(right.group) ?? 0);
      return byStage !== 0 ? byStage : (left.ordering ?? 0) - (right.ordering ?? 0);
    })
    .map(({ code, name, group }): LookedUpStatus => ({ code, name, group: textOf(group) }));
  return listAnswer("order_statuses", rows);
}

const isActive = ({ active }: { readonly active?: boolean }) => active !== false;

const listAnswer = (name: string, rows: readonly Json[]): LookUpAnswer =>
  rows.length === 0 ? notFound("none") : { outcome: "found", names: { [name]: rows } };

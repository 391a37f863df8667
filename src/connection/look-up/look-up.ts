import { ApiError } from "../../api/errors.ts";
import { lookUpCustomer } from "./customer.ts";
import { lookUpDeliveryTypes, lookUpOrderStatuses, lookUpPaymentTypes } from "./directories.ts";
import { lookUpOrders } from "./orders.ts";
import { lookUpProduct } from "./product.ts";
import type { LookUpAnswer, LookUpContext, LookUpKind, LookUpRequest } from "./request.ts";

/** Looks something up in the CRM for a rule. Changes nothing there, so it may be repeated after a crash. Trouble with the CRM is
 *  an answer (`failed`) and one line in the log; only StoreError (the guesses could not be counted) rejects. */
export async function lookUp(request: LookUpRequest, context: LookUpContext): Promise<LookUpAnswer> {
  const { kind } = request;
  try {
    const answer = await LOOK_UPS[kind](request, context);
    if (answer.outcome === "not_found") context.log.debug({ kind, why: answer.why }, "a look-up found nothing");
    return answer;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const reason = error.kind === "refused" ? lacksRight(kind) : error.message;
    context.log.warn({ kind, err: error }, `a look-up failed: ${reason}`);
    return { outcome: "failed", reason };
  }
}

const LOOK_UPS: Readonly<
  Record<LookUpKind, (request: LookUpRequest, context: LookUpContext) => Promise<LookUpAnswer>>
> = {
  order: lookUpOrders,
  orders: lookUpOrders,
  customer: lookUpCustomer,
  product: lookUpProduct,
  delivery_types: lookUpDeliveryTypes,
  payment_types: lookUpPaymentTypes,
  order_statuses: lookUpOrderStatuses,
};

/** Rights of the API key that each kind needs. */
export const LOOK_UP_SCOPES: Readonly<Record<LookUpKind, readonly string[]>> = {
  order: ["order_read", "customer_read", "reference_read"],
  orders: ["order_read", "customer_read", "reference_read"],
  customer: ["customer_read"],
  product: ["store_read"],
  delivery_types: ["reference_read"],
  payment_types: ["reference_read"],
  order_statuses: ["reference_read"],
};

const lacksRight = (kind: LookUpKind) =>
  `the CRM refuses it; look_up: ${kind} needs the rights ${LOOK_UP_SCOPES[kind].join(", ")} of the API key`;

import { ApiError } from "../../api/errors.ts";
import { settleOrAbort } from "../../api/pace/settle-or-abort.ts";
import type { AccountHabits } from "../../api/reference-cache.ts";
import { textOf } from "../../engine/crm-values.ts";
import type { LookUpContext } from "./request.ts";

/** The shop's words for the codes in an order. */
export interface OrderWords {
  readonly statuses: ReadonlyMap<string, { readonly name: string; readonly group: string | null }>;
  readonly deliveries: ReadonlyMap<string, string>;
  readonly payments: ReadonlyMap<string, string>;
  readonly paymentStatuses: ReadonlyMap<string, { readonly name: string; readonly paid: boolean }>;
  readonly habits: AccountHabits;
}

/** So long an order waits for words that were never read yet: with codes it is still told within the time of its look-up. */
const WORDS_MS = 5_000;

/** The directories an order is told with. One that can't be read in time leaves its codes as they are: an order without the name of its
 *  delivery is better than none. */
export async function orderWords(
  { reference, log }: Pick<LookUpContext, "reference" | "log">,
  limitMs = WORDS_MS,
): Promise<OrderWords> {
  const inTime = AbortSignal.timeout(limitMs);
  const soft = <Value>(read: () => Promise<Value>, instead: Value): Promise<Value> =>
    orInstead(
      () => orLate(read, inTime),
      instead,
      (error) =>
        log.warn({ err: error }, "a directory can't be read (right reference_read?): codes stand instead of names"),
    );
  const [statuses, deliveries, payments, paymentStatuses, habits] = await Promise.all([
    soft(reference.statuses, []),
    soft(reference.deliveryTypes, []),
    soft(reference.paymentTypes, []),
    soft(reference.paymentStatuses, []),
    soft(reference.habits, NO_HABITS),
  ]);
  return {
    statuses: new Map(statuses.map(({ code, name, group }) => [code, { name, group: textOf(group) }])),
    deliveries: new Map(deliveries.map(({ code, name }) => [code, name])),
    payments: new Map(payments.map(({ code, name }) => [code, name])),
    paymentStatuses: new Map(
      paymentStatuses.map(({ code, name, paymentComplete }) => [code, { name, paid: paymentComplete === true }]),
    ),
    habits,
  };
}

/** What is known of an account whose settings can't be read. */
const NO_HABITS: AccountHabits = { currency: null, timezone: null };

/** The account's habits, without which an answer is poorer but still one. */
export const habitsOrNone = ({ reference }: Pick<LookUpContext, "reference">): Promise<AccountHabits> =>
  orInstead(
    () => orLate(reference.habits, AbortSignal.timeout(WORDS_MS)),
    NO_HABITS,
    () => {},
  );

/** Rejects with ApiError when it takes too long. */
async function orLate<Value>(read: () => Promise<Value>, inTime: AbortSignal): Promise<Value> {
  try {
    return await settleOrAbort(read(), inTime);
  } catch (error) {
    if (error !== inTime.reason) throw error;
    throw new ApiError({ kind: "unavailable", sent: "maybe", message: "the CRM takes too long" });
  }
}

async function orInstead<Value>(
  read: () => Promise<Value>,
  instead: Value,
  onFailure: (error: ApiError) => void,
): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    onFailure(error);
    return instead;
  }
}

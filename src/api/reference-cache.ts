import type { Clock } from "../clock.ts";
import type { CrmApi } from "./crm.ts";
import type { DeliveryTypeRow, PaymentStatusRow, PaymentTypeRow, StatusGroupRow, StatusRow } from "./crm-reads.ts";

/** What of the account's settings its data needs to be read: money without a currency, moments without a zone. */
export interface AccountHabits {
  /** Three letters; null: not stated. */
  readonly currency: string | null;
  /** IANA zone; null: not stated. */
  readonly timezone: string | null;
}

/** The directories of one account, read again when they are older than ten minutes. One reading serves all who ask meanwhile.
 *  While the CRM can't be read, or takes longer than a moment, the rows read last go on being given; without any, the rejection is an ApiError. */
export interface ReferenceCache {
  deliveryTypes(): Promise<readonly DeliveryTypeRow[]>;
  paymentTypes(): Promise<readonly PaymentTypeRow[]>;
  paymentStatuses(): Promise<readonly PaymentStatusRow[]>;
  statuses(): Promise<readonly StatusRow[]>;
  statusGroups(): Promise<readonly StatusGroupRow[]>;
  habits(): Promise<AccountHabits>;
}

export interface ReferenceCacheOptions {
  readonly crm: Pick<
    CrmApi,
    "deliveryTypes" | "paymentTypes" | "paymentStatuses" | "statuses" | "statusGroups" | "settings"
  >;
  readonly clock: Pick<Clock, "now" | "after">;
}

export const REFERENCE_AGE_MS = 10 * 60_000;
/** So long a new reading is waited for while there are old rows to give. */
export const OLD_ROWS_AFTER_MS = 3_000;
/** Somebody waits in a chat. */
const FEW = { attempts: 2 } as const;

export function createReferenceCache({ crm, clock }: ReferenceCacheOptions): ReferenceCache {
  const kept = <Value>(read: () => Promise<Value>) => keepFresh(read, clock);
  return {
    deliveryTypes: kept(() => crm.deliveryTypes(FEW)),
    paymentTypes: kept(() => crm.paymentTypes(FEW)),
    paymentStatuses: kept(() => crm.paymentStatuses(FEW)),
    statuses: kept(() => crm.statuses(FEW)),
    statusGroups: kept(() => crm.statusGroups(FEW)),
    habits: kept(async () => {
      const { default_currency, timezone } = await crm.settings(FEW);
      return { currency: wordOf(default_currency), timezone: wordOf(timezone) };
    }),
  };
}

function keepFresh<Value>(read: () => Promise<Value>, clock: ReferenceCacheOptions["clock"]): () => Promise<Value> {
  let last: { readonly value: Value; readonly at: number } | null = null;
  let reading: Promise<Value> | null = null;

  const readAgain = async (): Promise<Value> => {
    try {
      const value = await read();
      last = { value, at: clock.now() };
      return value;
    } catch (error) {
      if (last === null) throw error;
      return last.value;
    } finally {
      reading = null;
    }
  };
  return async () => {
    // A clock set back must not keep old rows for ever.
    const age = last === null ? null : Math.abs(clock.now() - last.at);
    if (last !== null && age !== null && age < REFERENCE_AGE_MS) return last.value;
    reading ??= readAgain();
    return last === null ? reading : orAfter(reading, { value: last.value, ms: OLD_ROWS_AFTER_MS, clock });
  };
}

/** What the promise gives, or `value` when that takes longer than `ms`. */
async function orAfter<Value>(
  promise: Promise<Value>,
  { value, ms, clock }: { readonly value: Value; readonly ms: number; readonly clock: Pick<Clock, "after"> },
): Promise<Value> {
  const late = Promise.withResolvers<Value>();
  const cancel = clock.after(ms, () => late.resolve(value));
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    cancel();
  }
}

function wordOf(node: { readonly value?: unknown } | undefined | null): string | null {
  return typeof node?.value === "string" && node.value.trim() !== "" ? node.value.trim() : null;
}

import type { CrmReads } from "../../api/crm-reads.ts";
import type { ReferenceCache } from "../../api/reference-cache.ts";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Json } from "../../types/json.ts";
import type { Customer } from "../../types/state.ts";
import type { OrderTries } from "./order-tries.ts";

/** What `look_up` can look for. */
export const LOOK_UP_KINDS = [
  "order",
  "orders",
  "customer",
  "product",
  "delivery_types",
  "payment_types",
  "order_statuses",
] as const;

export type LookUpKind = (typeof LOOK_UP_KINDS)[number];

/** Values as rendered; a name that is there but blank was meant to say something and does not. */
export interface LookUpBy {
  readonly number?: string;
  readonly phone?: string;
  readonly email?: string;
  /** Of a product: its name or article, or a part of them. */
  readonly name?: string;
}

/** One look-up of a run. `by` null: whatever belongs to the customer behind the chat. */
export interface LookUpRequest {
  readonly kind: LookUpKind;
  readonly by: LookUpBy | null;
}

export interface LookUpContext {
  readonly crm: Pick<CrmReads, "orders" | "customers" | "products">;
  readonly reference: ReferenceCache;
  readonly tries: OrderTries;
  readonly clock: Pick<Clock, "now">;
  /** Names connection, rule and chat; nothing that a customer wrote is added to it. */
  readonly log: Pick<Log, "warn" | "debug">;
  /** Whose words began the run. A manager's command may read any order and customer. */
  readonly asker: "customer" | "manager";
  readonly chatId: number | null;
  /** The messenger's profile behind the chat; null: not known. Stored variables are typed text, and not looked at. */
  readonly customer: Pick<Customer, "id" | "phone" | "email"> | null;
  /** Where phone numbers without a country are at home (two letters, ISO 3166); null: not known. */
  readonly country: string | null;
  /** Gives the look-up up; it then ends as `failed`. */
  readonly signal?: AbortSignal;
}

/** `found`: what the rest of the run sees, by name (`order`, `orders`, `delivery_types`, ...). `not_found`: there is nothing, or
 *  nothing that this reader may see; `why` is for logs alone. `failed`: the CRM could not be asked, or the key lacks a right. */
export type LookUpAnswer =
  | { readonly outcome: "found"; readonly names: Readonly<Record<string, Json>> }
  | { readonly outcome: "not_found"; readonly why: NotFound }
  | { readonly outcome: "failed"; readonly reason: string };

export type NotFound = "none" | "blank" | "not_theirs" | "too_many_tries";

export const notFound = (why: NotFound): LookUpAnswer => ({ outcome: "not_found", why });

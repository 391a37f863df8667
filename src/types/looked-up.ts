/** What `look_up` gives to rules, ready for texts: `{{ order.status.name }}`. Plain data; what the CRM does not say is null.
 *  Money is in `currency`; prices are per piece, after discounts. Moments are ISO 8601 with an offset where the account's
 *  zone is known, else as the CRM writes them (`2026-06-28 16:18:37`). These are `type`s, not interfaces, so that they are Json. */

export type LookedUpOrder = {
  /** The CRM's own id. */
  readonly id: number;
  readonly number: string;
  /** `code` and `name` are the shop's own words for it; `group` is its stage (`new`, `delivery`, `complete`, ...). */
  readonly status: { readonly code: string | null; readonly name: string | null; readonly group: string | null };
  readonly created_at: string | null;
  readonly total: number | null;
  readonly currency: string | null;
  /** `date` as `2026-06-30`. */
  readonly delivery: {
    readonly code: string | null;
    readonly name: string | null;
    readonly address: string | null;
    readonly cost: number | null;
    readonly date: string | null;
  };
  readonly payments: readonly LookedUpPayment[];
  readonly items: readonly LookedUpItem[];
  /** Number of the parcel. */
  readonly tracking: string | null;
};

export type LookedUpPayment = {
  readonly name: string | null;
  readonly amount: number | null;
  readonly status: string | null;
  readonly paid: boolean;
};

export type LookedUpItem = {
  /** Offer id, the same as a product's. */
  readonly id: number | null;
  readonly name: string | null;
  readonly quantity: number | null;
  readonly unit: string | null;
  readonly price: number | null;
  /** Taken off each piece. */
  readonly discount: number;
};

/** The customer as the CRM knows them. `crm_id` is not the messenger's `customer.id`. */
export type LookedUpCustomer = {
  readonly crm_id: number;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly created_at: string | null;
  readonly orders_count: number | null;
  /** Sum of all orders, in the account's currency. */
  readonly total: number | null;
  readonly vip: boolean;
};

/** One thing that can be bought (an offer of a product). `id` is the offer's. */
export type LookedUpProduct = {
  readonly id: number;
  readonly name: string;
  readonly article: string | null;
  readonly price: number | null;
  readonly currency: string | null;
  readonly url: string | null;
  readonly img: string | null;
  /** In stock. */
  readonly quantity: number | null;
  readonly unit: string | null;
};

export type LookedUpDelivery = {
  readonly code: string;
  readonly name: string;
  readonly cost: number | null;
  readonly currency: string | null;
  readonly description: string | null;
};

export type LookedUpPaymentType = {
  readonly code: string;
  readonly name: string;
  readonly description: string | null;
};

export type LookedUpStatus = { readonly code: string; readonly name: string; readonly group: string | null };

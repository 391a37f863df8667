/** Rows of the CRM's side of the account: who bought what. Replaced, never changed. Moments are Unix ms; money is in euros. */

export interface CrmCustomer {
  readonly id: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string | null;
  readonly phones: readonly string[];
  readonly vip: boolean;
  /** The gateway's customers this one is linked to. */
  readonly mgCustomerIds: readonly number[];
  readonly createdAt: number;
}

export interface OrderLine {
  readonly id: number;
  readonly offerId: number;
  readonly quantity: number;
  /** Taken off each piece. */
  readonly discount: number;
}

export interface Payment {
  readonly id: number;
  /** Codes of the directories. */
  readonly type: string;
  readonly status: string;
  readonly amount: number;
  readonly paidAt: number | null;
}

export interface Delivery {
  readonly type: string;
  readonly cost: number;
  readonly city: string | null;
  readonly address: string | null;
  readonly trackNumber: string | null;
}

export interface Order {
  readonly id: number;
  readonly number: string;
  readonly customerId: number;
  /** Code of a status. */
  readonly status: string;
  readonly phone: string | null;
  readonly email: string | null;
  readonly delivery: Delivery;
  readonly lines: readonly OrderLine[];
  readonly payments: readonly Payment[];
  readonly createdAt: number;
  readonly statusUpdatedAt: number;
}

export interface Offer {
  readonly id: number;
  readonly name: string;
  readonly article: string;
  readonly price: number;
  readonly quantity: number;
  readonly image: string | null;
}

export interface Product {
  readonly id: number;
  readonly name: string;
  readonly article: string;
  readonly url: string;
  readonly active: boolean;
  readonly offers: readonly Offer[];
}

/** Directories of the account; lists in the order people see. */
export interface Directories {
  readonly statusGroups: readonly { readonly code: string; readonly name: string }[];
  readonly statuses: readonly {
    readonly code: string;
    readonly name: string;
    readonly group: string;
    readonly active: boolean;
  }[];
  readonly deliveryTypes: readonly {
    readonly code: string;
    readonly name: string;
    readonly cost: number;
    readonly description: string;
    readonly active: boolean;
    /** Codes of the payment types it goes with. */
    readonly payments: readonly string[];
  }[];
  readonly paymentTypes: readonly { readonly code: string; readonly name: string; readonly active: boolean }[];
  readonly paymentStatuses: readonly { readonly code: string; readonly name: string; readonly paid: boolean }[];
}

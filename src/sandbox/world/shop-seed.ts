import type { Directories } from "./shop-rows.ts";

/** A customer as the CRM knows them. Left out: no e-mail, no phones, not linked to any chat. */
export interface CrmCustomerSeed {
  readonly name: string;
  readonly email?: string;
  readonly phones?: readonly string[];
  readonly vip?: boolean;
  /** Names of the messenger customers that this one is linked to. */
  readonly chats?: readonly string[];
}

/** `article` names the offer. */
export interface OrderLineSeed {
  readonly article: string;
  readonly quantity?: number;
  readonly discount?: number;
}

/** Left out: the shop's first status, the first delivery and no address, unpaid, the customer's first phone and e-mail, today. */
export interface OrderSeed {
  readonly number: string;
  /** Name of the CRM customer. */
  readonly customer: string;
  readonly status?: string;
  readonly phone?: string | null;
  readonly email?: string | null;
  readonly delivery?: string;
  readonly city?: string;
  readonly address?: string;
  readonly trackNumber?: string;
  readonly lines: readonly OrderLineSeed[];
  /** Code of a payment type. */
  readonly payment?: string;
  readonly paid?: boolean;
  readonly daysAgo?: number;
}

export interface OfferSeed {
  readonly name: string;
  readonly article: string;
  readonly price: number;
  readonly quantity?: number;
  readonly image?: string;
}

export interface ProductSeed {
  readonly name: string;
  readonly article: string;
  readonly active?: boolean;
  readonly offers: readonly OfferSeed[];
}

/** The CRM's side of the account. Customers come before their orders, products before the orders that have them. */
export interface ShopSeed {
  readonly customers: readonly CrmCustomerSeed[];
  readonly products: readonly ProductSeed[];
  readonly orders: readonly OrderSeed[];
  readonly directories: Directories;
}

export const usualDirectories: Directories = {
  statusGroups: [
    { code: "new", name: "New" },
    { code: "approval", name: "Approval" },
    { code: "assembling", name: "Assembling" },
    { code: "delivery", name: "Delivery" },
    { code: "complete", name: "Complete" },
    { code: "cancel", name: "Cancelled" },
  ],
  statuses: [
    { code: "new", name: "New", group: "new", active: true },
    { code: "availability-confirmed", name: "Availability confirmed", group: "approval", active: true },
    { code: "prepayed", name: "Prepaid", group: "approval", active: false },
    { code: "assembling", name: "Being packed", group: "assembling", active: true },
    { code: "send-to-delivery", name: "Handed to courier", group: "delivery", active: true },
    { code: "complete", name: "Delivered", group: "complete", active: true },
    { code: "cancel-other", name: "Cancelled", group: "cancel", active: true },
  ],
  deliveryTypes: [
    {
      code: "courier",
      name: "Courier",
      cost: 4.9,
      description: "Within a day",
      active: true,
      payments: ["bank-card", "cash"],
    },
    {
      code: "self-delivery",
      name: "Pick-up",
      cost: 0,
      description: "Calle Mayor 1",
      active: true,
      payments: ["bank-card", "cash"],
    },
    { code: "pigeon", name: "Pigeon post", cost: 1, description: "", active: false, payments: [] },
  ],
  paymentTypes: [
    { code: "bank-card", name: "Bank card", active: true },
    { code: "cash", name: "Cash on delivery", active: true },
    { code: "cheque", name: "Cheque", active: false },
  ],
  paymentStatuses: [
    { code: "not-paid", name: "Not paid", paid: false },
    { code: "paid", name: "Paid", paid: true },
  ],
};

/** Two customers: one who also writes in the chat, and one whose order nobody else may see. */
export const teaShop: ShopSeed = {
  customers: [
    {
      name: "Marta Lind",
      email: "marta@mail.example",
      phones: ["+34600123456"],
      chats: ["Marta Lind"],
    },
    { name: "Pablo Soto", email: "pablo@mail.example", phones: ["+34600987654"], vip: true },
  ],
  products: [
    {
      name: "Oolong Milk",
      article: "OM",
      offers: [
        { name: "Oolong Milk 100 g", article: "OM-100", price: 12.5, quantity: 34, image: "om100.jpg" },
        { name: "Oolong Milk 200 g", article: "OM-200", price: 22, quantity: 0 },
      ],
    },
    {
      name: "Glass teapot",
      article: "GT",
      offers: [{ name: "Glass teapot", article: "GT-1", price: 16, quantity: 5 }],
    },
    {
      name: "Oolong Red",
      article: "OR",
      active: false,
      offers: [{ name: "Oolong Red 100 g", article: "OR-100", price: 9 }],
    },
  ],
  orders: [
    {
      number: "4102A",
      customer: "Marta Lind",
      status: "complete",
      delivery: "self-delivery",
      lines: [{ article: "GT-1" }],
      payment: "cash",
      paid: true,
      daysAgo: 40,
    },
    {
      number: "4117A",
      customer: "Marta Lind",
      status: "send-to-delivery",
      city: "Madrid",
      address: "Calle de la Luna 4",
      trackNumber: "JJD0099001122",
      lines: [{ article: "OM-100", quantity: 2, discount: 1 }, { article: "GT-1" }],
      payment: "bank-card",
      paid: true,
      daysAgo: 2,
    },
    {
      number: "4118A",
      customer: "Pablo Soto",
      delivery: "self-delivery",
      lines: [{ article: "OM-200" }],
      payment: "cash",
      daysAgo: 1,
    },
  ],
  directories: usualDirectories,
};

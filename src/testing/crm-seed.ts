import type {
  RawTestCrm,
  RawTestCrmCustomer,
  RawTestDelivery,
  RawTestOrder,
  RawTestPayment,
  RawTestProduct,
  RawTestStatus,
} from "../generated/tests.ts";
import type { Directories } from "../sandbox/world/shop-rows.ts";
import {
  type CrmCustomerSeed,
  type OrderSeed,
  type ProductSeed,
  type ShopSeed,
  usualDirectories,
} from "../sandbox/world/shop-seed.ts";

/** A price where the test names none. */
const USUAL_PRICE = 10;

/** The CRM's side of a test. `customer`: the name in the chat; the CRM customer of that name is linked to it. */
export function crmSeed(crm: RawTestCrm, customer: string): ShopSeed {
  const directories = directoriesOf(crm);
  return {
    customers: (crm.customers ?? []).map((row) => customerSeed(row, customer)),
    products: (crm.products ?? []).map(productSeed),
    orders: (crm.orders ?? []).map((row) => orderSeed(row, crm.products ?? [], directories)),
    directories,
  };
}

function customerSeed({ name, phone, email, vip, linked = true }: RawTestCrmCustomer, inChat: string): CrmCustomerSeed {
  return {
    name,
    ...(phone === undefined ? {} : { phones: [phone] }),
    ...(email === undefined ? {} : { email }),
    ...(vip === undefined ? {} : { vip }),
    chats: linked && name === inChat ? [name] : [],
  };
}

/** A product of a test has one offer: itself. */
function productSeed({ name, article = name, price = USUAL_PRICE, quantity = 0 }: RawTestProduct): ProductSeed {
  return { name, article, offers: [{ name, article, price, quantity }] };
}

function orderSeed(row: RawTestOrder, products: readonly RawTestProduct[], directories: Directories): OrderSeed {
  const { status, delivery, payment, tracking, days_ago, items, ...rest } = row;
  return {
    ...rest,
    lines: [items].flat().map((item) => ({ article: articleOf(item, products) })),
    ...(status === undefined ? {} : { status: codeIn(directories.statuses, status) }),
    ...(delivery === undefined ? {} : { delivery: codeIn(directories.deliveryTypes, delivery) }),
    ...(payment === undefined ? {} : { payment: codeIn(directories.paymentTypes, payment) }),
    ...(tracking === undefined ? {} : { trackNumber: tracking }),
    ...(days_ago === undefined ? {} : { daysAgo: days_ago }),
  };
}

function articleOf(item: string, products: readonly RawTestProduct[]): string {
  const product = products.find(({ name, article }) => name === item || article === item);
  return product?.article ?? product?.name ?? item;
}

type Coded = { readonly code: string; readonly name: string };

/** A name is understood as its code; what is neither is left for the account to refuse. */
const codeIn = (rows: readonly Coded[], wanted: string): string =>
  rows.find(({ code, name }) => code === wanted || name === wanted)?.code ?? wanted;

function directoriesOf({ delivery_types, payment_types, order_statuses }: RawTestCrm): Directories {
  const paymentTypes = payment_types?.map(paymentType) ?? usualDirectories.paymentTypes;
  const payments = paymentTypes.map(({ code }) => code);
  return {
    ...usualDirectories,
    paymentTypes,
    deliveryTypes:
      delivery_types?.map((row) => deliveryType(row, payments)) ??
      usualDirectories.deliveryTypes.map((row) => ({ ...row, payments })),
    statuses: order_statuses?.map(status) ?? usualDirectories.statuses,
  };
}

const paymentType = ({ name, code = name }: RawTestPayment) => ({ code, name, active: true });

const status = ({ name, code = name, group = "new" }: RawTestStatus) => ({ code, name, group, active: true });

const deliveryType = (
  { name, code = name, cost = 0, description = "" }: RawTestDelivery,
  payments: readonly string[],
): Directories["deliveryTypes"][number] => ({ code, name, cost, description, active: true, payments });
